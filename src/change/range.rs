//! Which two commits are compared.
//!
//! Owns the order in which flags, CI variables and the default branch are asked, and the choice of the merge base.
//! Must not compare trees. A full object id that is absent, and a merge base that cannot be found, leave the change
//! undecided; a name that means nothing is the caller's mistake.

use gix::ObjectId;

use super::ancestry::{UNSHALLOW, merge_bases};
use super::commit;
use super::event::{Asked, Environment, asked};
use super::repository::{BlobError, Reader, Repository};
use crate::completeness::Reason;
use crate::limits::Limits;

/// What the head side is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A commit.
    #[default]
    Range,
    /// The index, on top of `HEAD`.
    Staged,
    /// The work tree with its untracked files, on top of `HEAD`.
    Worktree,
    /// Everything that a commit holds, as if it were new: a survey of the whole repository, never a change.
    Whole,
}

/// What the command line asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeRequest {
    /// `--base`.
    pub base: Option<String>,
    /// `--head`.
    pub head: Option<String>,
    /// `--staged`, `--worktree` or neither.
    pub mode: Mode,
}

/// The commits that are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The base commit.
    pub base: String,
    /// The head commit; below the index or work tree, the commit of `HEAD`.
    pub head: String,
    /// The commit that head is compared with, and from which configuration is read.
    pub merge_base: String,
    /// All best common ancestors, sorted; more than one after criss-cross merges.
    pub merge_bases: Vec<String>,
    /// What the head side is.
    pub mode: Mode,
    /// Where the range comes from: `--base and --head`, `the pull_request event`, `origin/HEAD`.
    pub source: String,
    /// True when a CI system is at work; uncommitted files are then not counted.
    pub in_ci: bool,
    /// What people should know about the choice.
    pub notes: Vec<String>,
}

impl Range {
    /// Returns why the comparison with one merge base does not tell what the change does, or none.
    ///
    /// What base has and the others brought, a merge in head may have taken back; compared with the one that does not have
    /// it, there is nothing to see. Which rules hold would depend on the choice, too.
    pub(super) fn ambiguous(&self) -> Option<Reason> {
        let count = self.merge_bases.len();
        (count > 1).then(|| {
            let message = format!("base and head have {count} merge bases, and each tells another change");
            Reason::new("several-merge-bases", message, "merge the target branch into this one once more, or rebase")
        })
    }
}

/// Why there is no range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// The command line or the CI variables ask for something that does not exist: exit 2.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to pass instead.
        help: String,
    },
    /// The clone does not hold what is needed: exit 4, with the command that fetches it.
    #[error("the change cannot be compared")]
    Undecided(Reason),
}

fn usage(message: impl Into<String>, help: impl Into<String>) -> RangeError {
    RangeError::Usage { message: message.into(), help: help.into() }
}

/// Finds the commits to compare: from flags, else from CI variables, else from the default branch.
///
/// # Errors
/// When a name does not resolve or nothing tells the base (usage), or when the clone lacks a commit (undecided).
pub fn resolve(
    repository: &Repository,
    request: &RangeRequest,
    environment: &Environment,
    limits: &Limits,
) -> Result<Range, RangeError> {
    let reader = repository.reader();
    if request.mode == Mode::Whole {
        return whole(&reader, request, limits);
    }
    let help = "pass `--base REV --head REV`";
    if request.mode != Mode::Range && request.head.is_some() {
        return Err(usage("`--head` cannot be combined with `--staged` or `--worktree`", "leave out `--head`"));
    }
    // With `--base` the rest is `HEAD`, in CI too: half a range from a flag and half from an event is nobody's wish.
    let ci = if request.base.is_none() { asked(environment).map_err(|message| usage(message, help))? } else { None };
    let ci = ci.unwrap_or_default();
    refuse_absent(&reader, request, &ci)?;
    let head = match (&request.head, &ci.head) {
        (Some(head), _) => commit_of(&reader, head, "--head", limits)?,
        (None, Some(head)) if request.mode == Mode::Range => commit_of(&reader, head, &ci.source, limits)?,
        _ => commit_of(&reader, "HEAD", "HEAD", limits)?,
    };
    let (base, source) = match (&request.base, &ci.base) {
        (Some(base), _) => (commit_of(&reader, base, "--base", limits)?, "--base".to_owned()),
        (None, Some(base)) => (commit_of(&reader, base, &ci.source, limits)?, ci.source.clone()),
        _ => default_base(&reader, &ci, limits)?,
    };
    let in_ci = environment.get("CI").is_some_and(|value| !value.is_empty() && value != "false");
    let bases = merge_bases(&reader, base, head, limits).map_err(RangeError::Undecided)?;
    let mut notes = Vec::new();
    let Some(&merge_base) = bases.first() else {
        return Err(RangeError::Undecided(no_merge_base(&reader, base, head)));
    };
    if bases.len() > 1 {
        notes.push(format!("{} merge bases; compared with {merge_base}, the smallest id", bases.len()));
    }
    Ok(Range {
        base: base.to_string(),
        head: head.to_string(),
        merge_base: merge_base.to_string(),
        merge_bases: bases.iter().map(ToString::to_string).collect(),
        mode: request.mode,
        source,
        in_ci,
        notes,
    })
}

