//! Rego as tokens and comments: enough to tell text that counts from text that does not.
//!
//! Owns strings, raw strings, comments and the white space that has meaning. Must not know the grammar; a text that
//! it cannot follow with certainty is refused, so that nothing is ever taken for a comment that is none.

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// The line on which it starts, from 0.
    pub(super) line: usize,
    /// White space stands before it.
    pub(super) spaced: bool,
    /// It is the first token of its line.
    pub(super) first: bool,
}

/// One comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Comment<'a> {
    /// What stands behind the `#`.
    pub(super) text: &'a str,
    /// Its line, from 0.
    pub(super) line: usize,
    /// Nothing else stands on the line.
    pub(super) alone: bool,
}

/// A file as its tokens and comments, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Scanned<'a> {
    /// The tokens.
    pub(super) tokens: Vec<Token<'a>>,
    /// The comments.
    pub(super) comments: Vec<Comment<'a>>,
}

/// Scans a file; nothing when it cannot be followed: bad bytes, a lone carriage return, an unclosed string, or a
/// template string, inside which code and comments would have to be told apart.
pub(super) fn scan(bytes: &[u8]) -> Option<Scanned<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut scanned = Scanned::default();
    let (mut at, mut line, mut spaced, mut first) = (0, 0, false, true);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match rest.as_bytes().first()? {
            b'\n' => {
                (line, first) = (line + 1, true);
                1
            }
            b'\r' if rest.starts_with("\r\n") => 1,
            b' ' | b'\t' => 1,
            b'#' => {
                let comment = rest.lines().next().unwrap_or_default();
                if comment.contains('\r') {
                    return None;
                }
                scanned.comments.push(Comment { text: comment.get(1..)?, line, alone: first });
                comment.len()
            }
            _ => {
                let length = token(rest)?;
                let text = rest.get(..length)?;
                scanned.tokens.push(Token { text, line, spaced, first });
                line += text.matches('\n').count();
                (spaced, first) = (false, false);
                at += length;
                continue;
            }
        };
        spaced = true;
        at += length;
    }
    Some(scanned)
}

/// Returns the length of the token at the start of `rest`.
fn token(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    match bytes.first()? {
        b'"' => string(bytes),
        b'`' => bytes.iter().skip(1).position(|byte| *byte == b'`').map(|at| at + 2),
        b'$' => None,
        byte if is_word(*byte) => Some(bytes.iter().take_while(|byte| is_word(**byte)).count()),
        byte if byte.is_ascii_control() => None,
        _ => rest.chars().next().map(char::len_utf8),
    }
}

fn string(bytes: &[u8]) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\n' | b'\r' => return None,
            b'"' if !escaped => return Some(at + 1),
            byte => escaped = *byte == b'\\' && !escaped,
        }
    }
    None
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::scan;

    fn tokens(text: &str) -> Vec<&str> {
        scan(text.as_bytes()).unwrap().tokens.into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn a_number_sign_in_a_string_starts_no_comment() {
        assert_eq!(tokens("a := \"x # y\\\" # z\" # c"), ["a", ":", "=", "\"x # y\\\" # z\""]);
        assert_eq!(tokens("a := `x # \\` # `"), ["a", ":", "=", "`x # \\`"]);
        let text = "# one\nx # two\n";
        let comments = scan(text.as_bytes()).unwrap().comments;
        assert_eq!(
            comments.iter().map(|c| (c.text, c.line, c.alone)).collect::<Vec<_>>(),
            [(" one", 0, true), (" two", 1, false)]
        );
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        for text in ["a\rb", "# a\rb", "\"a", "\"a\nb\"", "`a", "$\"{a}\"", "a\0", "a\x0bb"] {
            assert!(scan(text.as_bytes()).is_none(), "{text:?}");
        }
        assert!(scan(b"\xFF").is_none());
        assert!(scan(b"a\r\n\tb # $\" \r\n").is_some());
    }
}
