//! What is not committed yet: the index and the work tree, for authors at their desk.
//!
//! Owns the comparison of a tree with the index (`--staged`) or with the files on disk (`--worktree`). Links are never
//! followed and no filter runs, so a file counts by its raw bytes; only a difference in line ends alone is not one.
//! Must not be used in CI for a range: a range is made of objects.
//!
//! A submodule counts by the commit that the index names; work inside it is its own repository's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use gix::ObjectId;
use gix::index::entry::{Flags, Mode as IndexMode, Stage};

use super::disk::Disk;
use super::path::{check_component, fold, wire};
use super::range::Mode;
use super::repository::{Reader, Repository};
use super::tree::{Difference, Leaf, compare as compare_trees};
use super::{Collision, EntryKind, commit};
use crate::completeness::Reason;
use crate::limits::Limits;

/// Entries of the index above which uncommitted files are not counted for the one-line note.
const COUNTED: usize = 20_000;

/// What comparing a tree with the index or the work tree found.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) differences: Vec<Difference>,
    pub(super) collisions: Vec<Collision>,
    pub(super) reasons: Vec<Reason>,
    pub(super) notes: Vec<String>,
    /// Where the bytes are that have no object, by the id they would have.
    pub(super) on_disk: BTreeMap<String, PathBuf>,
}

/// All leaves of one side, by path.
pub(super) type Leaves = BTreeMap<Vec<u8>, Leaf>;

/// Compares a tree with the index or the work tree.
pub(super) fn compare(reader: &Reader, old: ObjectId, mode: Mode, limits: &Limits) -> Compared {
    let mut found = Compared::default();
    let index = match open_index(reader) {
        Ok(index) => index,
        Err(reason) => {
            found.reasons.push(reason);
            return found;
        }
    };
    let staged = staged_leaves(&index, &mut found);
    let before = match index.tree() {
        // The index remembers of which tree it is a copy.
        Some(tree) if tree.num_entries.is_some() && tree.id == old => staged.clone(),
        _ => {
            let all = Limits { files: u64::MAX / 8, ..limits.clone() };
            let listed = compare_trees(reader, Some(old), None, &all);
            found.reasons.extend(listed.reasons);
            listed.differences.into_iter().filter_map(|entry| Some((entry.path, entry.old?))).collect()
        }
    };
    let after = match mode {
        Mode::Worktree => match reader.git.workdir() {
            Some(root) => Disk::new(reader, limits, root, &mut found).leaves(&index, &staged),
            None => {
                found.reasons.push(Reason::new("no-work-tree", "a bare repository has no work tree", "use --head"));
                return found;
            }
        },
        Mode::Staged | Mode::Range | Mode::Whole => staged,
    };
    found.differences = differences(&before, &after);
    if found.differences.len() as u64 > limits.files {
        let message = format!("the change has more than {} files", limits.files);
        found.reasons.push(Reason::new("too-many-files", message, "split the change, or raise `limits: {files: N}`"));
        found.differences.truncate(usize::try_from(limits.files).unwrap_or(usize::MAX));
    }
    check_names(&mut found);
    found.collisions = collisions(&before, &after);
    found
}

/// Counts files of the work tree that differ from `HEAD`, untracked ones included; none when that is not cheap.
#[must_use]
pub fn uncommitted_count(repository: &Repository, limits: &Limits) -> Option<u32> {
    let reader = repository.reader();
    reader.git.workdir()?;
    let head = reader.git.head_id().ok()?.detach();
    let tree = commit::read(&reader, head, limits).ok()?.tree;
    if reader.git.open_index().ok()?.entries().len() > COUNTED {
        return None;
    }
    let found = compare(&reader, tree, Mode::Worktree, limits);
    u32::try_from(found.differences.len()).ok()
}

pub(super) fn open_index(reader: &Reader) -> Result<gix::index::File, Reason> {
    let unreadable = |error: String| Reason::new("unreadable-index", error, "run `git status` to mend the index");
    let index = match reader.git.open_index() {
        Ok(index) => index,
        Err(_) if !reader.git.index_path().exists() => {
            let empty = gix::index::State::new(reader.git.object_hash());
            return Ok(gix::index::File::from_state(empty, reader.git.index_path()));
        }
        Err(error) => return Err(unreadable(format!("the index cannot be read: {error}"))),
    };
    if index.is_sparse() {
        let remedy = "git sparse-checkout reapply --no-sparse-index";
        return Err(Reason::new("sparse-index", "the index is sparse: it names folders instead of files", remedy));
    }
    Ok(index)
}

