//! Attributes: the file that one names for the part that follows, whether that item may be taken away, and whether it passes
//! macros on.

use super::tokens::{Token, unescaped};

/// Files that are kept for one part.
const FILES: usize = 20;

/// Attributes that leave an item what it is.
const PLAIN: &[&str] = &[
    "allow",
    "clippy",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "macro_export",
    "macro_use",
    "must_use",
    "path",
    "rustfmt",
    "warn",
];

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
    /// True once one was read that may take the item away.
    condition: bool,
    /// True once `macro_use` or `macro_export` was read.
    shares: bool,
    /// True in an attribute of what is around it, `#![...]`.
    inner: bool,
    /// True once one of those was `macro_use`.
    around: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    Hash,
    Bang,
    Open,
    Path,
    Equals,
}

impl Attributes {
    /// Takes the next token of the file.
    pub(super) fn take(&mut self, token: Token<'_>) {
        let last = std::mem::take(&mut self.last);
        match token {
            Token::Mark(b'#', _) if self.depth == 0 => self.last = Last::Hash,
            Token::Mark(b'!', _) if last == Last::Hash => self.last = Last::Bang,
            Token::Mark(b'[', _) if matches!(last, Last::Hash | Last::Bang) => {
                (self.depth, self.maybe, self.inner, self.last) = (1, false, last == Last::Bang, Last::Open);
            }
            Token::Mark(b'(' | b'[' | b'{', _) if self.depth > 0 => self.depth = self.depth.saturating_add(1),
            Token::Mark(b')' | b']' | b'}', _) if self.depth > 0 => self.depth -= 1,
            Token::Word(word, _) if self.depth > 0 => {
                self.condition |= last == Last::Open && !self.inner && !PLAIN.contains(&word);
                match word {
                    "path" => self.last = Last::Path,
                    "cfg_attr" => self.maybe = true,
                    "macro_use" if self.inner => self.around = true,
                    "macro_use" | "macro_export" => self.shares = true,
                    _ => {}
                }
            }
            Token::Mark(b'=', _) if last == Last::Path => self.last = Last::Equals,
            Token::Text(text, escapes) if last == Last::Equals && self.depth > 0 => {
                if self.files.len() < FILES {
                    self.files.push((unescaped(text, escapes), !self.maybe));
                }
            }
            _ if self.depth > 0 => {}
            // What may stand between an attribute and what it is of.
            Token::Word("pub" | "mod" | "unsafe" | "use" | "extern" | "macro_rules", _) => {}
            _ => {
                self.files.clear();
                (self.condition, self.shares) = (false, false);
            }
        }
    }

    /// Says whether the item at hand may be taken away.
    pub(super) fn are_conditions(&self) -> bool {
        self.condition
    }

    /// Says, once, that the module around passes macros on.
    pub(super) fn module_shares_macros(&mut self) -> bool {
        std::mem::take(&mut self.around)
    }

    /// Says whether the item at hand passes macros on.
    pub(super) fn share_macros(&self) -> bool {
        self.shares
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
