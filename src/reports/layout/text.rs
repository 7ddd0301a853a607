//! Text in columns: cutting and wrapping by display width. Everything here is escaped already.

use unicode_width::UnicodeWidthStr;

/// Stands where text was cut.
pub(in crate::reports) const CUT: &str = "\u{2026}";

/// Returns how many columns `text` takes.
pub(in crate::reports) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Returns at most `most` characters of `text`, with a mark where the rest was.
pub(in crate::reports) fn clip(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}{CUT}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Returns the words of `text` in lines of at most `columns`; a longer word has a line of its own.
pub(in crate::reports) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    // Several blanks in a row mean something in a line of code that is quoted.
    for word in text.trim().split([' ', '\n', '\t']) {
        if !line.is_empty() && !word.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Returns `head` followed by the words of `text`, later lines indented to stand below its first word.
pub(in crate::reports) fn hang(head: &str, text: &str, columns: usize) -> Vec<String> {
    let indent = width(head);
    let lines = wrap(text, columns.saturating_sub(indent).max(20));
    let first = |at: usize| if at == 0 { head.to_owned() } else { " ".repeat(indent) };
    lines.iter().enumerate().map(|(at, line)| first(at) + line).collect()
}

#[cfg(test)]
mod tests {
    use super::{clip, hang, wrap};

    #[test]
    fn words_wrap_by_columns_not_by_bytes() {
        assert_eq!(wrap("\u{4E2D}\u{6587} \u{4E2D}\u{6587} ab", 9), ["\u{4E2D}\u{6587} \u{4E2D}\u{6587}", "ab"]);
        assert_eq!(hang("why: ", "aaaaaaaaaa bbbbbbbbbbbb", 20), ["why: aaaaaaaaaa", "     bbbbbbbbbbbb"]);
    }

    #[test]
    fn cutting_says_so_and_never_splits_a_character() {
        assert_eq!(clip("\u{4E2D}\u{6587}", 1), "\u{4E2D}\u{2026}");
        assert_eq!(clip("ab", 2), "ab");
    }
}
