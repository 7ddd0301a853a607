//! Text for a terminal: no byte of it moves the cursor, colours, rings, or reorders.

use std::fmt::Write as _;

use super::hidden::is_hidden;

/// How many blanks stand for a tab where a text is shown as lines.
const TAB: &str = "    ";

/// Returns `text` as one line: hidden characters, line ends and tabs included, as `\u{..}`. So is the bracket of `##[`,
/// which the runner of GitHub Actions obeys anywhere in a line of its log.
///
/// A backslash of the text stays as it is, so the form is for people; JSON is the lossless one.
#[must_use]
pub fn terminal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '[' && shown.ends_with("##") { shown.push_str("\\u{5b}") } else { push(c, &mut shown) }
    }
    shown
}

/// Returns the visible form of one character.
#[must_use]
pub fn terminal_char(c: char) -> String {
    let mut shown = String::new();
    push(c, &mut shown);
    shown
}

/// Returns the lines of `text`, each as by `terminal`, but a tab as blanks. LF and CR LF end a line.
#[must_use]
pub fn terminal_lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split('\t').map(terminal).collect::<Vec<_>>().join(TAB)).collect()
}

fn push(c: char, shown: &mut String) {
    if is_hidden(c) {
        // Writing to a `String` cannot fail.
        let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
    } else {
        shown.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::{terminal, terminal_char, terminal_lines};

    #[test]
    fn escapes_are_visible_and_ordinary_text_is_untouched() {
        assert_eq!(terminal("a\u{1B}[2J\u{202E}b\r\n"), "a\\u{1b}[2J\\u{202e}b\\u{d}\\u{a}");
        assert_eq!(terminal("caf\u{E9} \u{4E2D}\u{6587} C:\\x"), "caf\u{E9} \u{4E2D}\u{6587} C:\\x");
    }

    #[test]
    fn one_character_is_shown_as_in_a_text() {
        assert_eq!(['a', '\u{202E}', '\n'].map(terminal_char), ["a", "\\u{202e}", "\\u{a}"]);
    }

    #[test]
    fn no_command_of_the_older_form_is_left_anywhere() {
        assert_eq!(terminal("a ###[error]b #[x] ##\u{200B}[y"), "a ###\\u{5b}error]b #[x] ##\\u{200b}[y");
    }

    #[test]
    fn lines_end_at_lf_and_crlf_but_not_at_other_separators() {
        assert_eq!(terminal_lines("a\tb\r\nc\rd\u{2028}e\n"), ["a    b", "c\\u{d}d\\u{2028}e"]);
    }
}
