//! Numbered lines, and the few tokens that build files in Groovy, Kotlin and Ruby are read by: texts in quotes and the
//! words around them.
//!
//! Owns no evaluation: what is computed stays as it is written.

/// Returns the lines with their numbers, from 1.
pub(in crate::dependencies) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1u32..).zip(text.lines())
}

/// Returns a line without the comment that a mark begins outside of quotes.
pub(in crate::dependencies) fn uncommented<'a>(line: &'a str, mark: &str) -> &'a str {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, letter) in line.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if line.get(at..).is_some_and(|rest| rest.starts_with(mark)) => {
                return line.get(..at).unwrap_or(line);
            }
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None => {}
        }
    }
    line
}

/// A text in quotes, and what stands before it on its line, back to the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dependencies) struct Quoted<'a> {
    pub(in crate::dependencies) before: &'a str,
    pub(in crate::dependencies) text: &'a str,
}

/// Returns the texts in single or double quotes of a line, as they are written.
pub(in crate::dependencies) fn quoted(line: &str) -> Vec<Quoted<'_>> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find(['"', '\'']) {
        let (before, tail) = rest.split_at(open);
        let mark = if tail.starts_with('"') { '"' } else { '\'' };
        let inner = tail.get(1..).unwrap_or_default();
        let Some(end) = closing(inner, mark) else { break };
        found.push(Quoted { before, text: inner.get(..end).unwrap_or_default() });
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    found
}

fn closing(inner: &str, mark: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in inner.char_indices() {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else if letter == mark {
            return Some(at);
        }
    }
    None
}

/// Returns the last word of a text: letters, digits and `_`.
pub(in crate::dependencies) fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    text.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{last_word, quoted, uncommented};

    #[test]
    fn comments_end_a_line_outside_of_quotes_only() {
        assert_eq!(uncommented("a 'b # c' # d", "#"), "a 'b # c' ");
        assert_eq!(uncommented("x \"http://a\" // b", "//"), "x \"http://a\" ");
    }

    #[test]
    fn quoted_texts_know_what_stands_before_them() {
        let found = quoted("gem 'a', \"~> 1\", git: 'x'");
        assert_eq!(found.iter().map(|one| one.text).collect::<Vec<_>>(), ["a", "~> 1", "x"]);
        assert_eq!(found[2].before, ", git: ");
        assert_eq!(last_word("implementation(platform("), "platform");
        assert!(quoted("it's").is_empty());
    }
}
