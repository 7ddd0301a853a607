//! Lines: which ones a change touched, and where a byte stands.

use std::ops::Range;

use crate::change::Hunk;

/// The lines of one side that a change touched.
pub(crate) struct ChangedLines {
    /// Half-open ranges, sorted; an empty one is a place where only the other side has lines.
    ranges: Vec<Range<u32>>,
}

impl ChangedLines {
    /// Returns the changed lines of the base side.
    pub(crate) fn of_base(hunks: &[Hunk]) -> Self {
        Self { ranges: hunks.iter().map(|hunk| hunk.old_start..hunk.old_end).collect() }
    }

    /// Returns the changed lines of the head side.
    pub(crate) fn of_head(hunks: &[Hunk]) -> Self {
        Self { ranges: hunks.iter().map(|hunk| hunk.new_start..hunk.new_end).collect() }
    }

    /// Returns all lines: of a side that the other has nothing in common with.
    pub(crate) fn all() -> Self {
        Self { ranges: std::iter::once(1..u32::MAX).collect() }
    }

    /// Says whether the line itself changed.
    pub(crate) fn holds(&self, line: u32) -> bool {
        let next = self.ranges.partition_point(|range| range.end <= line);
        self.ranges.get(next).is_some_and(|range| range.contains(&line))
    }

    /// Says whether a changed line, or a place where lines went, lies in `start..=end`.
    pub(crate) fn touch(&self, start: u32, end: u32) -> bool {
        let next = self.ranges.partition_point(|range| range.end <= start);
        self.ranges
            .get(next..)
            .unwrap_or_default()
            .iter()
            .take_while(|range| range.start <= end)
            .any(|range| if range.is_empty() { range.start > start } else { range.end > start })
    }

    /// Like `touch`, and true also directly beside a place where lines went.
    pub(crate) fn touch_or_border(&self, start: u32, end: u32) -> bool {
        self.touch(start, end) || self.touch(start.saturating_sub(1), end.saturating_add(1)) && self.gap_at(start, end)
    }

    fn gap_at(&self, start: u32, end: u32) -> bool {
        let next = self.ranges.partition_point(|range| range.start < start);
        let near = self.ranges.get(next..).unwrap_or_default().iter();
        near.take_while(|range| range.start <= end.saturating_add(1)).any(Range::is_empty)
    }

    /// Returns where an untouched line of this side stands on the other side, whose hunks are the same ones.
    pub(crate) fn on_other_side(&self, line: u32, other: &Self) -> u32 {
        let before = self.ranges.partition_point(|range| range.end <= line);
        let last = before.checked_sub(1).and_then(|index| Some((self.ranges.get(index)?, other.ranges.get(index)?)));
        last.map_or(line, |(own, other)| line.saturating_sub(own.end).saturating_add(other.end))
    }

    /// Returns the index of the hunk that holds the line.
    pub(crate) fn hunk_of(&self, line: u32) -> Option<usize> {
        let next = self.ranges.partition_point(|range| range.end <= line);
        self.ranges.get(next).filter(|range| range.contains(&line)).map(|_| next)
    }
}

/// Returns a row from 0 as a line from 1.
pub(crate) fn line(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX).saturating_add(1)
}

/// Returns the column, in code points from 1, of a byte that stands `byte_column` bytes after its line's start.
pub(crate) fn column(text: &str, byte: usize, byte_column: usize) -> u32 {
    let before = text.get(byte.saturating_sub(byte_column)..byte).unwrap_or_default();
    let count = if before.is_ascii() { before.len() } else { before.chars().count() };
    u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1)
}

/// Appends `text` to `out` with each run of white space as one blank, until `out` has `limit` characters.
pub(crate) fn collapse_into(out: &mut String, text: &str, limit: usize) -> bool {
    let mut count = out.chars().count();
    let mut blank = false;
    for letter in text.chars() {
        if letter.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() && !out.ends_with(' ') {
            if count >= limit {
                return false;
            }
            out.push(' ');
            count = count.saturating_add(1);
        }
        blank = false;
        if count >= limit {
            return false;
        }
        out.push(letter);
        count = count.saturating_add(1);
    }
    true
}

/// Returns the first `limit` characters of `text`.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    match text.char_indices().nth(limit) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(new_start: u32, new_end: u32) -> Hunk {
        Hunk { old_start: 1, old_end: 1, new_start, new_end }
    }

    #[test]
    fn a_pure_deletion_touches_what_surrounds_it_and_not_what_stands_beside_it() {
        let lines = ChangedLines::of_head(&[hunk(5, 5), hunk(9, 11)]);
        assert!(lines.touch(4, 5));
        assert!(!lines.touch(5, 6));
        assert!(!lines.touch(3, 4));
        assert!(lines.touch_or_border(5, 6));
        assert!(lines.touch_or_border(3, 4));
        assert!(!lines.touch_or_border(6, 8));
        assert!(lines.touch(10, 10) && lines.touch(1, 20) && !lines.touch(11, 12));
        assert!(lines.holds(9) && lines.holds(10) && !lines.holds(11) && !lines.holds(5));
    }

    #[test]
    fn white_space_collapses_to_one_blank_and_the_limit_holds() {
        let mut out = String::new();
        assert!(collapse_into(&mut out, "  a \n\t b", 10));
        assert_eq!(out, "a b");
        let mut out = String::new();
        assert!(!collapse_into(&mut out, "abcdef", 3));
        assert_eq!(out, "abc");
    }
}
