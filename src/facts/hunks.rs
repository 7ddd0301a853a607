//! Which lines differ between two sides.
//!
//! Owns nothing but the call of the line diff, so that it can be replaced in one place.

use gix::diff::blob::{Algorithm, InternedInput, diff_with_slider_heuristics};

use crate::change::Hunk;

/// Returns the changed line ranges of both sides, and how many lines were added and removed.
pub(crate) fn diff(old: &[u8], new: &[u8]) -> (Vec<Hunk>, u32, u32) {
    let input = InternedInput::new(old, new);
    let diff = diff_with_slider_heuristics(Algorithm::Histogram, &input);
    let hunks = diff
        .hunks()
        .map(|hunk| Hunk {
            old_start: hunk.before.start.saturating_add(1),
            old_end: hunk.before.end.saturating_add(1),
            new_start: hunk.after.start.saturating_add(1),
            new_end: hunk.after.end.saturating_add(1),
        })
        .collect();
    (hunks, diff.count_additions(), diff.count_removals())
}

/// Says whether git would call these bytes binary: a NUL in the first 8,000.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    bytes.iter().take(8_000).any(|byte| *byte == 0)
}

/// Says whether these bytes are a Git LFS pointer.
pub(crate) fn lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1_024
        && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
        && bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"oid "))
}
