//! The names of all files that git tracks in a work tree.
//!
//! Owns one list, for authors at their desk. Must not read a file, and must not be used to judge a change.

use super::path::wire;
use super::repository::Repository;
use super::worktree::open_index;
use crate::completeness::Reason;

/// Returns the paths of all tracked files, from the root of the repository, sorted; those added and not committed yet
/// included.
///
/// # Errors
/// When the index cannot be read, or names folders instead of files.
pub fn tracked_files(repository: &Repository) -> Result<Vec<String>, Reason> {
    let index = open_index(&repository.reader())?;
    let mut paths: Vec<String> = index.entries().iter().map(|entry| wire(entry.path(&index))).collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}
