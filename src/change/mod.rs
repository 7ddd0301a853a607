//! What changed: the commits and files between the merge base and head, read from git objects.
//!
//! Owns the only code that touches git. Must not run anything of head, follow a link, honour an attribute, or read
//! the work tree unless `--worktree` or `--staged` asked for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// One side of a changed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Object id in hexadecimal; empty for a file of the work tree that has no object yet.
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
    /// Evidence of how the commit was made; filled by `provenance`.
    pub evidence: Vec<String>,
}
