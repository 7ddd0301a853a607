//! Patterns of a specification before any change is read: do they compile, in which languages, and how is a text read?
//!
//! Owns what the reader of a specification may ask. Runs on text of the trusted side only.

use serde_json::Value;
use tree_sitter::Parser;

use super::query::{CompiledQuery, QueryFault};
use super::{shape, text};
use crate::facts::languages;

/// Returns the ids of all languages, sorted.
pub fn language_ids() -> impl Iterator<Item = &'static str> + Clone {
    shape::ids()
}

/// Returns the id of the language of that id or alias.
#[must_use]
pub fn language_id(name: &str) -> Option<&'static str> {
    languages::named(name).map(|language| language.id)
}

/// Returns a file name by which a text is taken for that language.
#[must_use]
pub fn file_name(language: &str) -> String {
    let extension = languages::named(language).and_then(|language| language.extensions.first());
    format!("example.{}", extension.unwrap_or(&"txt"))
}

/// Checks one ast-grep rule object in one language.
///
/// # Errors
/// When it does not compile, could match any node, or holds a pattern with a syntax error.
pub fn check_shape(language: &str, object: &Value) -> Result<(), String> {
    let row = shape::language(language)?;
    if let Some(pattern) = shape::broken_pattern(row, object) {
        return Err(format!("`{pattern}` is no {} code", row.id));
    }
    shape::compile("check", language, &object.to_string()).map(|_| ())
}

/// Checks one tree-sitter query in one language.
///
/// # Errors
/// When it is no query of this grammar, or uses a predicate that is not supported.
pub fn check_query(language: &str, query: &str) -> Result<(), QueryFault> {
    let language = shape::language(language).map_err(|message| QueryFault { offset: 0, message })?;
    CompiledQuery::new("check", language, query).map(|_| ())
}

/// Checks one regular expression over the text of files.
///
/// # Errors
/// When it is none, is too large, or matches the empty text.
pub fn check_text(regex: &str) -> Result<(), String> {
    text::regex(regex).map(|_| ())
}

/// Returns a pattern as a rule object should hold it: the text, or `{context, selector}` where the text alone would
/// be read as something else in that language.
#[must_use]
pub fn pattern_value(language: &str, text: &str) -> Value {
    match languages::named(language) {
        Some(language) => shape::pattern_value(language, text),
        None => Value::String(text.to_owned()),
    }
}

/// What may stand around an example, by language: the first with which it has no syntax error is taken.
const AROUND: &[(&str, &[(&str, &str)])] = &[
    ("go", &[("package example\nfunc _() {\n", "\n}\n"), ("package example\n", "\n")]),
    ("java", &[("", "\n"), ("class Example { void example() {\n", "\n} }\n"), ("class Example {\n", "\n}\n")]),
    ("rust", &[("fn example() {\n", "\n}\n")]),
];

/// Returns an example as a whole file of its language: a few lines need not be one.
#[must_use]
pub fn example_file(language: &str, code: &str) -> String {
    let Some(row) = languages::named(language) else { return code.to_owned() };
    let whole = code.lines().any(|line| line.starts_with("package "));
    let around = AROUND.iter().find(|(id, _)| *id == row.id && !whole).map_or(&[][..], |(_, around)| around);
    let readable = |text: &String| {
        let mut parser = Parser::new();
        let ready = parser.set_language(&(row.grammar)()).is_ok();
        ready && parser.parse(text, None).is_some_and(|tree| !tree.root_node().has_error())
    };
    let wrapped = around.iter().map(|(before, after)| format!("{before}{code}{after}"));
    wrapped.into_iter().find(readable).unwrap_or_else(|| code.to_owned())
}
