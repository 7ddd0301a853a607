//! What changed: the commits and files between the merge base and head, read from git objects.
//!
//! Owns the only code that touches git. Must not run anything of head, follow a link, honour an attribute, or read
//! the work tree unless `--worktree` or `--staged` asked for it.
//!
//! In the order of work: `repository` opens, `range` (with `event`, `ancestry`) finds the two commits, `read` puts the
//! change together from `tree` (or `worktree` and `disk`), `rename` and `commit` (with `trailer`); `hunk` compares two
//! texts, `origin` says which commit last touched a line, `path` knows names that deceive, `trusted` reads configuration
//! from the base, `listing` names every file of a commit, `merge` (with `weave`) says whether an approved state is still
//! what stands at head, `other` reads changes that are open beside this one, `remote` brings a pinned specification from another repository.

mod ancestry;
mod commit;
mod disk;
mod event;
mod history;
mod hunk;
mod listing;
mod merge;
mod origin;
mod other;
mod path;
mod range;
mod read;
pub mod remote;
mod rename;
mod repository;
pub mod sample;
mod tracked;
mod trailer;
mod tree;
pub mod trusted;
mod weave;
mod worktree;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use commit::tickets;
pub use event::Environment;
pub use history::{Landed, Stretch, landed};
pub use hunk::{Diff, hunks};
pub use listing::{FolderListing, TreeEntry, list_commit, list_folder};
pub use merge::{Carried, carried};
pub use origin::{LineOrigin, Origins, attribute};
pub use other::{Branch, Other, branches, read_other};
pub use path::wire;
pub use range::{Mode, Range, RangeError, RangeRequest, checked_out, merge_base, remote_branch, resolve};
pub use read::{Change, read_change};
pub use repository::{BlobError, OpenError, Reader, Repository, is_binary, lfs_pointer};
pub use tracked::tracked_files;
pub use trailer::trailers;
pub use worktree::uncommitted_count;

/// One run of changed lines; each side is a half-open range of line numbers that count from 1.
///
/// An empty side stands where the lines would be: `old_start..old_start` for a pure insertion before that line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Hunk {
    /// First changed line of the base side.
    pub old_start: u32,
    /// Line after the last changed one of the base side.
    pub old_end: u32,
    /// First changed line of the head side.
    pub new_start: u32,
    /// Line after the last changed one of the head side.
    pub new_end: u32,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileStatus {
    /// Only head has it.
    Added,
    /// Both have it, with another content.
    Modified,
    /// Only base has it.
    Deleted,
    /// Head has it under another path.
    Renamed,
    /// File, link or submodule became another of them.
    Typechanged,
}

/// What a tree entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A file with the executable bit.
    Executable,
    /// A symbolic link; its blob is the target's name.
    Symlink,
    /// A commit of another repository.
    Submodule,
}

impl EntryKind {
    /// Returns the mode as git writes it, e.g. `100644`.
    #[must_use]
    pub fn mode(self) -> &'static str {
        match self {
            Self::File => "100644",
            Self::Executable => "100755",
            Self::Symlink => "120000",
            Self::Submodule => "160000",
        }
    }

    /// Says whether the entry holds text or data of its own: neither a link nor a submodule.
    #[must_use]
    pub fn is_file(self) -> bool {
        matches!(self, Self::File | Self::Executable)
    }
}

/// One side of a changed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Object id in hexadecimal; for a file of the work tree the id that its bytes would have.
    pub id: String,
    /// What the entry is.
    pub kind: EntryKind,
}

/// One changed path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// The path on the head side (on the base side when deleted), in wire form: UTF-8, bad bytes as `\xNN`.
    pub path: String,
    /// The path on the base side; equal to `path` unless renamed.
    pub old_path: String,
    /// What happened.
    pub status: FileStatus,
    /// The base side; none when added.
    pub old: Option<Side>,
    /// The head side; none when deleted.
    pub new: Option<Side>,
}

impl ChangedFile {
    /// Returns both modes as `100644 -> 100755` when they differ, else nothing.
    #[must_use]
    pub fn mode_change(&self) -> String {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) if old.kind != new.kind => format!("{} -> {}", old.kind.mode(), new.kind.mode()),
            _ => String::new(),
        }
    }

    /// Says whether both sides have the same content: a pure rename or a pure mode change.
    #[must_use]
    pub fn same_content(&self) -> bool {
        matches!((&self.old, &self.new), (Some(old), Some(new)) if old.id == new.id)
    }
}

/// Two names of one folder that some file systems take for one: they differ in case or Unicode normal form only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Collision {
    /// The new path, in wire form.
    pub path: String,
    /// The path that it falls together with: one of head, or one that the change removes.
    pub twin: String,
}

/// A person or tool as a commit names it. Chosen by the author; never proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
}

/// One trailer line of a commit message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Trailer {
    /// Key as written, e.g. `Assisted-by`.
    pub key: String,
    /// Value, continuation lines joined by a blank.
    pub value: String,
}

/// One commit of the change, oldest first in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Commit {
    /// Full object id.
    pub id: String,
    /// Author.
    pub author: Person,
    /// Committer.
    pub committer: Person,
    /// First line of the message.
    pub subject: String,
    /// The message without subject.
    pub body: String,
    /// Trailers of the message's last paragraph.
    pub trailers: Vec<Trailer>,
}

#[cfg(test)]
mod tests {
    use super::{ChangedFile, EntryKind, FileStatus, Side};

    fn file(old: Option<(&str, EntryKind)>, new: Option<(&str, EntryKind)>) -> ChangedFile {
        let side = |(id, kind): (&str, EntryKind)| Side { id: id.to_owned(), kind };
        ChangedFile {
            path: "a".to_owned(),
            old_path: "a".to_owned(),
            status: FileStatus::Modified,
            old: old.map(side),
            new: new.map(side),
        }
    }

    #[test]
    fn modes_are_those_that_git_writes_and_links_are_no_files() {
        let kinds = [EntryKind::File, EntryKind::Executable, EntryKind::Symlink, EntryKind::Submodule];
        assert_eq!(kinds.map(EntryKind::mode), ["100644", "100755", "120000", "160000"]);
        assert_eq!(kinds.map(EntryKind::is_file), [true, true, false, false]);
    }

    #[test]
    fn a_change_of_mode_is_told_where_both_sides_are_there_and_differ() {
        let (plain, runs) = (Some(("1", EntryKind::File)), Some(("1", EntryKind::Executable)));
        assert_eq!(file(plain, runs).mode_change(), "100644 -> 100755");
        for (old, new) in [(plain, plain), (None, runs), (plain, None)] {
            assert_eq!(file(old, new).mode_change(), "");
        }
    }

    #[test]
    fn content_is_the_same_where_both_sides_have_one_id() {
        let (one, two) = (Some(("1", EntryKind::File)), Some(("2", EntryKind::File)));
        assert!(file(one, one).same_content());
        assert!(!file(one, two).same_content() && !file(None, two).same_content());
    }
}
