//! The tokens of Rust that paths are made of: words, `::`, marks and texts; comments, letters and lifetimes are passed
//! over.

/// One token, with the byte that it begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a reserved word, without `r#`.
    Word(&'a str, usize),
    /// `::`.
    Colons(usize),
    /// Any other letter of code; `=>` and `->` are one `=`.
    Mark(u8, usize),
    /// What stands between quotes, escapes as written, and whether they are read.
    Text(&'a str, bool),
    /// A number, a letter or a lifetime.
    Other,
}

/// The tokens of a text.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        // The line that names an interpreter; `#![` is an attribute.
        let first = text.starts_with("#!") && !text.get(2..).unwrap_or_default().trim_start().starts_with('[');
        Self { text, at: if first { text.find('\n').unwrap_or(text.len()) } else { 0 } }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Passes over a comment in marks, with those inside it.
    fn comment(&mut self) {
        let mut depth = 0_u32;
        loop {
            match *self.rest() {
                [] => return,
                [b'/', b'*', ..] => (depth, self.at) = (depth.saturating_add(1), self.at + 2),
                [b'*', b'/', ..] => {
                    (depth, self.at) = (depth.saturating_sub(1), self.at + 2);
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// Reads a text that begins here with a quote.
    fn quoted(&mut self) -> Token<'a> {
        let start = self.at + 1;
        self.at = start;
        while let [byte, ..] = *self.rest() {
            match byte {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return Token::Text(self.slice(start, self.at - 1), true);
                }
                _ => self.at += 1,
            }
        }
        self.at = self.text.len();
        Token::Text(self.slice(start, self.at), true)
    }

    /// Reads `#"..."#` with so many marks.
    fn raw(&mut self, marks: usize) -> Token<'a> {
        let start = self.at + marks + 1;
        let rest = self.text.get(start..).unwrap_or_default();
        let close = format!("\"{}", "#".repeat(marks));
        let length = rest.find(&close).unwrap_or(rest.len());
        self.at = (start + length + close.len()).min(self.text.len());
        Token::Text(self.slice(start, start + length), false)
    }

    /// Reads a word, or the text that it begins.
    fn word(&mut self) -> Token<'a> {
        let start = self.at;
        self.at += self.rest().iter().position(|byte| !is_letter(*byte)).unwrap_or(self.rest().len());
        let word = self.slice(start, self.at);
        let marks = self.rest().iter().take_while(|byte| **byte == b'#').count();
        match (word, self.rest()) {
            ("b" | "c", [b'"', ..]) => self.quoted(),
            ("b", [b'\'', ..]) => self.letter(),
            ("r" | "br" | "cr", rest) if rest.get(marks) == Some(&b'"') => self.raw(marks),
            ("r", [b'#', next, ..]) if is_letter(*next) => {
                self.at += 1;
                let start = self.at;
                self.at += self.rest().iter().position(|byte| !is_letter(*byte)).unwrap_or(self.rest().len());
                Token::Word(self.slice(start, self.at), start)
            }
            _ => Token::Word(word, start),
        }
    }

    /// Passes over a letter in quotes or a lifetime.
    fn letter(&mut self) -> Token<'a> {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let first = rest.chars().next();
        self.at += 1;
        match first {
            Some('\\') => {
                // The letter after it may be a quote.
                let inner = rest.as_bytes().get(2..).unwrap_or_default();
                self.at += 3 + inner.iter().position(|byte| *byte == b'\'').unwrap_or(inner.len());
                self.at = self.at.min(self.text.len());
            }
            Some(letter) if rest.as_bytes().get(letter.len_utf8()) == Some(&b'\'') => {
                self.at += letter.len_utf8() + 1;
            }
            _ => self.at += rest.bytes().position(|byte| !is_letter(byte)).unwrap_or(rest.len()),
        }
        Token::Other
    }

    fn number(&mut self) -> Token<'a> {
        loop {
            match *self.rest() {
                [b'.', b'0'..=b'9', ..] => self.at += 1,
                [byte, ..] if is_letter(byte) => self.at += 1,
                _ => return Token::Other,
            }
        }
    }
}

/// Says whether a byte may be part of a name.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let at = self.at;
            let (length, token) = match *self.rest() {
                [] => return None,
                [b' ' | b'\n' | b'\r' | b'\t' | 11 | 12, ..] => {
                    self.at += 1;
                    continue;
                }
                [b'/', b'/', ..] => {
                    let rest = self.rest();
                    self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                    continue;
                }
                [b'/', b'*', ..] => {
                    self.comment();
                    continue;
                }
                [b'"', ..] => return Some(self.quoted()),
                [b'\'', ..] => return Some(self.letter()),
                [b'0'..=b'9', ..] => return Some(self.number()),
                [byte, ..] if is_letter(byte) => return Some(self.word()),
                [b':', b':', ..] => (2, Token::Colons(at)),
                [b'=' | b'-', b'>', ..] => (2, Token::Mark(b'=', at)),
                [byte, ..] => (1, Token::Mark(byte, at)),
            };
            self.at += length;
            return Some(token);
        }
    }
}

/// Returns what a text between quotes says.
pub(super) fn unescaped(text: &str, escapes: bool) -> String {
    if !escapes || !text.contains('\\') {
        return text.to_owned();
    }
    let (mut said, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((plain, tail)) = rest.split_once('\\') {
        said.push_str(plain);
        let hex = |digits: &str| u32::from_str_radix(&digits.replace('_', ""), 16).ok().and_then(char::from_u32);
        let mut letters = tail.chars();
        rest = match letters.next() {
            Some('x') => {
                said.extend(tail.get(1..3).and_then(hex));
                tail.get(3..).unwrap_or_default()
            }
            Some('u') => {
                let (digits, after) = tail.split_once('}').unwrap_or((tail, ""));
                said.extend(digits.get(2..).and_then(hex));
                after
            }
            Some('\n' | '\r') => tail.trim_start(),
            Some(letter) => {
                said.push(match letter {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
                letters.as_str()
            }
            None => "",
        };
    }
    said + rest
}
