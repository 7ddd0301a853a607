//! `include!`: a file whose text stands in this one.

use super::tokens::unescaped;
use super::{Reader, TEXT_LIMIT, Token};
use crate::facts::imports::{ImportForm, ImportLine};
use crate::facts::lines::line;

/// Tokens of the argument that are looked at.
const TOKENS: usize = 100;

impl<'a> Reader<'a> {
    /// Keeps what `include!("file")` names, with `concat!` and the folder of the manifest in it; a text of any other
    /// variable may name any file and is left out. The tokens of the argument are read as usual afterwards.
    pub(super) fn include(&mut self, at: usize) {
        let (mut said, mut depth, mut variable) = (String::new(), 0_u32, false);
        for token in self.tokens.take(TOKENS) {
            match token {
                Token::Mark(b'(' | b'[' | b'{', _) => depth += 1,
                Token::Mark(b')' | b']' | b'}', _) => depth = depth.saturating_sub(1),
                Token::Word("env", _) => variable = true,
                // A path that begins with `/` begins at the folder of the manifest.
                Token::Text("CARGO_MANIFEST_DIR", _) if variable => variable = false,
                Token::Text(..) if variable => return,
                Token::Text(text, escapes) => said.push_str(&unescaped(text, escapes)),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        if said.is_empty() || said.len() > TEXT_LIMIT {
            return;
        }
        let row = self.rows.of(at);
        let (raw, at) = (format!("include!({said})"), said);
        self.keep(ImportLine { raw, line: line(row), at, form: ImportForm::Inline, ..ImportLine::default() });
    }
}