/// A survey compares with nothing and takes its rules from the commit itself.
fn whole(reader: &Reader, request: &RangeRequest, limits: &Limits) -> Result<Range, RangeError> {
    let head = commit_of(reader, request.head.as_deref().unwrap_or("HEAD"), "HEAD", limits)?.to_string();
    Ok(Range {
        base: head.clone(),
        head: head.clone(),
        merge_base: head.clone(),
        merge_bases: vec![head],
        mode: Mode::Whole,
        source: "HEAD".to_owned(),
        in_ci: false,
        notes: Vec::new(),
    })
}

/// Names every full id that is not in this clone at once, so that one command brings all of them.
fn refuse_absent(reader: &Reader, request: &RangeRequest, ci: &Asked) -> Result<(), RangeError> {
    let mut absent = Vec::new();
    let head = if request.mode == Mode::Range && request.base.is_none() { ci.head.as_ref() } else { None };
    let base = request.base.as_ref().or(ci.base.as_ref());
    for revision in [base, request.head.as_ref().or(head)].into_iter().flatten() {
        if let Some(id) = full_id(reader, revision)
            && !reader.git.has_object(id)
            && !absent.contains(&id)
        {
            absent.push(id);
        }
    }
    if absent.is_empty() { Ok(()) } else { Err(RangeError::Undecided(missing_commits(reader, &absent))) }
}

/// Returns the object id when a revision is a full one.
fn full_id(reader: &Reader, revision: &str) -> Option<ObjectId> {
    let full = revision.len() == reader.git.object_hash().len_in_hex();
    if full { ObjectId::from_hex(revision.as_bytes()).ok() } else { None }
}

/// Returns the commit that a change from `base` to `head`, both full ids, is compared with.
///
/// # Errors
/// With a reason when an object is missing, or the two have no history in common.
pub fn merge_base(repository: &Repository, base: &str, head: &str, limits: &Limits) -> Result<String, Reason> {
    let reader = repository.reader();
    let commit = |id: &str| {
        commit_of(&reader, id, "the forge", limits).map_err(|error| match error {
            RangeError::Undecided(reason) => reason,
            RangeError::Usage { message, help } => Reason::new("missing-object", message, help),
        })
    };
    let (base, head) = (commit(base)?, commit(head)?);
    let bases = merge_bases(&reader, base, head, limits)?;
    bases.first().map(ToString::to_string).ok_or_else(|| no_merge_base(&reader, base, head))
}

/// Returns what this clone has of a branch of `origin`, as a full id.
#[must_use]
pub fn remote_branch(repository: &Repository, branch: &str, limits: &Limits) -> Option<String> {
    let reader = repository.reader();
    let mut reference = reader.git.try_find_reference(format!("refs/remotes/origin/{branch}").as_str()).ok()??;
    let id = reference.follow_to_object().map(gix::Id::detach).ok()?;
    peel(&reader, id, branch, "origin", limits).ok().map(|id| id.to_string())
}

/// Returns the commit that is checked out, as a full id.
#[must_use]
pub fn checked_out(repository: &Repository, limits: &Limits) -> Option<String> {
    commit_of(&repository.reader(), "HEAD", "HEAD", limits).ok().map(|id| id.to_string())
}