/// Returns the entries of the index; a conflict is a reason, since it has no one content.
fn staged_leaves(index: &gix::index::File, found: &mut Compared) -> Leaves {
    let mut leaves = Leaves::new();
    for entry in index.entries() {
        let path = entry.path(index).to_vec();
        if entry.stage() != Stage::Unconflicted {
            let message = "the file has an unresolved merge conflict";
            found.reasons.push(Reason::new("unmerged-index", message, "resolve it and `git add` it").at(wire(&path)));
            continue;
        }
        // `git add -N` announces a file without content.
        if entry.flags.contains(Flags::INTENT_TO_ADD) {
            continue;
        }
        if let Some(kind) = kind_of(entry.mode) {
            leaves.insert(path, (kind, entry.id));
        }
    }
    found.reasons.sort();
    found.reasons.dedup();
    leaves
}

pub(super) fn kind_of(mode: IndexMode) -> Option<EntryKind> {
    match mode {
        IndexMode::FILE => Some(EntryKind::File),
        IndexMode::FILE_EXECUTABLE => Some(EntryKind::Executable),
        IndexMode::SYMLINK => Some(EntryKind::Symlink),
        IndexMode::COMMIT => Some(EntryKind::Submodule),
        _ => None,
    }
}

fn differences(before: &Leaves, after: &Leaves) -> Vec<Difference> {
    let mut list: Vec<Difference> = Vec::new();
    for (path, old) in before {
        let new = after.get(path);
        if new != Some(old) {
            list.push(Difference { path: path.clone(), old: Some(*old), new: new.copied() });
        }
    }
    for (path, new) in after.iter().filter(|(path, _)| !before.contains_key(*path)) {
        list.push(Difference { path: path.clone(), old: None, new: Some(*new) });
    }
    list.sort_by(|a, b| a.path.cmp(&b.path));
    list
}

/// Refuses names that a tree may not have either.
fn check_names(found: &mut Compared) {
    for difference in &found.differences {
        let Some((kind, _)) = difference.new else { continue };
        let link = kind == EntryKind::Symlink;
        if difference.path.split(|&byte| byte == b'/').any(|part| check_component(part, link).is_err()) {
            let message = "a name is relative, or stands for `.git` on some file systems";
            found.reasons.push(Reason::new("malformed-tree", message, "rename the file").at(wire(&difference.path)));
        }
    }
}

/// Notes new names that fall together with another name of the same folder, on either side.
fn collisions(before: &Leaves, after: &Leaves) -> Vec<Collision> {
    let (old, new) = (names(before), names(after));
    let added: Vec<&[u8]> = new.difference(&old).copied().collect();
    if added.is_empty() {
        return Vec::new();
    }
    // The folder as it is, the name within it folded.
    let key = |name: &[u8]| {
        let cut = name.iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1);
        let (folder, last) = name.split_at(cut);
        [folder, &fold(last)].concat()
    };
    let mut by_key: BTreeMap<Vec<u8>, Vec<&[u8]>> = BTreeMap::new();
    for name in old.union(&new) {
        by_key.entry(key(name)).or_default().push(name);
    }
    let mut list = Vec::new();
    for name in added {
        for twin in by_key.get(&key(name)).into_iter().flatten().filter(|twin| **twin != name) {
            list.push(Collision { path: wire(name), twin: wire(twin) });
        }
    }
    list.sort();
    list
}

/// Returns all paths and the folders above them.
fn names(leaves: &Leaves) -> BTreeSet<&[u8]> {
    let mut names = BTreeSet::new();
    for path in leaves.keys() {
        names.insert(path.as_slice());
        for (at, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b'/').rev() {
            // Folders above a known folder are known.
            if !names.insert(path.get(..at).unwrap_or_default()) {
                break;
            }
        }
    }
    names
}
