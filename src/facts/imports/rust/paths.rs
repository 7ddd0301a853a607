//! `use`: one path a name, with the name that it gives.

use std::rc::Rc;

use super::{Reader, TEXT_LIMIT, Token, WITHIN_LIMIT};
use crate::facts::imports::{ImportForm, ImportLine};
use crate::facts::lines::{cut, line};

/// Characters of a path that the names of a list share.
const PREFIX_LIMIT: usize = 300;

/// One path of a statement while it is read.
#[derive(Default)]
struct Leaf {
    path: String,
    known_as: String,
    row: Option<usize>,
    /// True behind `as`.
    renamed: bool,
    /// True once a piece came that only the caller of a macro knows.
    cut_off: bool,
}

impl<'a> Reader<'a> {
    /// Reads a statement up to its `;`; returns that.
    pub(super) fn statement(&mut self, here: Token<'a>) -> Option<Token<'a>> {
        let mut next = self.step(here);
        // `use<'a, T>` says which lifetimes a type holds.
        if !matches!(next, Some(Token::Word(..) | Token::Colons(_) | Token::Mark(b'{' | b'$' | b'*', _))) {
            return next;
        }
        let (mut prefixes, mut leaf) = (Vec::<Rc<str>>::new(), Leaf::default());
        while let Some(token) = next {
            match token {
                Token::Word("as", _) => leaf.renamed = true,
                Token::Word(alias, _) if leaf.renamed => cut(alias, WITHIN_LIMIT).clone_into(&mut leaf.known_as),
                Token::Word(word, at) => self.segment(&mut leaf, word, at),
                Token::Mark(b'*', at) => self.segment(&mut leaf, "*", at),
                Token::Colons(_) if leaf.path.is_empty() && prefixes.is_empty() => leaf.path.push_str("::"),
                Token::Colons(_) => {}
                Token::Mark(b'{', _) => {
                    prefixes.push(shared(prefixes.last(), &leaf.path));
                    leaf = Leaf { cut_off: leaf.cut_off, ..Leaf::default() };
                }
                Token::Mark(mark @ (b',' | b'}'), _) => {
                    self.flush(prefixes.last(), std::mem::take(&mut leaf));
                    if mark == b'}' && prefixes.pop().is_none() {
                        return next;
                    }
                }
                Token::Mark(b'$', _) => {}
                _ => break,
            }
            next = self.step(token);
        }
        self.flush(prefixes.last(), leaf);
        next
    }

    fn segment(&mut self, leaf: &mut Leaf, word: &str, at: usize) {
        leaf.row.get_or_insert_with(|| self.rows.of(at));
        let of_macro = matches!(self.before, Some(Token::Mark(b'$', _)));
        leaf.cut_off |= of_macro && word != "crate";
        if leaf.cut_off || leaf.path.len() > TEXT_LIMIT {
            return;
        }
        if !leaf.path.is_empty() && leaf.path != "::" {
            leaf.path.push_str("::");
        }
        leaf.path.push_str(if of_macro { "$crate" } else { word });
    }

    fn flush(&mut self, prefix: Option<&Rc<str>>, leaf: Leaf) {
        let Some(row) = leaf.row else { return };
        let raw = joined(prefix, if leaf.path == "self" && prefix.is_some() { "" } else { &leaf.path });
        let raw = if raw.ends_with("::self") { raw.trim_end_matches("::self").to_owned() } else { raw };
        if raw.is_empty() || raw == "::" {
            return;
        }
        let (line, known_as) = (line(row), leaf.known_as);
        self.keep(ImportLine { raw, line, known_as, form: ImportForm::Use, ..ImportLine::default() });
    }
}

/// Returns what the names of a list share. Nesting must not multiply long names.
fn shared(around: Option<&Rc<str>>, path: &str) -> Rc<str> {
    match around {
        Some(around) if path.is_empty() || around.len() >= PREFIX_LIMIT => around.clone(),
        _ => cut(&joined(around, path), PREFIX_LIMIT).into(),
    }
}

fn joined(prefix: Option<&Rc<str>>, tail: &str) -> String {
    match prefix.map_or("", |prefix| prefix) {
        "" => tail.to_owned(),
        prefix if tail.is_empty() || prefix == "::" => format!("{prefix}{tail}"),
        prefix => format!("{prefix}::{tail}"),
    }
}
