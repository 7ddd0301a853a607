//! The language seam: one folder a language, one line in the sorted list.
//!
//! Owns what a language declares about itself: how it is recognised, its grammar, and which node kinds mean which
//! fact. Must not walk a tree by itself: the one walk is in `walk/`.
//!
//! To add a language: (1) the grammar crate in `Cargo.toml`, pinned exactly; (2) a folder here with `mod.rs`, a
//! `static LANGUAGE`, and its tables in `kinds.rs`; (3) its two lines below; (4) `tests/cases/facts/<id>/base.*` and
//! `head.*`, then `UPDATE_EXPECT=1 cargo test --test facts` and a review of `expect.json`. The tests tell which kind
//! or field a grammar does not know, and what `identity` must say.

mod dressing;
mod escapes;
mod go;
mod java;
mod javascript;
pub(crate) mod python;
mod rust;
mod tsx;
mod typescript;

use std::collections::BTreeSet;

use tree_sitter::{Language as Grammar, Node};

use super::preflight::Suspect;
pub(crate) use dressing::{Dressing, Shows, parentheses};

/// Every language, sorted by id. A test holds this list against the folders.
pub(crate) static LANGUAGES: &[&Language] = &[
    &go::LANGUAGE,
    &java::LANGUAGE,
    &javascript::LANGUAGE,
    &python::LANGUAGE,
    &rust::LANGUAGE,
    &tsx::LANGUAGE,
    &typescript::LANGUAGE,
];

/// Everything that a language says about itself.
pub(crate) struct Language {
    /// Stable id, the name of its folder.
    pub(crate) id: &'static str,
    /// Languages of one family can be told apart by their names only: a file may pass from one to the other.
    pub(crate) family: &'static str,
    /// Other names that a pattern file may use, in lower case.
    pub(crate) aliases: &'static [&'static str],
    /// File name extensions in lower case, without the dot.
    pub(crate) extensions: &'static [&'static str],
    /// Whole file names.
    pub(crate) file_names: &'static [&'static str],
    /// Interpreters of a first line `#!`, without version.
    pub(crate) interpreters: &'static [&'static str],
    /// The pinned grammar.
    pub(crate) grammar: fn() -> Grammar,
    /// What tells this grammar from any other: its number of node kinds and of parse states.
    pub(crate) identity: (usize, usize),
    /// The character that stands for `$` in a pattern while the grammar reads it.
    pub(crate) sigil: char,
    /// Nodes that define a symbol.
    pub(crate) definitions: &'static [Definition],
    /// Nodes that name a container without defining it (`impl`).
    pub(crate) scopes: &'static [Scope],
    /// Nodes whose variables are local.
    pub(crate) locals: &'static [&'static str],
    /// Nodes around a definition that belong to its declaration (`export`, decorators).
    pub(crate) wrappers: &'static [Wrapper],
    /// Siblings before a definition that belong to its declaration (attributes).
    pub(crate) leads: &'static [&'static str],
    /// Comment nodes.
    pub(crate) comments: &'static [&'static str],
    /// Says whether a comment documents what follows it.
    pub(crate) documents: fn(&str) -> bool,
    /// Says whether the definition holds its own documentation.
    pub(crate) documented_inside: fn(&str, Node<'_>) -> bool,
    /// Nodes that import.
    pub(crate) imports: &'static [ImportKind],
    /// Nodes that call.
    pub(crate) calls: &'static [CallKind],
    /// Returns what a call imports (`require("x")`).
    pub(crate) import_of_call: fn(&str, Node<'_>) -> Vec<Called>,
    /// Statements that assert something, where the language has such.
    pub(crate) asserts: &'static [&'static str],
    /// Reads a call that is a test, or a group of tests (`test("adds", () => {})`).
    pub(crate) test_of_call: fn(&str, Node<'_>) -> Option<TestCall>,
    /// Says whether an import is for the checker of types only.
    pub(crate) only_types: fn(&str, Node<'_>) -> bool,
    /// Nodes that name exported symbols, and how to read them.
    pub(crate) exports: &'static [(&'static str, ReadExports)],
    /// Says whether a symbol is visible by its own declaration; its containers must be visible too.
    pub(crate) visible: fn(&Declaration<'_, '_>) -> bool,
    /// Says whether an import lies outside the repository, where its text alone tells.
    pub(crate) external: fn(&str) -> bool,
    /// What may stand around or within an expression without changing what it does.
    pub(crate) dressings: &'static [Dressing],
    /// Finds what only this language reads otherwise than it looks.
    pub(crate) preflight: fn(&str) -> Vec<Suspect>,
    /// True when identifiers may be written with `\u` escapes.
    pub(crate) escaped_identifiers: bool,
}

