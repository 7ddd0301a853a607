//! Attributes: the file that one names for the part that follows.

use super::tokens::{Token, unescaped};

/// Files that are kept for one part.
const FILES: usize = 20;

/// What attributes have said since the last item.
#[derive(Default)]
pub(super) struct Attributes {
    /// Brackets of all kinds that are open in the attribute at hand; 0 outside.
    depth: u32,
    /// The last marks and words: how far `#[` or `path =` has come.
    last: Last,
    /// True inside `cfg_attr`, which may not hold.
    maybe: bool,
    /// Files, and whether each is certain.
    files: Vec<(String, bool)>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    Hash,
    Path,
    Equals,
}

impl Attributes {
    /// Takes the next token of the file.
    pub(super) fn take(&mut self, token: Token<'_>) {
        let last = std::mem::take(&mut self.last);
        match token {
            Token::Mark(b'#', _) if self.depth == 0 => self.last = Last::Hash,
            Token::Mark(b'!', _) if last == Last::Hash => self.last = Last::Hash,
            Token::Mark(b'[', _) if last == Last::Hash => (self.depth, self.maybe) = (1, false),
            Token::Mark(b'(' | b'[' | b'{', _) if self.depth > 0 => self.depth = self.depth.saturating_add(1),
            Token::Mark(b')' | b']' | b'}', _) if self.depth > 0 => self.depth -= 1,
            Token::Word("path", _) if self.depth > 0 => self.last = Last::Path,
            Token::Word("cfg_attr", _) if self.depth > 0 => self.maybe = true,
            Token::Mark(b'=', _) if last == Last::Path => self.last = Last::Equals,
            Token::Text(text, escapes) if last == Last::Equals && self.depth > 0 => {
                if self.files.len() < FILES {
                    self.files.push((unescaped(text, escapes), !self.maybe));
                }
            }
            _ if self.depth > 0 => {}
            // What may stand between an attribute and `mod`.
            Token::Word("pub" | "mod" | "unsafe", _) => {}
            _ => self.files.clear(),
        }
    }

    /// Returns the files that the part at hand may lie in; an empty name is its usual place.
    pub(super) fn files(&mut self) -> Vec<String> {
        let certain = self.files.iter().any(|(_, certain)| *certain);
        let mut files: Vec<String> = self.files.drain(..).map(|(file, _)| file).collect();
        if !certain {
            files.push(String::new());
        }
        files.sort_unstable();
        files.dedup();
        files
    }
}
