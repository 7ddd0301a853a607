//! Which lines changed between two texts.
//!
//! Owns the line diff of raw bytes: lines end at LF, nothing is converted, attributes do not exist. Pure; the worker
//! calls it per file. Must not open anything.

use gix::diff::blob::{Algorithm, InternedInput, diff_with_slider_heuristics};

use super::Hunk;

/// Bytes of both sides together beyond which no line diff is tried.
const DIFF_BYTES: usize = 32_000_000;

/// Lines of both sides together beyond which no line diff is tried: two texts of as many unrelated lines of few kinds
/// take about a second.
const DIFF_LINES: usize = 500_000;

/// The changed lines of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Runs of changed lines, top to bottom.
    pub hunks: Vec<Hunk>,
    /// Lines that only the new side has.
    pub added: u32,
    /// Lines that only the old side has.
    pub removed: u32,
}

/// Returns the changed lines between two texts, as `git diff --histogram` without context has them.
///
/// Very large inputs get one hunk from the first to the last differing line: more lines count as changed, never fewer.
#[must_use]
pub fn hunks(old: &[u8], new: &[u8]) -> Diff {
    if old == new {
        return Diff::default();
    }
    if too_large(old.len() + new.len(), count_lines(old) + count_lines(new)) {
        return middle(old, new);
    }
    let input = InternedInput::new(old, new);
    let diff = diff_with_slider_heuristics(Algorithm::Histogram, &input);
    let mut found = Diff::default();
    for hunk in diff.hunks() {
        push(&mut found, hunk.before, hunk.after);
    }
    found
}

/// Says whether two texts of so many bytes and lines together are beyond a line diff.
fn too_large(bytes: usize, lines: usize) -> bool {
    bytes > DIFF_BYTES || lines > DIFF_LINES
}

/// Returns one hunk over everything between the common first and the common last lines.
fn middle(old: &[u8], new: &[u8]) -> Diff {
    let prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    // A line is whole or it is not common: step back to the last line end.
    let head = old.get(..prefix).unwrap_or_default();
    let head = head.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let suffix = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = old_rest.get(old_rest.len() - suffix..).unwrap_or_default();
    let tail_lines = match tail.iter().position(|&byte| byte == b'\n') {
        // The line in which the common tail begins may differ before it.
        Some(at) => count_lines(tail.get(at + 1..).unwrap_or_default()),
        None => 0,
    };
    let first = u32_of(count_lines(old.get(..head).unwrap_or_default()));
    let old_end = u32_of(count_lines(old).saturating_sub(tail_lines)).max(first);
    let new_end = u32_of(count_lines(new).saturating_sub(tail_lines)).max(first);
    let mut found = Diff::default();
    push(&mut found, first..old_end, first..new_end);
    found
}

/// Adds a hunk of line indices from 0.
fn push(found: &mut Diff, old: std::ops::Range<u32>, new: std::ops::Range<u32>) {
    found.removed = found.removed.saturating_add(old.end - old.start);
    found.added = found.added.saturating_add(new.end - new.start);
    found.hunks.push(Hunk {
        old_start: old.start.saturating_add(1),
        old_end: old.end.saturating_add(1),
        new_start: new.start.saturating_add(1),
        new_end: new.end.saturating_add(1),
    });
}

/// Counts lines; a last line without LF counts.
fn count_lines(bytes: &[u8]) -> usize {
    let ends = bytes.iter().filter(|&&byte| byte == b'\n').count();
    ends + usize::from(bytes.last().is_some_and(|&byte| byte != b'\n'))
}

fn u32_of(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::{DIFF_BYTES, DIFF_LINES, Diff, hunks, middle, too_large};
    use crate::change::Hunk;

    fn hunk(old: std::ops::Range<u32>, new: std::ops::Range<u32>) -> Hunk {
        Hunk { old_start: old.start, old_end: old.end, new_start: new.start, new_end: new.end }
    }

    #[test]
    fn equal_texts_have_no_hunk() {
        assert_eq!(hunks(b"a\nb\n", b"a\nb\n"), Diff::default());
    }

    #[test]
    fn insertion_stands_before_the_line_it_pushes_down() {
        assert_eq!(hunks(b"a\nb\n", b"a\nx\nb\n").hunks, [hunk(2..2, 2..3)]);
        assert_eq!(hunks(b"", b"a\nb").hunks, [hunk(1..1, 1..3)]);
        assert_eq!(hunks(b"a\nb", b"").hunks, [hunk(1..3, 1..1)]);
    }

    #[test]
    fn missing_last_newline_changes_the_last_line_only() {
        let diff = hunks(b"a\nb", b"a\nb\n");
        assert_eq!((diff.hunks.as_slice(), diff.added, diff.removed), ([hunk(2..3, 2..3)].as_slice(), 1, 1));
    }

    #[test]
    fn line_end_conversion_maps_line_to_line_row_63() {
        let diff = hunks(b"a\r\nb\r\nc\r\n", b"a\nb\nc\n");
        assert_eq!(diff.hunks, [hunk(1..4, 1..4)]);
        let partly = hunks(b"a\nb\r\nc\n", b"a\nb\nc\n");
        assert_eq!(partly.hunks, [hunk(2..3, 2..3)]);
    }

    #[test]
    fn many_bytes_or_many_lines_are_each_too_large() {
        assert!(!too_large(DIFF_BYTES, DIFF_LINES));
        assert!(too_large(DIFF_BYTES + 1, 2));
        assert!(too_large(2, DIFF_LINES + 1));
        let same = "\n".repeat(DIFF_LINES / 2);
        let sides = [format!("a\n{same}b\n"), format!("c\n{same}d\n")];
        assert_eq!(hunks(sides[0].as_bytes(), sides[1].as_bytes()).hunks.len(), 1);
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn a_count_beyond_32_bits_leaves_room_for_the_line_after_it() {
        use super::u32_of;
        assert_eq!((u32_of(7), u32_of(usize::MAX)), (7, u32::MAX - 1));
    }

    #[test]
    fn fallback_covers_the_differing_middle() {
        assert_eq!(middle(b"a\nb\nc\nd\n", b"a\nx\nc\nd\n").hunks, [hunk(2..3, 2..3)]);
        assert_eq!(middle(b"a\nab\nc\n", b"a\nbb\nc\n").hunks, [hunk(2..3, 2..3)]);
        assert_eq!(middle(b"\na\n", b"\nb\n").hunks, [hunk(2..3, 2..3)]);
        assert_eq!(middle(b"a\na\n", b"a\na\na\n").hunks, [hunk(3..3, 3..4)]);
        assert_eq!(middle(b"a\nb", b"a\nc").hunks, [hunk(2..3, 2..3)]);
    }

    #[test]
    fn fallback_never_reports_less_than_the_line_diff() {
        let texts: [&[u8]; 7] = [b"", b"a", b"a\n", b"a\nb\n", b"b\na\nb", b"x\r\n\n\ny", b"\n\n\n"];
        for old in texts {
            for new in texts {
                if old == new {
                    continue;
                }
                let (exact, coarse) = (hunks(old, new), middle(old, new));
                let outer = coarse.hunks[0];
                for inner in exact.hunks {
                    assert!(outer.old_start <= inner.old_start && inner.old_end <= outer.old_end, "{old:?} {new:?}");
                    assert!(outer.new_start <= inner.new_start && inner.new_end <= outer.new_end, "{old:?} {new:?}");
                }
            }
        }
    }
}
