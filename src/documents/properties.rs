//! Java properties as the library of Conftest reads them: a mapping of texts; `${name}` stays as written.
//!
//! Owns the reader: escapes, continued lines, the three signs between key and value.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::{Map, Value};

use super::Unread;

const SPACE: [char; 3] = [' ', '\t', '\u{C}'];
const END: [char; 2] = ['\n', '\r'];

struct Letters<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
}

impl Letters<'_> {
    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next();
        self.line += usize::from(letter == Some('\n'));
        letter
    }

    fn skip(&mut self, letters: &[char]) {
        while self.rest.peek().is_some_and(|letter| letters.contains(letter)) {
            self.next();
        }
    }

    /// Takes the end of a line; `\r\n` is one.
    fn end_line(&mut self) {
        if self.next() == Some('\r') && self.rest.peek() == Some(&'\n') {
            self.next();
        }
    }

    /// Reads what follows a backslash.
    fn escaped(&mut self, into: &mut String) -> Result<(), Unread> {
        match self.next() {
            None => return Err(Unread::at(self.line, "a backslash stands at the end of the file")),
            Some('u') => {
                let digits: String = (0..4).filter_map(|_| self.next()).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                let code =
                    code.ok_or_else(|| Unread::at(self.line, "`\\u` is not followed by four hexadecimal digits"))?;
                into.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some('f') => into.push('\u{C}'),
            Some('n') => into.push('\n'),
            Some('r') => into.push('\r'),
            Some('t') => into.push('\t'),
            Some(other) => into.push(other),
        }
        Ok(())
    }
}

pub(super) fn read(text: &str) -> Result<Value, Unread> {
    let mut letters = Letters { rest: text.chars().peekable(), line: 1 };
    let mut entries = Map::new();
    loop {
        letters.skip(&[SPACE.as_slice(), END.as_slice()].concat());
        match letters.rest.peek() {
            None => return Ok(Value::Object(entries)),
            Some('#' | '!') => {
                while letters.rest.peek().is_some_and(|letter| !END.contains(letter)) {
                    letters.next();
                }
            }
            Some(_) => {
                let key = key(&mut letters)?;
                letters.skip(&SPACE);
                if letters.rest.peek().is_some_and(|letter| matches!(letter, ':' | '=')) {
                    letters.next();
                }
                letters.skip(&SPACE);
                entries.insert(key, Value::from(value(&mut letters)?));
            }
        }
    }
}

fn key(letters: &mut Letters<'_>) -> Result<String, Unread> {
    let mut key = String::new();
    while let Some(letter) = letters.rest.peek().copied() {
        if SPACE.contains(&letter) || END.contains(&letter) || matches!(letter, ':' | '=') {
            break;
        }
        letters.next();
        if letter == '\\' { letters.escaped(&mut key)? } else { key.push(letter) }
    }
    Ok(key)
}

fn value(letters: &mut Letters<'_>) -> Result<String, Unread> {
    let mut value = String::new();
    while let Some(letter) = letters.rest.peek().copied().filter(|letter| !END.contains(letter)) {
        letters.next();
        if letter != '\\' {
            value.push(letter);
        } else if letters.rest.peek().is_some_and(|next| END.contains(next)) {
            letters.end_line();
            letters.skip(&SPACE);
        } else {
            letters.escaped(&mut value)?;
        }
    }
    Ok(value)
}
