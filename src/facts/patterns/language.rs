//! Our languages as ast-grep wants them.

use std::borrow::Cow;

use ast_grep_core::language::Language as AstGrepLanguage;
use ast_grep_core::matcher::PatternBuilder;
use ast_grep_core::{Pattern, PatternError};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::bare::CodeText;
use super::undress::Undress;
use crate::facts::languages::{self, LANGUAGES, Language};

/// A language of ours under the name that a pattern file uses.
#[derive(Clone, Copy)]
pub(crate) struct PatternLanguage {
    /// The language.
    pub(crate) language: &'static Language,
    /// What a text of it is seen without.
    pub(crate) undress: Undress,
}

impl PatternLanguage {
    /// Returns a language whose texts are seen as they are.
    pub(crate) fn of(language: &'static Language) -> Self {
        Self { language, undress: Undress::nothing(language) }
    }
}

impl<'de> Deserialize<'de> for PatternLanguage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        languages::named(&name).map(Self::of).ok_or_else(|| {
            let known: Vec<&str> = LANGUAGES.iter().map(|language| language.id).collect();
            D::Error::custom(format!("unknown language `{name}`; one of {}", known.join(", ")))
        })
    }
}

impl AstGrepLanguage for PatternLanguage {
    fn pre_process_pattern<'q>(&self, query: &'q str) -> Cow<'q, str> {
        if self.language.sigil == '$' {
            Cow::Borrowed(query)
        } else {
            Cow::Owned(with_sigil(query, self.language.sigil))
        }
    }

    fn expando_char(&self) -> char {
        self.language.sigil
    }

    fn kind_to_id(&self, kind: &str) -> u16 {
        (self.language.grammar)().id_for_node_kind(kind, true)
    }

    fn field_to_id(&self, field: &str) -> Option<u16> {
        (self.language.grammar)().field_id_for_name(field).map(std::num::NonZero::get)
    }

    fn build_pattern(&self, builder: &PatternBuilder) -> Result<Pattern, PatternError> {
        builder.build(|source| CodeText::of_pattern(source, *self))
    }
}

/// Replaces the `$` of `$NAME`, `$_` and `$$$NAME` by the sigil; another `$` stays.
pub(super) fn with_sigil(query: &str, sigil: char) -> String {
    let mut out = String::with_capacity(query.len());
    let mut dollars = 0_usize;
    for letter in query.chars() {
        if letter == '$' {
            dollars = dollars.saturating_add(1);
            continue;
        }
        let variable = dollars == 3 || letter.is_ascii_uppercase() || letter == '_';
        let mark = if variable { sigil } else { '$' };
        out.extend(std::iter::repeat_n(mark, std::mem::take(&mut dollars)));
        out.push(letter);
    }
    let mark = if dollars == 3 { sigil } else { '$' };
    out.extend(std::iter::repeat_n(mark, dollars));
    out
}

#[cfg(test)]
mod tests {
    use super::with_sigil;

    #[test]
    fn only_metavariables_change_their_sigil() {
        assert_eq!(with_sigil("f($A, $$$B, $$$, $_)", '#'), "f(#A, ###B, ###, #_)");
        assert_eq!(with_sigil("a$b $1 $", '#'), "a$b $1 $");
    }
}
