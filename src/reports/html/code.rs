//! A frame of code: numbered lines with the place marked in them.

use unicode_width::UnicodeWidthChar as _;

use crate::finding::Finding;
use crate::outcome::Outcome;
use crate::reports::layout::frame::{Line, frame};
use crate::reports::layout::words;
use crate::untrusted::html;

/// Width of frames in columns; a narrow screen scrolls them.
const COLUMNS: usize = 120;

/// Returns the lines that a finding is about; empty where it is about a whole file or its text is not there.
pub(super) fn of_finding(finding: &Finding, outcome: &Outcome) -> String {
    let text = finding.path.as_ref().and_then(|path| outcome.texts.get(path.raw()));
    let (Some(text), Some(start), Some(end), false) = (text, finding.start, finding.end, words::is_whole_file(finding))
    else {
        return String::new();
    };
    let lines = frame(text, start, end, COLUMNS);
    if lines.is_empty() {
        return String::new();
    }
    let digits = lines.iter().filter_map(|line| line.number).max().unwrap_or(0).to_string().len();
    let rows: Vec<String> = lines.iter().map(|line| row(line, digits)).collect();
    format!("<pre>{}</pre>\n", rows.join("\n"))
}

fn row(line: &Line, digits: usize) -> String {
    let Some(number) = line.number else { return format!("<i>{:>digits$}</i> ", "\u{2026}") };
    let (before, marked, after) = parts(line);
    format!("<i>{number:>digits$}</i> {}<mark>{}</mark>{}", html(before), html(marked), html(after))
}

/// Returns what stands before the mark, under it and behind it; the mark is given in columns.
fn parts(line: &Line) -> (&str, &str, &str) {
    let from = at_column(&line.text, line.indent);
    let to = at_column(&line.text, line.indent + line.marked).max(from);
    let cut = |a: usize, b: usize| line.text.get(a..b).unwrap_or_default();
    (cut(0, from), cut(from, to), cut(to, line.text.len()))
}

/// Returns the offset of the first character that begins at that column or behind it.
fn at_column(text: &str, column: usize) -> usize {
    let mut reached = 0;
    for (at, c) in text.char_indices() {
        let width = c.width().unwrap_or(0);
        // What has no width of its own belongs to the character before it.
        if reached >= column && width > 0 {
            return at;
        }
        reached += width;
    }
    text.len()
}

/// Returns lines of an example or of advice as a block.
pub(super) fn block(text: &str, lines: usize) -> String {
    let all = crate::untrusted::terminal_lines(text.trim_end());
    let shown: Vec<String> = all.iter().take(lines).map(|line| html(line)).collect();
    let more = if all.len() > lines { "\n\u{2026}" } else { "" };
    format!("<pre>{}{more}</pre>\n", shown.join("\n"))
}
