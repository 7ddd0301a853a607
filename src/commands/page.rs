//! Text for a terminal: labels with hanging text, columns, blank lines.
//!
//! Owns the layout of what the commands for authors print. Everything that is handed in is escaped here.

use std::io::Write as _;

use unicode_width::UnicodeWidthStr as _;

use crate::commands::output::closed;
use crate::error::Error;
use crate::untrusted::{Untrusted, log_line};

/// Columns of the labels on the left.
const LABEL: usize = 14;

/// Text that grows line by line.
pub(in crate::commands) struct Sheet {
    text: String,
    width: usize,
}

impl Sheet {
    /// Starts an empty one for a terminal of that many columns.
    pub(in crate::commands) fn new(width: usize) -> Self {
        Self { text: String::new(), width: width.max(40) }
    }

    /// Adds one line.
    pub(in crate::commands) fn line(&mut self, text: &str) {
        let shown = escaped(text);
        self.text.push_str(shown.trim_end());
        self.text.push('\n');
    }

    /// Adds an empty line, unless one is there.
    pub(in crate::commands) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds text in lines that fit, each behind so many blanks.
    pub(in crate::commands) fn prose(&mut self, indent: usize, text: &str) {
        for line in wrapped(&escaped(&one_line(text)), self.width.saturating_sub(indent)) {
            self.text.push_str(&format!("{}{line}\n", " ".repeat(indent)));
        }
    }

    /// Adds a label with text beside it; nothing when the text is empty.
    pub(in crate::commands) fn field(&mut self, label: &str, text: &str) {
        let mut label = label;
        for line in wrapped(&escaped(&one_line(text)), self.width.saturating_sub(LABEL)) {
            self.text.push_str(&format!("{label:LABEL$}{line}\n"));
            label = "";
        }
    }

    /// Adds code as it is written, each line behind so many blanks.
    pub(in crate::commands) fn code(&mut self, indent: usize, code: &str) {
        for line in Untrusted::new(code).terminal_lines() {
            self.text.push_str(format!("{}{line}", " ".repeat(indent)).trim_end());
            self.text.push('\n');
        }
    }

    /// Adds rows in columns that line up; the last column is as wide as it needs to be.
    pub(in crate::commands) fn columns(&mut self, indent: usize, rows: &[Vec<String>]) {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| escaped(cell)).collect()).collect();
        let count = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widest =
            |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..count).map(widest).collect();
        for row in &rows {
            let mut line = " ".repeat(indent);
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// Adds text that is laid out and escaped already.
    pub(in crate::commands) fn rendered(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes everything to standard output, which may be the log of a CI job: no line is a command to its runner, where
    /// ever it was broken.
    pub(in crate::commands) fn print(&self) -> Result<(), Error> {
        let lines = self.text.lines().map(|line| format!("{}\n", log_line(line)));
        print(&lines.collect::<String>())
    }
}

/// Writes text to standard output; a reader that went away is no fault.
pub(in crate::commands) fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).or_else(closed)
}

/// Returns a count with its noun: `1 rule`, `2 rules`.
pub(in crate::commands) fn counted(count: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    if count == 1 { format!("1 {noun}") } else { format!("{count} {plural}") }
}

fn escaped(text: &str) -> String {
    Untrusted::new(text).terminal()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Sheet, counted};

    #[test]
    fn columns_line_up_by_width_and_hostile_text_is_harmless() {
        let mut sheet = Sheet::new(80);
        sheet.columns(2, &[vec!["a".into(), "b".into()], vec!["\u{4E2D}\u{6587}".into(), "\u{1b}[2J".into()]]);
        assert_eq!(sheet.text, "  a     b\n  \u{4E2D}\u{6587}  \\u{1b}[2J\n");
    }

    #[test]
    fn a_field_hangs_below_its_first_word() {
        let mut sheet = Sheet::new(40);
        sheet.field("why", "one two three four five six seven eight");
        assert_eq!(sheet.text, "why           one two three four five\n              six seven eight\n");
        sheet.field("none", " ");
        assert!(!sheet.text.contains("none"));
    }

    #[test]
    fn nouns_are_counted_as_people_write() {
        assert_eq!((counted(1, "rule"), counted(0, "policy")), ("1 rule".into(), "0 policies".into()));
    }
}