/// Reads the names that a node exports.
pub(crate) type ReadExports = fn(&str, Node<'_>, &mut Exports);

/// Names that a file exports by listing them.
#[derive(Default)]
pub(crate) struct Exports {
    /// The names.
    pub(crate) names: BTreeSet<String>,
    /// True when nothing else is exported.
    pub(crate) closed: bool,
}

/// A node kind that defines symbols.
pub(crate) struct Definition {
    /// Node kind.
    pub(crate) node: &'static str,
    /// Kind of symbol, or the rule that tells it.
    pub(crate) symbol: SymbolKind,
    /// Returns the defined names; none when this node defines nothing.
    pub(crate) names: fn(&str, Node<'_>) -> Vec<String>,
    /// Returns where the body begins and ends; the declaration stops before it.
    pub(crate) body: fn(Node<'_>) -> Option<std::ops::Range<usize>>,
    /// Returns the container that the declaration names itself (Go's receiver).
    pub(crate) container: fn(&str, Node<'_>) -> Option<String>,
    /// Where the definition counts.
    pub(crate) place: Place,
}

/// The kind of a symbol.
pub(crate) enum SymbolKind {
    /// Always this one.
    Fixed(&'static str),
    /// This one as a direct part of a container, that one elsewhere.
    Member(&'static str, &'static str),
    /// Told by the node.
    Told(fn(&str, Node<'_>, Option<&str>) -> &'static str),
}

/// Where a definition counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Anywhere, also inside functions.
    Anywhere,
    /// Outside functions only: variables and constants.
    NotLocal,
    /// As a direct part of a container only: fields.
    Member,
}

/// A node kind that names a container.
pub(crate) struct Scope {
    /// Node kind.
    pub(crate) node: &'static str,
    /// Returns its name.
    pub(crate) name: fn(&str, Node<'_>) -> String,
}

/// A node around a definition.
pub(crate) struct Wrapper {
    /// Node kind.
    pub(crate) node: &'static str,
    /// True when it exports what it holds.
    pub(crate) exports: bool,
    /// True when it may hold a group in parentheses; then it belongs to none of them.
    pub(crate) grouped: bool,
}

/// A node kind that imports.
pub(crate) struct ImportKind {
    /// Node kind.
    pub(crate) node: &'static str,
    /// Returns what it imports, each with its row from 0.
    pub(crate) read: fn(&str, Node<'_>) -> Vec<(String, usize)>,
}

/// What a call imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Called {
    /// What, as a statement would name it; of a name that is computed the whole call.
    pub(crate) raw: String,
    /// The path of the file that the call itself names, or empty.
    pub(crate) at: String,
    /// True when the name is made while the program runs.
    pub(crate) computed: bool,
}

/// A call that is a test, or a group of tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestCall {
    /// Its title as the source has it, without quotes.
    pub(crate) title: String,
    /// True when it holds tests and is none.
    pub(crate) group: bool,
    /// True when it says by itself that it is not run, or that it is to fail.
    pub(crate) skipped: bool,
}

/// No call is a test.
pub(crate) fn no_test(_: &str, _: Node<'_>) -> Option<TestCall> {
    None
}

/// A node kind that calls.
pub(crate) struct CallKind {
    /// Node kind.
    pub(crate) node: &'static str,
    /// How the callee is found.
    pub(crate) callee: Callee,
}

/// How a callee is found in its call.
#[derive(Clone, Copy)]
pub(crate) enum Callee {
    /// The text of the field.
    Field(&'static str),
    /// A word and the text of the field.
    Prefixed(&'static str, &'static str),
    /// The text of the field and a mark.
    Suffixed(&'static str, &'static str),
    /// From the call's start to the end of the field.
    Through(&'static str),
}

impl Callee {
    /// Returns the field that names what is called.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Field(field) | Self::Prefixed(_, field) | Self::Suffixed(field, _) | Self::Through(field) => field,
        }
    }
}

/// A definition under judgement: is it visible?
pub(crate) struct Declaration<'a, 't> {
    /// The file's text.
    pub(crate) text: &'a str,
    /// The definition.
    pub(crate) node: Node<'t>,
    /// Its name.
    pub(crate) name: &'a str,
    /// Node kind of the container, or none at file level.
    pub(crate) within: Option<&'static str>,
    /// True when a wrapper exports it.
    pub(crate) wrapped: bool,
}

/// Returns the text of a node, or nothing when the tree and the text disagree.
pub(crate) fn text_of<'a>(text: &'a str, node: Node<'_>) -> &'a str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// Returns the text of a field, or nothing.
pub(crate) fn field_text<'a>(text: &'a str, node: Node<'_>, field: &str) -> &'a str {
    node.child_by_field_name(field).map_or("", |child| text_of(text, child))
}

/// Names: the field `name`, as often as it occurs.
pub(crate) fn names_of_field(text: &str, node: Node<'_>) -> Vec<String> {
    let mut cursor = node.walk();
    node.children_by_field_name("name", &mut cursor)
        .filter(Node::is_named)
        .map(|name| text_of(text, name).to_owned())
        .collect()
}

/// Body: the field `body`.
pub(crate) fn body_of_field(node: Node<'_>) -> Option<std::ops::Range<usize>> {
    node.child_by_field_name("body").map(|body| body.byte_range())
}

/// Body: the field `value`.
pub(crate) fn body_of_value(node: Node<'_>) -> Option<std::ops::Range<usize>> {
    node.child_by_field_name("value").map(|body| body.byte_range())
}

/// Body: none; the whole node is the declaration.
pub(crate) fn no_body(_: Node<'_>) -> Option<std::ops::Range<usize>> {
    None
}

/// Container: none but those around it.
pub(crate) fn no_container(_: &str, _: Node<'_>) -> Option<String> {
    None
}

/// Documentation inside: never.
pub(crate) fn not_inside(_: &str, _: Node<'_>) -> bool {
    false
}

/// Imports by call: none.
pub(crate) fn no_import(_: &str, _: Node<'_>) -> Vec<Called> {
    Vec::new()
}

/// Imports for the checker of types: none, by the statement alone.
pub(crate) fn all_run(_: &str, _: Node<'_>) -> bool {
    false
}

/// Preflight: nothing of its own.
pub(crate) fn no_preflight(_: &str) -> Vec<Suspect> {
    Vec::new()
}

/// Returns a definition with the usual fields `name` and `body`.
pub(crate) const fn defines(node: &'static str, symbol: SymbolKind) -> Definition {
    Definition {
        node,
        symbol,
        names: names_of_field,
        body: body_of_field,
        container: no_container,
        place: Place::Anywhere,
    }
}

/// Returns the language of that id or alias.
pub(crate) fn named(name: &str) -> Option<&'static Language> {
    let name = name.to_ascii_lowercase();
    LANGUAGES.iter().copied().find(|language| language.id == name || language.aliases.contains(&name.as_str()))
}

#[cfg(test)]
mod tests;
