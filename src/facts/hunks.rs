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

/// Says whether bytes without a NUL are no text all the same: not UTF-8, and full of controls.
///
/// Small compressed files often have no NUL. Whoever wants a file to count as binary can write a NUL into it, so this
/// lets nothing through that was held before; what a system runs by its first line is never taken for data here.
pub(crate) fn is_garbled(bytes: &[u8]) -> bool {
    let head = bytes.get(..8_000).unwrap_or(bytes);
    let control = |byte: &&u8| matches!(byte, 0x01..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    let controls = head.iter().filter(control).count();
    !head.starts_with(b"#!") && controls * 100 > head.len() * 3 && std::str::from_utf8(bytes).is_err()
}

/// Says whether these bytes are a Git LFS pointer.
pub(crate) fn lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1_024
        && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
        && bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"oid "))
}

#[cfg(test)]
mod tests {
    use super::is_garbled;

    #[test]
    fn compressed_bytes_are_garbled_and_text_in_an_old_encoding_is_not() {
        let compressed: Vec<u8> = (1_u32..300).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 | 1).collect();
        assert!(is_garbled(&compressed));
        assert!(!is_garbled(b"caf\xE9 au lait\n"), "Latin-1");
        assert!(!is_garbled(b"\x1B[31mred\x1B[0m caf\xE9\n"), "colours of a terminal");
        assert!(!is_garbled(b"\x01\x02\x03\x04 text"), "UTF-8 with controls is a finding, not data");
        let script = [b"#!/bin/sh\n".as_slice(), &compressed].concat();
        assert!(!is_garbled(&script), "what a system runs is no data");
    }
}
