//! The tokens of Java that names are made of: words, marks, numbers; comments and texts are passed over.
//!
//! Owns what the compiler does before it has tokens: escapes are read first, and every end of a line is one.

use std::borrow::Cow;

/// A text as the compiler reads it.
pub(super) struct Source<'a> {
    text: Cow<'a, str>,
    /// Bytes at which lines end.
    ends: Vec<usize>,
    /// Rows that end where the file as written goes on: an escape or a lone carriage return ends them.
    extra: Vec<usize>,
}

impl<'a> Source<'a> {
    /// Reads escapes and ends of lines.
    pub(super) fn of(text: &'a str) -> Self {
        let (text, extra) = if text.contains("\\u") || has_lone_return(text) {
            let (text, extra) = decoded(text);
            (Cow::Owned(text), extra)
        } else {
            (Cow::Borrowed(text), Vec::new())
        };
        let ends = places(&text, b'\n').collect();
        Self { text, ends, extra }
    }

    /// Returns the text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the row, from 0, that a byte stands in as the file is written.
    pub(super) fn row(&self, at: usize) -> usize {
        let row = self.ends.partition_point(|end| *end < at);
        row.saturating_sub(self.extra.partition_point(|extra| *extra < row))
    }
}

fn places(text: &str, byte: u8) -> impl Iterator<Item = usize> + '_ {
    text.bytes().enumerate().filter(move |(_, here)| *here == byte).map(|(at, _)| at)
}

fn has_lone_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    places(text, b'\r').any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// Returns the text without escapes, and the rows that only an escape or a lone carriage return ends.
fn decoded(text: &str) -> (String, Vec<usize>) {
    let (mut read, mut extra, mut row) = (String::with_capacity(text.len()), Vec::new(), 0);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let mut tail = rest.get(letter.len_utf8()..).unwrap_or_default();
        let mut meant = letter;
        if letter == '\\' {
            if let Some(after) = tail.strip_prefix('\\') {
                read.push_str("\\\\");
                rest = after;
                continue;
            }
            if let Some((code, after)) = escape(tail) {
                (meant, tail) = (code, after);
            }
        }
        let ends = match meant {
            '\n' => true,
            '\r' => letter != '\r' || !tail.starts_with('\n'),
            _ => false,
        };
        if ends {
            if letter != '\n' {
                extra.push(row);
            }
            row += 1;
            meant = '\n';
        }
        read.push(meant);
        rest = tail;
    }
    (read, extra)
}

/// Reads `u0041` behind a backslash; returns its letter and what follows.
fn escape(tail: &str) -> Option<(char, &str)> {
    let digits = tail.strip_prefix('u')?.trim_start_matches('u');
    let code = digits.get(..4).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let code = u32::from_str_radix(code, 16).ok()?;
    Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), digits.get(4..)?))
}

/// One token, with the byte that it begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a reserved word.
    Word(&'a str, usize),
    /// Any other letter of code; `::` is one colon.
    Mark(u8, usize),
    /// A number, a text or a letter.
    Number,
}

/// The tokens of a text.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Passes over everything up to and with these bytes.
    fn pass(&mut self, open: usize, close: &[u8]) {
        let inner = self.rest().get(open..).unwrap_or_default();
        let found =
            inner.windows(close.len()).position(|part| part == close).map_or(inner.len(), |end| end + close.len());
        self.at += open.min(self.rest().len()) + found;
    }

    /// Passes over a text between so many quotes; one quote does not reach over a line.
    fn quoted(&mut self, quote: u8, count: usize) {
        let rest = self.rest();
        let close = rest.get(..count).unwrap_or_default();
        let mut at = count;
        loop {
            let tail = rest.get(at..).unwrap_or_default();
            let Some(next) = tail.iter().position(|byte| *byte == quote || matches!(byte, b'\\' | b'\n')) else {
                at = rest.len();
                break;
            };
            at += next;
            match tail.get(next) {
                // The next letter is part of this escape.
                Some(b'\\') => at += 2,
                Some(b'\n') if count == 1 => break,
                _ if rest.get(at..).is_some_and(|here| here.starts_with(close)) => {
                    at += count;
                    break;
                }
                _ => at += 1,
            }
        }
        self.at += at.min(rest.len());
    }

    fn word(&mut self) -> &'a str {
        let start = self.at;
        let length = self.rest().iter().position(|byte| !is_letter(*byte)).unwrap_or(self.rest().len());
        self.at += length;
        self.text.get(start..self.at).unwrap_or_default()
    }
}

/// Says whether a byte may be part of a name.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0..=8 | 14..=27 | 127) || byte >= 0x80
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let at = self.at;
            match *self.rest() {
                [] => return None,
                [b' ' | b'\n' | b'\r' | b'\t' | 12, ..] => self.at += 1,
                [b'/', b'/', ..] => self.pass(2, b"\n"),
                [b'/', b'*', ..] => self.pass(2, b"*/"),
                [b'"', b'"', b'"', ..] => {
                    self.quoted(b'"', 3);
                    return Some(Token::Number);
                }
                [quote @ (b'"' | b'\''), ..] => {
                    self.quoted(quote, 1);
                    return Some(Token::Number);
                }
                // `...` is no dot of a name.
                [b'.', b'.', b'.', ..] => {
                    self.at += 3;
                    return Some(Token::Mark(b',', at));
                }
                [b':', b':', ..] => {
                    self.at += 2;
                    return Some(Token::Mark(b':', at));
                }
                [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..] => {
                    self.at += 1;
                    while let [byte, ..] = *self.rest() {
                        if !(is_letter(byte) || byte == b'.') {
                            break;
                        }
                        self.at += 1;
                    }
                    return Some(Token::Number);
                }
                [byte, ..] if is_letter(byte) => return Some(Token::Word(self.word(), at)),
                [byte, ..] => {
                    self.at += 1;
                    return Some(Token::Mark(byte, at));
                }
            }
        }
    }
}