/// Resolves a revision to a commit.
pub(super) fn commit_of(
    reader: &Reader,
    revision: &str,
    source: &str,
    limits: &Limits,
) -> Result<ObjectId, RangeError> {
    let shown = revision.escape_debug();
    if let Some(id) = full_id(reader, revision) {
        return match commit::read(reader, id, limits) {
            Ok(_) => Ok(id),
            Err(BlobError::WrongKind { found, .. }) if found == "tag" => peel(reader, id, revision, source, limits),
            Err(BlobError::WrongKind { found, .. }) => {
                Err(usage(format!("{source}: {id} is a {found}, not a commit"), "pass a commit"))
            }
            Err(BlobError::Missing { .. }) => Err(RangeError::Undecided(missing_commits(reader, &[id]))),
            Err(error) => Err(RangeError::Undecided(error.reason(""))),
        };
    }
    let unknown = || {
        // More history brings no name that is misspelt.
        let deep = revision.contains(['~', '^']) || revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hint = if reader.shallow && deep {
            "this clone is shallow: `git fetch --unshallow` brings its whole history"
        } else {
            "`git fetch` brings branches that are new on the server; `git branch --all` lists those that are here"
        };
        usage(format!("{source}: `{shown}` is not a revision of this repository"), hint)
    };
    let id = reader.git.rev_parse_single(revision).map_err(|_| unknown())?.detach();
    peel(reader, id, revision, source, limits)
}

/// Follows annotated tags to their commit.
fn peel(
    reader: &Reader,
    mut id: ObjectId,
    revision: &str,
    source: &str,
    limits: &Limits,
) -> Result<ObjectId, RangeError> {
    // A tag of a tag of a tag is legal; a longer chain is a prank.
    for _ in 0..16 {
        match commit::read(reader, id, limits) {
            Ok(_) => return Ok(id),
            Err(BlobError::WrongKind { found, .. }) if found == "tag" => {
                let data = reader
                    .object(id, gix::objs::Kind::Tag, limits)
                    .map_err(|error| RangeError::Undecided(error.reason("")))?;
                let target = data.split(|&byte| byte == b'\n').next().and_then(|line| line.strip_prefix(b"object "));
                let Some(next) = target.and_then(|hex| ObjectId::from_hex(hex).ok()) else { break };
                id = next;
            }
            Err(BlobError::WrongKind { .. }) => break,
            Err(BlobError::Missing { .. }) => return Err(RangeError::Undecided(missing_commits(reader, &[id]))),
            Err(error) => return Err(RangeError::Undecided(error.reason(""))),
        }
    }
    Err(usage(format!("{source}: `{}` is not a commit", revision.escape_debug()), "pass a commit or a branch"))
}

/// Returns the base where neither flag nor event names one: the target branch, the remote's default branch, the
/// upstream of the current branch.
fn default_base(reader: &Reader, ci: &Asked, limits: &Limits) -> Result<(ObjectId, String), RangeError> {
    let mut names = Vec::new();
    if let Some(branch) = &ci.branch {
        names.push((format!("refs/remotes/origin/{branch}"), format!("origin/{}", branch.escape_debug())));
    }
    names.push(("refs/remotes/origin/HEAD".to_owned(), "origin/HEAD".to_owned()));
    if let Ok(Some(head)) = reader.git.head_name()
        && let Some(Ok(upstream)) =
            reader.git.branch_remote_tracking_ref_name(head.as_ref(), gix::remote::Direction::Fetch)
    {
        let shown = upstream.as_bstr().to_string();
        names.push((shown.clone(), shown));
    }
    for (name, shown) in names {
        let Ok(Some(mut reference)) = reader.git.try_find_reference(name.as_str()) else { continue };
        let Ok(id) = reference.follow_to_object().map(gix::Id::detach) else { continue };
        return Ok((peel(reader, id, &shown, &shown, limits)?, shown));
    }
    Err(usage(
        "nothing tells what to compare with: there is neither `origin/HEAD` nor an upstream branch",
        "pass `--base REV`, for example `--base main`, or run `git remote set-head origin --auto` once",
    ))
}

fn no_merge_base(reader: &Reader, base: ObjectId, head: ObjectId) -> Reason {
    if reader.shallow {
        let message = format!("{base} and {head} have no common ancestor in this shallow clone");
        return Reason::new("missing-merge-base", message, UNSHALLOW);
    }
    let message = format!("{base} and {head} have unrelated histories: no common ancestor");
    Reason::new("unrelated-histories", message, "rebase the change onto its target branch")
}

fn missing_commits(reader: &Reader, absent: &[ObjectId]) -> Reason {
    let ids = absent.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let noun = if absent.len() == 1 { "commit" } else { "commits" };
    let (which, depth) = if reader.shallow { ("shallow clone", " --unshallow") } else { ("clone", "") };
    let message = format!("{noun} {ids} not found in this {which}");
    Reason::new("missing-object", message, format!("git fetch --no-tags{depth} origin {ids}"))
}
