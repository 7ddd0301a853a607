//! What changed, read from real repositories: rows A of the list of bad inputs, and git itself as the oracle.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed step of a test is a failed test"
)]

#[path = "../support/mod.rs"]
mod support;

mod commits;
mod isolation;
mod oracle;
mod origins;
mod ranges;
mod renames;
mod trees;
mod trusted_side;
mod uncommitted;

use std::path::Path;

use portcullis::change::{
    Change, ChangedFile, EntryKind, Environment, FileStatus, Range, RangeError, RangeRequest, Repository, read_change,
    resolve,
};
use portcullis::completeness::Reason;
use portcullis::limits::Limits;

/// Opens the repository at `dir`.
fn open(dir: &Path) -> Repository {
    Repository::open(dir).unwrap()
}

/// Asks for the range between two revisions.
fn range_of(dir: &Path, base: &str, head: &str) -> Result<Range, RangeError> {
    let request = RangeRequest { base: Some(base.to_owned()), head: Some(head.to_owned()), ..RangeRequest::default() };
    resolve(&open(dir), &request, &Environment::new(), &Limits::default())
}

/// Reads the change between two revisions.
fn change(dir: &Path, base: &str, head: &str) -> Change {
    change_within(dir, base, head, &Limits::default())
}

/// Reads the change between two revisions under limits.
fn change_within(dir: &Path, base: &str, head: &str, limits: &Limits) -> Change {
    read_change(&open(dir), &range_of(dir, base, head).unwrap(), limits)
}

/// Returns the reason that leaves the range undecided.
fn undecided(range: Result<Range, RangeError>) -> Reason {
    match range {
        Err(RangeError::Undecided(reason)) => reason,
        other => panic!("expected an undecided range, got {other:?}"),
    }
}

/// Returns the changed file at a path.
fn file<'a>(change: &'a Change, path: &str) -> &'a ChangedFile {
    change.files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is in {:#?}", change.files))
}

/// Returns kinds and status of a changed file.
fn shape(file: &ChangedFile) -> (FileStatus, Option<EntryKind>, Option<EntryKind>) {
    (file.status, file.old.as_ref().map(|side| side.kind), file.new.as_ref().map(|side| side.kind))
}

/// Returns the codes of all reasons.
fn codes(change: &Change) -> Vec<&str> {
    change.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// Returns the paths of all changed files.
fn paths(change: &Change) -> Vec<&str> {
    change.files.iter().map(|file| file.path.as_str()).collect()
}
