//! The part of two texts in which they differ.
//!
//! Owns cutting off what both begin and end with, so that a small edit of a long file costs little. Pure.

use super::super::Hunk;
use super::super::hunk::hunks;

/// Equal lines that stay on both sides of the difference: a diff slides its hunks over equal neighbours.
const MARGIN: usize = 50;

/// What a line costs beside its bytes: comparing many short ones takes longest.
const BYTES_PER_LINE: u64 = 20;

/// The differing middle of two texts.
#[derive(Debug)]
pub(super) struct Window<'a> {
    /// Lines before it, the same on both sides.
    skipped: u32,
    old: &'a [u8],
    new: &'a [u8],
}

impl<'a> Window<'a> {
    pub(super) fn of(old: &'a [u8], new: &'a [u8]) -> Self {
        let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let start = back(new.get(..same).unwrap_or_default());
        let head = new.get(..start).unwrap_or_default();
        let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
        let same = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
        let tail = forth(new.get(new.len() - same..).unwrap_or_default());
        let cut = |text: &'a [u8]| text.get(..text.len() - tail).unwrap_or_default();
        Self { skipped: lines(head), old: cut(old), new: cut(new) }
    }

    /// Returns what comparing costs.
    pub(super) fn cost(&self) -> u64 {
        let side =
            |text: &[u8]| u64::from(lines(text)).saturating_mul(BYTES_PER_LINE).saturating_add(text.len() as u64);
        side(self.old).saturating_add(side(self.new))
    }

    /// Returns the changed lines, numbered as in the whole texts.
    pub(super) fn hunks(&self) -> Vec<Hunk> {
        let moved = |hunk: Hunk| Hunk {
            old_start: hunk.old_start.saturating_add(self.skipped),
            old_end: hunk.old_end.saturating_add(self.skipped),
            new_start: hunk.new_start.saturating_add(self.skipped),
            new_end: hunk.new_end.saturating_add(self.skipped),
        };
        hunks(self.old, self.new).hunks.into_iter().map(moved).collect()
    }
}

/// Counts lines; a last line without LF counts.
pub(super) fn lines(text: &[u8]) -> u32 {
    let ends = text.iter().filter(|&&byte| byte == b'\n').count();
    u32::try_from(ends + usize::from(text.last().is_some_and(|&byte| byte != b'\n'))).unwrap_or(u32::MAX - 1)
}

/// Returns where the last `MARGIN` whole lines of a common beginning start.
fn back(text: &[u8]) -> usize {
    let mut ends = text.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    ends.nth(MARGIN).unwrap_or(0)
}

/// Returns how many bytes of a common end stand after its first `MARGIN` whole lines.
fn forth(text: &[u8]) -> usize {
    // The line that the common end begins in may differ before it.
    let mut ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    ends.nth(MARGIN).map_or(0, |at| text.len() - at)
}

#[cfg(test)]
mod tests {
    use super::super::super::hunk::hunks;
    use super::Window;

    fn numbered(lines: std::ops::Range<u32>) -> String {
        lines.map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn hunks_are_those_of_the_whole_texts_and_cost_little() {
        let old = numbered(0..5000);
        for (from, to, put) in
            [(2000, 2003, "new\nlines\n"), (0, 1, ""), (4999, 5000, "end"), (10, 10, "x\n"), (0, 0, "")]
        {
            let new = format!("{}{put}{}", numbered(0..from), numbered(to..5000));
            let window = Window::of(old.as_bytes(), new.as_bytes());
            assert_eq!(window.hunks(), hunks(old.as_bytes(), new.as_bytes()).hunks, "{from} {to}");
            assert!(window.cost() < 10_000, "{from} {to}: {}", window.cost());
        }
    }

    #[test]
    fn short_and_odd_texts_are_compared_whole() {
        let texts: [&[u8]; 8] = [b"", b"a", b"a\n", b"a\nb\n", b"b\na\nb", b"x\r\n\n\ny", b"\n\n\n", b"ab\n"];
        for old in texts {
            for new in texts {
                assert_eq!(Window::of(old, new).hunks(), hunks(old, new).hunks, "{old:?} {new:?}");
            }
        }
    }
}
