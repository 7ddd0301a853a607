//! A code frame: the lines of a finding with their numbers and marks under its exact columns.
//!
//! Columns come in code points; on the screen a wide character takes two, a tab several and an escaped one many. So a
//! line is cut into cells first and all arithmetic is done on them.

use crate::finding::Position;
use crate::untrusted::terminal_char;

use super::text::width;

/// Columns between two tab stops.
const TAB: usize = 4;
/// Stands where a line is cut off on either side.
const CUT: &str = "\u{2026}";
/// No line is looked at further than this many characters before and after the start of its mark.
const LONGEST: usize = 4_000;
/// No frame is wider, which keeps it well inside `LONGEST`.
const WIDEST: usize = 500;

/// One line of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::reports) struct Line {
    /// Its number in the file, from 1; none where lines in between were left out.
    pub(in crate::reports) number: Option<u32>,
    /// Its text, escaped and cut to the width.
    pub(in crate::reports) text: String,
    /// Blanks before the mark.
    pub(in crate::reports) indent: usize,
    /// Columns to mark.
    pub(in crate::reports) marked: usize,
}

/// Returns the lines of `text` that the range covers: all of up to two, else first and last, at most `columns` wide.
pub(in crate::reports) fn frame(text: &str, start: Position, end: Position, columns: usize) -> Vec<Line> {
    let columns = columns.clamp(24, WIDEST);
    let (last_line, last_column) = last(text, start, end);
    let Some(first) = line(text, start.line) else { return Vec::new() };
    if last_line <= start.line {
        return vec![cut(first, start.line, start.column, last_column, columns)];
    }
    let mut lines = vec![cut(first, start.line, start.column, None, columns)];
    if last_line > start.line + 1 {
        lines.push(Line { number: None, text: String::new(), indent: 0, marked: 0 });
    }
    if let Some(found) = line(text, last_line) {
        let blank = found.chars().take_while(|c| c.is_whitespace()).count();
        lines.push(cut(
            found,
            last_line,
            u32::try_from(blank).unwrap_or(u32::MAX).saturating_add(1),
            last_column,
            columns,
        ));
    }
    lines
}

/// Returns lines of a frame as plain text with numbers and marks.
pub(in crate::reports) fn plain(lines: &[Line]) -> String {
    let digits = lines.iter().filter_map(|line| line.number).max().unwrap_or(0).to_string().len();
    let mut text = String::new();
    for line in lines {
        match line.number {
            None => text.push_str("...\n"),
            Some(number) => {
                text.push_str(format!("{number:>digits$} | {}", line.text).trim_end());
                text.push_str(&format!("\n{:digits$} | {:indent$}", "", "", indent = line.indent));
                text.push_str(&"^".repeat(line.marked));
                text.push('\n');
            }
        }
    }
    text
}

/// Returns the last line that the range touches and the column after its mark; none for the whole line.
fn last(text: &str, start: Position, end: Position) -> (u32, Option<u32>) {
    if end.line > start.line && end.column <= 1 {
        return (end.line - 1, None);
    }
    match line(text, end.line) {
        Some(_) => (end.line, Some(end.column)),
        // A range that ends past the text: its last line is as far as there is something to show.
        None => (u32::try_from(text.lines().count()).unwrap_or(u32::MAX).max(start.line), None),
    }
}

fn line(text: &str, number: u32) -> Option<&str> {
    text.lines().nth(usize::try_from(number.checked_sub(1)?).ok()?)
}

/// One character as it is shown.
struct Cell {
    text: String,
    width: usize,
}

/// Returns one line, marked from one column to another (both from 1, the second exclusive, none for its end).
fn cut(text: &str, number: u32, from: u32, to: Option<u32>, columns: usize) -> Line {
    let from = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
    let to = to.map(|column| usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX));
    let skipped = from.saturating_sub(LONGEST);
    let cells = cells(text, skipped);
    let from = (from - skipped).min(cells.len());
    let to = to.map_or(cells.len(), |to| to.saturating_sub(skipped)).clamp(from, cells.len());
    let (first, after) = window(&cells, from, to, columns);
    let left = if first > 0 { CUT } else { "" };
    let right = if after < cells.len() { CUT } else { "" };
    let part = |a: usize, b: usize| cells.get(a..b).unwrap_or_default();
    let wide = |a: usize, b: usize| part(a, b).iter().map(|cell| cell.width).sum::<usize>();
    let shown: String = part(first, after).iter().map(|cell| cell.text.as_str()).collect();
    Line {
        number: Some(number),
        text: format!("{left}{shown}{right}").trim_end().to_owned(),
        indent: width(left) + wide(first, from),
        marked: wide(from, to.min(after)).max(1),
    }
}

