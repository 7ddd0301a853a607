//! The changes that a branch has taken in: its commits along the first parents, each against its first parent.
//!
//! Owns the walk and what is told of each commit. Must not compare trees, and must not follow other parents: what a merge
//! brought in is one change.

use gix::ObjectId;

use super::commit;
use super::range::{RangeError, commit_of};
use super::repository::{Reader, Repository};
use crate::completeness::Reason;
use crate::limits::Limits;

/// Most commits that one walk passes.
const COMMITS: usize = 200_000;

/// One change that a branch took in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed {
    /// The commit, a full id.
    pub commit: String,
    /// Its first parent, a full id.
    pub parent: String,
    /// Seconds since 1970 at which the commit says that it was made.
    pub time: i64,
    /// First line of its message.
    pub subject: String,
}

/// Which changes of a branch are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Exclusive start: a commit on the first-parent line of `until`, or nothing for as many as `most`.
    pub after: Option<String>,
    /// Inclusive end.
    pub until: String,
    /// At most so many, newest first.
    pub most: usize,
}

/// Returns the changes of a stretch of history, newest first. The first commit of all has no parent and is left out.
///
/// # Errors
/// When a revision means nothing or does not lie on the line (usage), or when the clone ends before the stretch does
/// (undecided).
pub fn landed(repository: &Repository, stretch: &Stretch, limits: &Limits) -> Result<Vec<Landed>, RangeError> {
    let reader = repository.reader();
    let until = commit_of(&reader, &stretch.until, "the range", limits)?;
    let after = stretch.after.as_ref().map(|after| commit_of(&reader, after, "the range", limits)).transpose()?;
    let mut found = Vec::new();
    let mut at = until;
    for _ in 0..COMMITS {
        if Some(at) == after || found.len() >= stretch.most {
            return Ok(found);
        }
        let parsed = commit::read(&reader, at, limits).map_err(|error| RangeError::Undecided(error.reason("")))?;
        let Some(parent) = parsed.parents.first().copied() else {
            return if after.is_none() { Ok(found) } else { Err(beside(stretch)) };
        };
        if !reader.git.has_object(parent) {
            return Err(RangeError::Undecided(cut_off(&reader, parent, found.len())));
        }
        found.push(Landed {
            commit: at.to_string(),
            parent: parent.to_string(),
            time: parsed.time,
            subject: parsed.subject().to_owned(),
        });
        at = parent;
    }
    Err(beside(stretch))
}

fn beside(stretch: &Stretch) -> RangeError {
    let (from, until) = (stretch.after.as_deref().unwrap_or_default(), &stretch.until);
    RangeError::Usage {
        message: format!("{} does not lie on the first-parent line of {}", from.escape_debug(), until.escape_debug()),
        help: "name a commit that the branch itself took in, or leave it out and say `--last N`".to_owned(),
    }
}

fn cut_off(reader: &Reader, parent: ObjectId, found: usize) -> Reason {
    let (clone, depth) = if reader.shallow { ("shallow clone", " --unshallow") } else { ("clone", "") };
    let message = format!("this {clone} ends after {found} changes: commit {parent} is not in it");
    Reason::new("missing-object", message, format!("git fetch --no-tags{depth} origin, or ask for `--last {found}`"))
}
