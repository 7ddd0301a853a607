//! Other changes that are open beside this one, as far as this clone has them.
//!
//! Owns where another change begins, and which branches are meant by a name. Must not fetch: what is not here is said to be
//! absent. What another change holds was chosen by a stranger and decides nothing.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::commit;
use super::event::Environment;
use super::range::{Mode, RangeError, RangeRequest, commit_of, merge_base, resolve};
use super::read::{Change, read_change};
use super::repository::{Reader, Repository};
use crate::limits::Limits;

/// References that are looked at for one set of names.
const REFERENCES: usize = 10_000;

/// What became of reading another change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// Its commits, or those in between, are not in this clone.
    Absent,
    /// The target branch has everything that it holds.
    Landed,
    /// This change was built on it, or it on this change: whoever made the one knows the other.
    Stacked,
    /// Its own part: what it does beyond the target branch, and beyond commits that both hold.
    Apart(Box<Change>),
    /// It cannot be read, and why.
    Unreadable(String),
}

/// Reads what the change with this head does beside ours: `base` is the tip of the target branch, `ours` our head.
#[must_use]
pub fn read_other(repository: &Repository, head: &str, base: &str, ours: &str, limits: &Limits) -> Other {
    let unread = |code: &str, why: &str| match code {
        "missing-object" | "missing-merge-base" => Other::Absent,
        _ => Other::Unreadable(why.to_owned()),
    };
    let fork = match merge_base(repository, base, head, limits) {
        Ok(fork) => fork,
        Err(reason) => return unread(&reason.code, reason.message.raw()),
    };
    if fork == head {
        return Other::Landed;
    }
    // Unrelated histories have nothing in common to leave out.
    let shared = merge_base(repository, ours, head, limits).unwrap_or_else(|_| fork.clone());
    if shared == head || shared == ours {
        return Other::Stacked;
    }
    let landed = merge_base(repository, &shared, base, limits).is_ok_and(|common| common == shared);
    let from = if landed { base.to_owned() } else { shared };
    let ends = RangeRequest { base: Some(from), head: Some(head.to_owned()), mode: Mode::Range };
    let mut range = match resolve(repository, &ends, &Environment::new(), limits) {
        Ok(range) => range,
        Err(RangeError::Undecided(reason)) => return unread(&reason.code, reason.message.raw()),
        Err(RangeError::Usage { message, .. }) => return Other::Unreadable(message),
    };
    // The work tree is nobody's but ours.
    range.in_ci = true;
    let change = read_change(repository, &range, limits);
    match change.reasons.first() {
        Some(reason) if change.files.is_empty() => unread(&reason.code, reason.message.raw()),
        _ => Other::Apart(Box::new(change)),
    }
}

/// A branch of this clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its name as people write it: `origin/cart`, `cart`.
    pub name: String,
    /// Full id of its tip.
    pub head: String,
    /// First line of the tip's message.
    pub subject: String,
    /// Name of the tip's author.
    pub author: String,
    /// Seconds since 1970 at which the tip says that it was made.
    pub time: i64,
}

/// Returns the branches that these names mean, newest first; a name with `*` means all branches that it fits, of remotes
/// and of this clone. Of several names for one commit the first by name stays.
///
/// # Errors
/// With what is wrong and what to do, where a name means nothing.
pub fn branches(repository: &Repository, names: &[String], limits: &Limits) -> Result<Vec<Branch>, (String, String)> {
    let reader = repository.reader();
    let mut found: BTreeMap<String, Branch> = BTreeMap::new();
    let (globs, plain): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| name.contains('*'));
    for name in plain {
        let id = commit_of(&reader, name, "--against", limits).map_err(|error| match error {
            RangeError::Usage { message, help } => (message, help),
            RangeError::Undecided(reason) => (reason.message.raw().to_owned(), reason.remedy.raw().to_owned()),
        })?;
        if let Some(branch) = branch(&reader, name, id, limits) {
            found.insert(name.clone(), branch);
        }
    }
    if !globs.is_empty() {
        let set = glob_set(&globs)?;
        let known = references(&reader).ok_or_else(|| {
            ("the branches of this clone cannot be listed".to_owned(), "Look at them with `git branch -a`.".to_owned())
        })?;
        for (name, id) in known {
            if set.is_match(&name)
                && let Some(branch) = branch(&reader, &name, id, limits)
            {
                found.insert(name, branch);
            }
        }
    }
    let mut by_head: BTreeMap<String, Branch> = BTreeMap::new();
    for branch in found.into_values() {
        by_head.entry(branch.head.clone()).or_insert(branch);
    }
    let mut branches: Vec<Branch> = by_head.into_values().collect();
    branches.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| a.name.cmp(&b.name)));
    Ok(branches)
}

fn glob_set(globs: &[&String]) -> Result<GlobSet, (String, String)> {
    let refused = |glob: &str| {
        let title = format!("--against: `{}` is no pattern of branches", glob.escape_debug());
        (title, "Write a branch, or a pattern such as `origin/*`.".to_owned())
    };
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        // Branches have slashes in their names.
        set.add(GlobBuilder::new(glob).literal_separator(false).build().map_err(|_| refused(glob))?);
    }
    set.build().map_err(|_| refused(""))
}

/// Returns the branches of remotes and of this clone with their tips; none where they cannot be listed.
fn references(reader: &Reader) -> Option<Vec<(String, gix::ObjectId)>> {
    let platform = reader.git.references().ok()?;
    let mut found = Vec::new();
    for folder in ["refs/heads/", "refs/remotes/"] {
        for reference in platform.prefixed(folder).ok()?.take(REFERENCES) {
            let Ok(reference) = reference else { continue };
            let name = reference.name().as_bstr().to_string();
            // `origin/HEAD` is another name of a branch that is listed itself.
            if let (Some(short), Some(id)) = (name.strip_prefix(folder), reference.try_id()) {
                found.push((short.to_owned(), id.detach()));
            }
        }
    }
    Some(found)
}

fn branch(reader: &Reader, name: &str, id: gix::ObjectId, limits: &Limits) -> Option<Branch> {
    let parsed = commit::read(reader, id, limits).ok()?;
    Some(Branch {
        name: name.to_owned(),
        head: id.to_string(),
        subject: parsed.subject().to_owned(),
        author: parsed.author_name().to_owned(),
        time: parsed.time,
    })
}
