//! The change as one value: what [`read_change`] puts together from tree comparison, renames and commits.
//!
//! Owns the assembly and the type `Change`. Must not look into contents: blobs are read by whoever judges them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use gix::ObjectId;

use super::path::wire;
use super::range::{Mode, Range};
use super::repository::{BlobError, Reader, Repository, parse_id};
use super::tree::{Difference, Leaf};
use super::{ChangedFile, Collision, Commit, EntryKind, FileStatus, Side, commit, disk, rename, tree, worktree};
use crate::completeness::Reason;
use crate::limits::Limits;

/// What changed between the merge base and head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The base commit.
    pub base: String,
    /// The head commit, or `index` or `worktree`.
    pub head: String,
    /// The commit that head is compared with.
    pub merge_base: String,
    /// Commits of head that base does not have, parents before children.
    pub commits: Vec<Commit>,
    /// False when the clone is cut off inside the change, so that commits may be missing from the list.
    pub commits_complete: bool,
    /// Changed files, sorted by path.
    pub files: Vec<ChangedFile>,
    /// New names that fall together with another name on some file systems, sorted.
    pub collisions: Vec<Collision>,
    /// True when there were too many candidates to tell renames from deletions with additions; the change then asks
    /// for review.
    pub renames_unknown: bool,
    /// What people should know, one sentence each.
    pub notes: Vec<String>,
    /// What could not be read, sorted; any of them makes the change undecided.
    pub reasons: Vec<Reason>,
    /// Files of the work tree that differ from `HEAD` and are not part of the change; 0 in CI.
    pub uncommitted: u32,
    /// Files of the work tree that have no object, by the id that their bytes have.
    pub(super) on_disk: BTreeMap<String, PathBuf>,
}

impl Change {
    /// Says whether head is a commit: neither the index nor the work tree.
    #[must_use]
    pub fn head_is_commit(&self) -> bool {
        !matches!(self.head.as_str(), "index" | "worktree")
    }

    /// Returns the bytes of one side: of the object, or of the work tree for a file that is not committed.
    ///
    /// # Errors
    /// As [`Reader::blob`]; also when a file of the work tree is no longer what it was when the change was read.
    pub fn blob(&self, reader: &Reader, id: &str, limits: &Limits) -> Result<Vec<u8>, BlobError> {
        match self.on_disk.get(id) {
            Some(path) => disk::read_file(reader, path, id, limits),
            None => reader.blob(id, limits),
        }
    }
}

/// Reads what changed. Never fails: what cannot be read stands in `reasons`.
#[must_use]
pub fn read_change(repository: &Repository, range: &Range, limits: &Limits) -> Change {
    let reader = repository.reader();
    let mut change = Change {
        base: range.base.clone(),
        head: range.head.clone(),
        merge_base: range.merge_base.clone(),
        notes: range.notes.clone(),
        ..Change::default()
    };
    let differences = match range.mode {
        Mode::Range | Mode::Whole => committed(&reader, range, limits, &mut change),
        Mode::Staged | Mode::Worktree => {
            change.head = if range.mode == Mode::Staged { "index" } else { "worktree" }.to_owned();
            uncommitted(&reader, range, limits, &mut change)
        }
    };
    change.reasons.extend(range.ambiguous());
    list_commits(&reader, range, limits, &mut change);
    let missing = missing_blobs(&reader, &differences, &change);
    let pairing = rename::pair(&reader, &differences, &change.on_disk, limits);
    change.renames_unknown = pairing.unknown;
    if pairing.unknown {
        change.notes.push("renames are unknown: too many files were removed and added".to_owned());
    }
    change.files = files(&differences, &pairing.old_of);
    check_paths(&mut change);
    change.reasons.extend(missing);
    change.reasons.sort();
    change.reasons.dedup();
    if change.files.is_empty() && change.reasons.is_empty() {
        change.notes.push("no change".to_owned());
    }
    count_uncommitted(repository, &reader, range, limits, &mut change);
    change
}

/// Counts what the author might believe to be checked: files beside the range that he stands on.
fn count_uncommitted(repository: &Repository, reader: &Reader, range: &Range, limits: &Limits, change: &mut Change) {
    let stands_on_head = reader.git.head_id().is_ok_and(|head| parse_id(&range.head) == Ok(head.detach()));
    if range.mode != Mode::Range || range.in_ci || !stands_on_head || reader.git.workdir().is_none() {
        return;
    }
    match worktree::uncommitted_count(repository, limits) {
        Some(count) => change.uncommitted = count,
        None => change.notes.push("files that are not committed were not counted: the work tree is large".to_owned()),
    }
}

/// Returns the tree of a commit, or notes why there is none.
fn tree_of(reader: &Reader, id: &str, limits: &Limits, change: &mut Change) -> Option<ObjectId> {
    match parse_id(id).and_then(|id| commit::read(reader, id, limits)) {
        Ok(parsed) => Some(parsed.tree),
        Err(error) => {
            change.reasons.push(error.reason(""));
            None
        }
    }
}

