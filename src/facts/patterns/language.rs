//! Our languages as ast-grep wants them.

use std::borrow::Cow;

use ast_grep_core::language::Language as AstGrepLanguage;
use ast_grep_core::matcher::PatternBuilder;
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc, TSLanguage};
use ast_grep_core::{Pattern, PatternError};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::facts::languages::{self, LANGUAGES, Language};

/// A language of ours under the name that a pattern file uses.
#[derive(Clone, Copy)]
pub(crate) struct PatternLanguage(pub(crate) &'static Language);

impl<'de> Deserialize<'de> for PatternLanguage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        languages::named(&name).map(Self).ok_or_else(|| {
            let known: Vec<&str> = LANGUAGES.iter().map(|language| language.id).collect();
            D::Error::custom(format!("unknown language `{name}`; one of {}", known.join(", ")))
        })
    }
}

impl AstGrepLanguage for PatternLanguage {
    fn pre_process_pattern<'q>(&self, query: &'q str) -> Cow<'q, str> {
        if self.0.sigil == '$' { Cow::Borrowed(query) } else { Cow::Owned(with_sigil(query, self.0.sigil)) }
    }

    fn expando_char(&self) -> char {
        self.0.sigil
    }

    fn kind_to_id(&self, kind: &str) -> u16 {
        (self.0.grammar)().id_for_node_kind(kind, true)
    }

    fn field_to_id(&self, field: &str) -> Option<u16> {
        (self.0.grammar)().field_id_for_name(field).map(std::num::NonZero::get)
    }

    fn build_pattern(&self, builder: &PatternBuilder) -> Result<Pattern, PatternError> {
        builder.build(|source| StrDoc::try_new(source, *self))
    }
}

impl LanguageExt for PatternLanguage {
    fn get_ts_language(&self) -> TSLanguage {
        (self.0.grammar)()
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
