//! The part of a file that its imports can stand in, for languages that want them at the top.
//!
//! Owns a scan that knows comments and strings, so that nothing in them looks like code. Where it cannot tell, it gives
//! the whole text: cutting less costs time, cutting more would lose an import.

/// Words that begin what no import may follow, in Go.
const GO: &[&str] = &["const", "func", "type", "var"];

/// Returns how many bytes of a text have to be parsed for its imports.
pub(super) fn length(family: &str, text: &str) -> usize {
    match family {
        "go" => go(text),
        _ => text.len(),
    }
}

/// Up to the first declaration at the beginning of a line.
fn go(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_u32;
    for (at, byte) in Code::of(text) {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let begins = || at.checked_sub(1).is_none_or(|before| matches!(bytes.get(before), Some(b'\n' | b';')));
        if depth == 0 && byte.is_ascii_lowercase() && begins() && GO.iter().any(|word| is_word(text, at, word)) {
            return at;
        }
    }
    text.len()
}

fn is_word(text: &str, at: usize, word: &str) -> bool {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    rest.starts_with(word.as_bytes()) && !rest.get(word.len()).copied().is_some_and(is_letter)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Places of a text, with their bytes, that are in no comment and no string.
struct Code<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Code<'a> {
    fn of(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0 }
    }

    /// Returns where a comment or string that begins here ends.
    fn skipped(&self) -> Option<usize> {
        let rest = self.text.get(self.at..)?;
        let until = |open: usize, close: &[u8]| {
            let inner = rest.get(open..).unwrap_or_default();
            let found = inner.windows(close.len()).position(|part| part == close);
            Some(self.at + open + found.map_or(inner.len(), |end| end + close.len()))
        };
        match rest {
            [b'/', b'/', ..] => until(2, b"\n").map(|end| end - 1),
            [b'/', b'*', ..] => until(2, b"*/"),
            [b'`', ..] => until(1, b"`"),
            [b'"', b'"', b'"', ..] => Some(self.at + quoted(rest, 3)),
            [b'"' | b'\'', ..] => Some(self.at + quoted(rest, 1)),
            _ => None,
        }
    }
}

/// Returns the length of a string with escapes between so many quotes; one quote does not reach over a line.
fn quoted(rest: &[u8], quotes: usize) -> usize {
    let close = rest.get(..quotes).unwrap_or_default();
    let mut at = quotes;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' if quotes == 1 => return at,
            _ if rest.get(at..).is_some_and(|here| here.starts_with(close)) => return at + quotes,
            _ => at += 1,
        }
    }
    rest.len()
}

impl Iterator for Code<'_> {
    type Item = (usize, u8);

    fn next(&mut self) -> Option<(usize, u8)> {
        loop {
            let (here, byte) = (self.at, *self.text.get(self.at)?);
            let end = if matches!(byte, b'/' | b'"' | b'\'' | b'`') { self.skipped() } else { None };
            match end {
                // Always forward, whatever the text.
                Some(end) => self.at = end.max(here + 1),
                None => {
                    self.at = here + 1;
                    return Some((here, byte));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    fn head<'a>(family: &str, text: &'a str) -> &'a str {
        &text[..length(family, text)]
    }

    #[test]
    fn go_ends_at_the_first_declaration_and_not_at_one_in_a_comment_or_string() {
        assert_eq!(head("go", "package a\nimport \"b\"\nfunc f() {}"), "package a\nimport \"b\"\n");
        let hidden = "package a\n/*\nfunc f()\n*/\nimport (\n\tvar \"x\"\n`c\nfunc `\n)\n";
        assert_eq!(head("go", hidden), hidden);
        assert_eq!(head("go", "package a\nfunction()\n"), "package a\nfunction()\n");
    }

    #[test]
    fn hostile_text_ends() {
        for text in ["\"", "'\\", "/*", "//", "`", "\"\"\"", "/", "\"\"\"\\", "{", "'\n'"] {
            assert!(length("go", text) <= text.len());
        }
    }
}