fn cells(text: &str, skipped: usize) -> Vec<Cell> {
    let mut column = 0;
    let shown = text.chars().skip(skipped).take(2 * LONGEST).map(|c| {
        let text = if c == '\t' { " ".repeat(TAB - column % TAB) } else { terminal_char(c) };
        let width = width(&text);
        column += width;
        Cell { text, width }
    });
    shown.collect()
}

/// Returns which cells are shown: all when they fit, else as much of the mark as fits, with some text before it.
fn window(cells: &[Cell], from: usize, to: usize, columns: usize) -> (usize, usize) {
    let wide = |a: usize, b: usize| cells.get(a..b).unwrap_or_default().iter().map(|cell| cell.width).sum::<usize>();
    if wide(0, cells.len()) <= columns {
        return (0, cells.len());
    }
    let room = columns.saturating_sub(2);
    let mut first = 0;
    if wide(0, to) > room {
        // Keep the text before the mark to a third, less when the mark needs the room.
        let before = room.saturating_sub(wide(from, to)).min(room / 3).max(room / 8);
        first = from;
        let mut kept = 0;
        while let Some(cell) = first.checked_sub(1).and_then(|at| cells.get(at)) {
            kept += cell.width;
            if kept > before {
                break;
            }
            first -= 1;
        }
    }
    let mut after = first;
    let mut used = 0;
    while let Some(cell) = cells.get(after) {
        used += cell.width;
        if used > room {
            break;
        }
        after += 1;
    }
    (first, after)
}

#[cfg(test)]
mod tests {
    use super::{Line, frame};
    use crate::finding::Position;

    fn at(line: u32, column: u32) -> Position {
        Position { line, column }
    }

    fn one(text: &str, from: u32, to: u32, columns: usize) -> Line {
        frame(text, at(1, from), at(1, to), columns).remove(0)
    }

    #[test]
    fn marks_stand_under_wide_escaped_and_tabbed_characters() {
        assert_eq!((one("\tx = 1", 2, 3, 80).indent, one("\tx = 1", 2, 3, 80).marked), (4, 1));
        let wide = one("\u{4E2D}\u{6587}()", 1, 3, 80);
        assert_eq!((wide.indent, wide.marked), (0, 4));
        let bidi = one("a\u{202E}b", 2, 3, 80);
        assert_eq!((bidi.text.as_str(), bidi.indent, bidi.marked), ("a\\u{202e}b", 1, 8));
    }

    #[test]
    fn a_long_line_shows_the_mark_and_fits() {
        let text = format!("{}eval(x){}", "a".repeat(500), "b".repeat(500));
        let line = one(&text, 501, 508, 60);
        assert!(line.text.starts_with('\u{2026}') && line.text.ends_with('\u{2026}'));
        assert!(super::width(&line.text) <= 60);
        let shown: String = line.text.chars().skip(line.indent).take(line.marked).collect();
        assert_eq!(shown, "eval(x)");
    }

    #[test]
    fn a_mark_longer_than_the_width_is_cut_with_the_line() {
        let line = one(&"x".repeat(300), 1, 301, 40);
        assert!(super::width(&line.text) <= 40 && line.indent + line.marked <= 40);
    }

    #[test]
    fn a_range_of_lines_shows_first_and_last() {
        let text = "if a:\n  b()\n  c()\n";
        let lines = frame(text, at(1, 1), at(3, 6), 80);
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [Some(1), None, Some(3)]);
        assert_eq!((lines[0].marked, lines[2].indent, lines[2].marked), (5, 2, 3));
        assert_eq!(frame(text, at(1, 1), at(2, 1), 80).len(), 1);
    }

    #[test]
    fn places_outside_the_text_never_fail() {
        assert!(frame("", at(1, 1), at(1, 1), 80).is_empty());
        assert!(frame("a", at(9, 1), at(9, 2), 80).is_empty());
        assert_eq!(one("a", 40, 50, 80), Line { number: Some(1), text: "a".to_owned(), indent: 1, marked: 1 });
        assert_eq!(frame("a\nb", at(1, 1), at(u32::MAX, u32::MAX), 80).len(), 2);
        assert_eq!(frame("a", at(0, 0), at(0, 0), 80).len(), 0);
    }
}
