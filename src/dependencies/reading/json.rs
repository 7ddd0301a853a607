//! JSON with lines, read as the package managers do: of a key that stands twice the last one counts.
//!
//! Owns the scanner, which keeps no stack of its own calls.

use super::tree::{Builder, Node};
use crate::documents::Unread;

pub(in crate::dependencies) fn read(text: &str, parts: usize) -> Result<Node, Unread> {
    let mut scanner = Scanner { text, at: 0, line: 1 };
    let mut builder = Builder::new(parts);
    // What closes each open list or mapping.
    let mut open: Vec<u8> = Vec::new();
    loop {
        scanner.value(&mut builder, &mut open)?;
        // A value is complete, or a list or mapping has just begun.
        while let Some(end) = open.last().copied() {
            scanner.blanks();
            let first = scanner.just_opened();
            match scanner.peek() {
                Some(letter) if letter == end => {
                    scanner.at += 1;
                    open.pop();
                    builder.close();
                    continue;
                }
                Some(b',') if !first => {
                    scanner.at += 1;
                    scanner.blanks();
                }
                Some(_) if first => {}
                _ => return Err(scanner.wrong("a comma or the end of a list or mapping is missing")),
            }
            if end == b'}' {
                let (line, key) = (scanner.line, scanner.string()?);
                builder.key(line, key);
                scanner.blanks();
                if scanner.peek() != Some(b':') {
                    return Err(scanner.wrong("a colon is missing"));
                }
                scanner.at += 1;
            }
            break;
        }
        if open.is_empty() {
            break;
        }
    }
    scanner.blanks();
    match scanner.peek() {
        None => Ok(builder.finish()),
        Some(_) => Err(scanner.wrong("something stands behind the end")),
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn wrong(&self, message: &str) -> Unread {
        Unread::at(usize::try_from(self.line).unwrap_or(0), message)
    }

    /// Says whether the last letter that is no blank opened a list or mapping: a text ends in its quote.
    fn just_opened(&self) -> bool {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        matches!(before.iter().rev().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'['))
    }

    fn blanks(&mut self) {
        while let Some(letter @ (b' ' | b'\t' | b'\r' | b'\n')) = self.peek() {
            self.line += u32::from(letter == b'\n');
            self.at += 1;
        }
    }

    fn value(&mut self, builder: &mut Builder, open: &mut Vec<u8>) -> Result<(), Unread> {
        self.blanks();
        let line = self.line;
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                open.push(b'}');
                builder.open_map(line)
            }
            Some(b'[') => {
                self.at += 1;
                open.push(b']');
                builder.open_list(line)
            }
            Some(b'"') => {
                let text = self.string()?;
                builder.text(line, text)
            }
            _ => {
                let word = self.word();
                let number = word.parse::<f64>().is_ok_and(f64::is_finite);
                if !(matches!(word, "true" | "false" | "null") || number) {
                    return Err(self.wrong("a value is missing"));
                }
                builder.text(line, word)
            }
        }
    }

    /// Reads a number or a bare word.
    fn word(&mut self) -> &str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn string(&mut self) -> Result<String, Unread> {
        if self.peek() != Some(b'"') {
            return Err(self.wrong("a text in quotes is missing"));
        }
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(b'\n') | None => return Err(self.wrong("a text does not end")),
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        let quoted = self.text.get(start..=end).ok_or_else(|| self.wrong("a text does not end"))?;
        serde_json::from_str(quoted).map_err(|_| self.wrong("a text has an escape that does not exist"))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn parts_know_their_lines_and_texts_their_escapes() {
        let tree = read("{\n \"a\": {\n  \"b\\n\": [1.50,\n   \"x\", {}, []]},\n \"c\": true\n}\n", 100).unwrap();
        let list = tree.at(&["a", "b\n"]).unwrap();
        assert_eq!(list.items().len(), 4);
        assert_eq!((list.items()[0].text(), list.items()[1].line), (Some("1.50"), 4));
        assert_eq!((tree.entries()[1].line, tree.text_at(&["c"])), (5, "true"));
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_one_counts() {
        assert_eq!(read("{\"a\": 1, \"a\": 2}", 10).unwrap().text_at(&["a"]), "2");
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_line() {
        for text in ["", "{", "{\"a\"}", "{\"a\":}", "[1 2]", "[1,]", "{} x", "\"\\q\"", "{,}", "[,1]", "nan", "\"a"] {
            assert!(read(text, 100).is_err(), "{text}");
        }
        assert_eq!(read("{\n\"a\": 1\n\"b\": 2}", 100).unwrap_err().line, 3);
        for text in ["[]", "{}", "[[]]", "[\"[\",1]", "[\"{\"]", "{\"{\":\"[\"}", "1", "\"x\""] {
            assert!(read(text, 100).is_ok(), "{text}");
        }
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        assert!(read(&"[".repeat(100_000), 1_000_000).unwrap_err().too_large);
        assert!(read("[1,2,3]", 3).unwrap_err().too_large);
    }
}
