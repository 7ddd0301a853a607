//! Macros: where one is defined, and where one is called by a plain name.

use super::{Reader, Token, WITHIN_LIMIT};
use crate::facts::imports::{ImportForm, ImportLine};
use crate::facts::lines::{cut, line};

/// Words that a `!` behind them belongs to what follows.
const WORDS: &[&str] =
    &["as", "await", "break", "else", "if", "in", "let", "match", "move", "mut", "ref", "return", "while", "yield"];

impl<'a> Reader<'a> {
    /// Keeps `name!(...)`; its arguments are read as usual afterwards.
    pub(super) fn macro_use(&mut self, name: &str, at: usize) {
        let mut after = self.tokens;
        let opens = matches!(after.next(), Some(Token::Mark(b'(' | b'[' | b'{', _)));
        if !opens || WORDS.contains(&name) || name.len() > WITHIN_LIMIT {
            return;
        }
        let row = self.rows.of(at);
        let (raw, form) = (format!("{name}!"), ImportForm::Inline);
        self.keep(ImportLine { raw, line: line(row), form, ..ImportLine::default() });
    }

    /// Reads `macro_rules! name`.
    pub(super) fn definition(&mut self, here: Token<'a>, at: usize) -> Option<Token<'a>> {
        let row = self.rows.of(at);
        let next = self.step(here);
        let Some(Token::Mark(b'!', at)) = next else { return next };
        let next = self.step(Token::Mark(b'!', at));
        let Some(Token::Word(name, at)) = next else { return next };
        let (raw, form) = (cut(name, WITHIN_LIMIT).to_owned(), ImportForm::Macro);
        self.keep(ImportLine { raw, line: line(row), form, ..ImportLine::default() });
        self.step(Token::Word(name, at))
    }
}