fn committed(reader: &Reader, range: &Range, limits: &Limits, change: &mut Change) -> Vec<Difference> {
    if range.mode == Mode::Whole {
        let Some(all) = tree_of(reader, &range.head, limits, change) else { return Vec::new() };
        return compared(tree::compare(reader, None, Some(all), limits), change);
    }
    let old = tree_of(reader, &range.merge_base, limits, change);
    let new = tree_of(reader, &range.head, limits, change);
    // SAFETY-OF-GATE: a tree that cannot be found is never compared as an empty one.
    let (Some(old), Some(new)) = (old, new) else { return Vec::new() };
    compared(tree::compare(reader, Some(old), Some(new), limits), change)
}

fn compared(found: tree::TreeDiff, change: &mut Change) -> Vec<Difference> {
    change.collisions = found.collisions;
    change.reasons.extend(found.reasons);
    found.differences
}

fn uncommitted(reader: &Reader, range: &Range, limits: &Limits, change: &mut Change) -> Vec<Difference> {
    let Some(old) = tree_of(reader, &range.merge_base, limits, change) else { return Vec::new() };
    let found = worktree::compare(reader, old, range.mode, limits);
    change.collisions = found.collisions;
    change.reasons.extend(found.reasons);
    change.on_disk = found.on_disk;
    change.notes.extend(found.notes);
    found.differences
}

fn list_commits(reader: &Reader, range: &Range, limits: &Limits, change: &mut Change) {
    let bases: Vec<ObjectId> = range.merge_bases.iter().filter_map(|id| parse_id(id).ok()).collect();
    let Ok(head) = parse_id(&range.head) else { return };
    let found = commit::between(reader, &bases, head, limits);
    change.commits_complete = !found.cut && found.reasons.is_empty();
    if found.cut {
        change.notes.push("this clone is shallow: commits of the change may be missing from its list".to_owned());
    }
    change.commits = found.list;
    change.reasons.extend(found.reasons);
}

/// Returns one reason for all blobs that a partial clone left out, with one command that fetches them together.
///
/// `git diff` asks the server for everything that it needs in one request; ids on a command line would be too long.
fn missing_blobs(reader: &Reader, differences: &[Difference], change: &Change) -> Option<Reason> {
    let mut missing = BTreeSet::new();
    let mut first = None;
    for difference in differences {
        for (kind, id) in difference.old.iter().chain(&difference.new) {
            let elsewhere = *kind == EntryKind::Submodule || change.on_disk.contains_key(&id.to_string());
            if !elsewhere && !reader.git.has_object(id) && missing.insert(*id) {
                first.get_or_insert_with(|| wire(&difference.path));
            }
        }
    }
    let path = first?;
    let (base, head) = (&change.merge_base, &change.head);
    let head = if head == "index" || head == "worktree" { "HEAD" } else { head };
    let remedy = if reader.promisor {
        format!("git diff --no-renames --no-ext-diff --no-textconv --text --shortstat {base} {head}")
    } else {
        "git fetch --refetch origin".to_owned()
    };
    let message = format!("{} objects of the change are not in this clone", missing.len());
    Some(Reason::new("missing-object", message, remedy).at(path))
}

/// Turns differences into changed files.
fn files(differences: &[Difference], old_of: &BTreeMap<usize, usize>) -> Vec<ChangedFile> {
    let moved: BTreeSet<usize> = old_of.values().copied().collect();
    let mut files: Vec<ChangedFile> = Vec::with_capacity(differences.len());
    for (index, difference) in differences.iter().enumerate() {
        if moved.contains(&index) {
            continue;
        }
        let path = wire(&difference.path);
        let source = old_of.get(&index).and_then(|old| differences.get(*old));
        let (old_path, old) = match source {
            Some(source) => (wire(&source.path), source.old),
            None => (path.clone(), difference.old),
        };
        let status = match (&old, &difference.new) {
            (None, _) => FileStatus::Added,
            (_, None) => FileStatus::Deleted,
            (Some(a), Some(b)) if class(a.0) != class(b.0) => FileStatus::Typechanged,
            _ if source.is_some() => FileStatus::Renamed,
            _ => FileStatus::Modified,
        };
        files.push(ChangedFile { path, old_path, status, old: side(old), new: side(difference.new) });
    }
    files.sort_by(|a, b| (&a.path, &a.old_path).cmp(&(&b.path, &b.old_path)));
    files
}

/// A file with and without the executable bit is the same type.
fn class(kind: EntryKind) -> EntryKind {
    if kind == EntryKind::Executable { EntryKind::File } else { kind }
}

fn side(leaf: Option<Leaf>) -> Option<Side> {
    leaf.map(|(kind, id)| Side { id: id.to_string(), kind })
}

/// Notes paths that cannot be told apart once written as text: `a\xFF` in ASCII, and `a` with the byte 0xFF.
fn check_paths(change: &mut Change) {
    let mut before: Option<&str> = None;
    for file in &change.files {
        if before == Some(file.path.as_str()) {
            let message = "two changed paths are written alike: one has bytes that are not UTF-8";
            change.reasons.push(Reason::new("malformed-tree", message, "rename one of them").at(file.path.clone()));
        }
        before = Some(&file.path);
    }
}
