//! Java's Unicode escapes: the compiler reads them before it knows what a comment is.

use crate::facts::preflight::Suspect;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    LineComment,
    BlockComment,
    Text,
    TextBlock,
    Letter,
}

/// Finds escapes that stand in code, or that end a line, a comment or a literal.
pub(super) fn suspects(text: &str) -> Vec<Suspect> {
    if !text.contains("\\u") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let letters: Vec<char> = text.chars().collect();
    let (mut state, mut line, mut column, mut at) = (State::Code, 1_u32, 1_u32, 0_usize);
    while let Some(letter) = letters.get(at).copied() {
        let width;
        if let Some((meant, length)) = escape(&letters, at) {
            width = length;
            if deceives(meant, state) {
                let detail = format!("\\u{:04x}", u32::from(meant));
                found.push(Suspect { line, column, kind: "unicode-escape", detail });
            }
        } else if letter == '\\' && matches!(state, State::Text | State::TextBlock | State::Letter) {
            // The next character is part of this escape, unless it ends the line.
            width = if letters.get(at.saturating_add(1)).is_some_and(|next| *next != '\n') { 2 } else { 1 };
        } else if letter == '\\' && letters.get(at.saturating_add(1)) == Some(&'\\') {
            width = 2;
        } else {
            (state, width) = step(state, &letters, at);
        }
        for passed in letters.get(at..at.saturating_add(width)).unwrap_or_default() {
            column = column.saturating_add(1);
            if *passed == '\n' {
                (line, column) = (line.saturating_add(1), 1);
            }
        }
        at = at.saturating_add(width);
    }
    found
}

/// Returns what an escape at this place means, and how long it is.
fn escape(letters: &[char], at: usize) -> Option<(char, usize)> {
    if letters.get(at) != Some(&'\\') {
        return None;
    }
    let us = letters.iter().skip(at.saturating_add(1)).take_while(|letter| **letter == 'u').count();
    if us == 0 {
        return None;
    }
    let first = at.saturating_add(1).saturating_add(us);
    let digits: String = letters.get(first..first.saturating_add(4))?.iter().collect();
    let code = u32::from_str_radix(&digits, 16).ok()?;
    Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), us.saturating_add(5)))
}

fn deceives(meant: char, state: State) -> bool {
    match state {
        State::Code => true,
        State::LineComment => matches!(meant, '\n' | '\r'),
        State::BlockComment => matches!(meant, '*' | '/'),
        State::Text | State::TextBlock | State::Letter => matches!(meant, '\n' | '\r' | '"' | '\'' | '\\'),
    }
}

/// Returns the state after the character at this place, and how many characters that took.
fn step(state: State, letters: &[char], at: usize) -> (State, usize) {
    let here = |text: &str| text.chars().enumerate().all(|(i, c)| letters.get(at.saturating_add(i)) == Some(&c));
    match state {
        State::Code if here("//") => (State::LineComment, 2),
        State::Code if here("/*") => (State::BlockComment, 2),
        State::Code if here("\"\"\"") => (State::TextBlock, 3),
        State::Code if here("\"") => (State::Text, 1),
        State::Code if here("'") => (State::Letter, 1),
        State::LineComment if here("\n") || here("\r") => (State::Code, 1),
        State::BlockComment if here("*/") => (State::Code, 2),
        State::TextBlock if here("\"\"\"") => (State::Code, 3),
        State::Text if here("\"") || here("\n") => (State::Code, 1),
        State::Letter if here("'") || here("\n") => (State::Code, 1),
        same => (same, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::suspects;

    fn places(text: &str) -> Vec<(u32, u32)> {
        suspects(text).into_iter().map(|suspect| (suspect.line, suspect.column)).collect()
    }

    #[test]
    fn escapes_that_end_a_comment_or_a_line_are_found_row_53() {
        assert_eq!(places("class A {\n// \\u000a evil();\n}"), vec![(2, 4)]);
        assert_eq!(places("/* \\u002a\\u002f static { evil(); } /* */"), vec![(1, 4), (1, 10)]);
        assert_eq!(places("String a = \"x\\u0022; evil(); //\";"), vec![(1, 14)]);
        assert_eq!(places("\\u0065vil();"), vec![(1, 1)]);
        assert_eq!(places("// \\uuuu000a evil();"), vec![(1, 4)]);
    }

    #[test]
    fn escapes_that_spell_a_letter_in_a_text_or_comment_are_left_alone() {
        assert_eq!(places("String a = \"\\u00e9\"; char b = '\\u00e9';"), vec![]);
        assert_eq!(places("// \\u00e9\n/* \\u00e9 \\u000a */"), vec![]);
        assert_eq!(places("String a = \"\\\\u0022\"; // \\\\u000a"), vec![]);
        assert_eq!(places("String a = \"\"\"\n \\u00e9 \"x\" \"\"\";"), vec![]);
    }
}
