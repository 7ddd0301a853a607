//! What is taken off expressions before patterns look at them.
//!
//! Owns the kinds by the numbers of each grammar, and which of them a rule writes itself and so means.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tree_sitter::{Node, Parser, Tree};

use super::comments;
use crate::facts::languages::{Dressing, LANGUAGES, Language, Shows};
use crate::facts::spelling::is_silent;

/// One kind of dressing, by the numbers of the grammar.
struct Row {
    node: u16,
    /// For what stands around: the part that is seen instead.
    shows: Option<Shows>,
    /// For what stands within: the token in its place.
    token: u16,
    /// Nodes that demand it (around), or that look the same without it (within).
    parents: Vec<u16>,
    /// What a regular expression holds that means it.
    written: &'static [&'static str],
}

/// What is taken off.
#[derive(Clone, Copy)]
pub(crate) struct Undress {
    rows: &'static [Row],
    /// A bit each row.
    mask: u16,
    /// True when comments and line continuations are not seen.
    silent: bool,
}

fn rows(language: &'static Language) -> &'static [Row] {
    static ROWS: OnceLock<BTreeMap<&str, Vec<Row>>> = OnceLock::new();
    let all = ROWS.get_or_init(|| LANGUAGES.iter().map(|language| (language.id, resolved(language))).collect());
    all.get(language.id).map_or(&[], Vec::as_slice)
}

fn resolved(language: &Language) -> Vec<Row> {
    let grammar = (language.grammar)();
    let named = |kind: &&str| grammar.id_for_node_kind(kind, kind.starts_with(|c: char| c.is_ascii_alphabetic()));
    let row = |dressing: &Dressing| match dressing {
        Dressing::Around { node, shows, required_in, written } => {
            let parents = required_in.iter().map(named).collect();
            Row { node: named(node), shows: Some(*shows), token: 0, parents, written }
        }
        Dressing::Within { node, token, parents } => {
            let token = if token.is_empty() { 0 } else { grammar.id_for_node_kind(token, false) };
            Row { node: named(node), shows: None, token, parents: parents.iter().map(named).collect(), written: &[] }
        }
    };
    language.dressings.iter().map(row).collect()
}

impl Undress {
    /// Takes off nothing.
    pub(crate) fn nothing(language: &'static Language) -> Self {
        Self { rows: rows(language), mask: 0, silent: false }
    }

    /// Takes off what a rule, given by its core as JSON, does not write itself.
    pub(crate) fn unless_written(language: &'static Language, core: &serde_json::Value) -> Self {
        let mut all = Self { rows: rows(language), mask: u16::MAX, silent: !comments::are_meant(language, core) };
        let mut open = vec![core];
        while let Some(value) = open.pop() {
            match value {
                serde_json::Value::Object(map) => {
                    for (key, value) in map {
                        match (key.as_str(), value) {
                            ("kind" | "selector", serde_json::Value::String(kinds)) => all.keep_kinds(language, kinds),
                            ("pattern" | "context", serde_json::Value::String(code)) => {
                                all.keep_written(language, code);
                            }
                            ("regex", serde_json::Value::String(regex)) => {
                                // Where it begins is where an alternative begins.
                                let regex = format!("|{regex}");
                                all.keep(|row| row.written.iter().any(|mark| regex.contains(mark)));
                            }
                            _ => open.push(value),
                        }
                    }
                }
                serde_json::Value::Array(list) => open.extend(list),
                _ => {}
            }
        }
        all
    }

    fn keep(&mut self, wanted: impl Fn(&Row) -> bool) {
        for (bit, row) in (0_u32..).zip(self.rows) {
            if wanted(row) {
                self.mask &= !1_u16.checked_shl(bit).unwrap_or(0);
            }
        }
    }

    fn keep_kinds(&mut self, language: &Language, kinds: &str) {
        let grammar = (language.grammar)();
        for kind in kinds.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')) {
            let id = grammar.id_for_node_kind(kind, true);
            self.keep(|row| id != 0 && row.node == id);
        }
    }

    fn keep_written(&mut self, language: &'static Language, code: &str) {
        let code = super::language::with_sigil(code, language.sigil);
        let Some(tree) = parsed(language, &code) else { return };
        let mut cursor = tree.walk();
        loop {
            let (kind, parent) = (cursor.node().kind_id(), cursor.node().parent().map_or(0, |parent| parent.kind_id()));
            self.keep(|row| row.node == kind && (row.shows.is_none() || !row.parents.contains(&parent)));
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn rows(self) -> impl Iterator<Item = &'static Row> {
        let taken = move |bit: u32| 1_u16.checked_shl(bit).is_some_and(|bit| self.mask & bit != 0);
        (0_u32..).zip(self.rows).filter(move |(bit, _)| taken(*bit)).map(|(_, row)| row)
    }

    /// Says whether comments and line continuations are not seen.
    pub(super) fn silences(self) -> bool {
        self.silent
    }

    /// Says whether a node is not seen because it does nothing.
    pub(super) fn is_silent(self, node: Node<'_>) -> bool {
        self.silent && is_silent(node)
    }

    /// Returns what is seen instead of a node.
    pub(super) fn inner(self, node: Node<'_>) -> Option<Node<'_>> {
        let kind = node.kind_id();
        let shows = self.rows().find(|row| row.node == kind)?.shows?;
        let mut cursor = node.walk();
        let mut parts = node.named_children(&mut cursor).filter(|part| !part.is_extra());
        match shows {
            Shows::Only => parts.next().filter(|_| parts.next().is_none()),
            Shows::First => parts.next(),
            Shows::Last => parts.last(),
        }
    }

    pub(super) fn bare(self, mut node: Node<'_>) -> Node<'_> {
        while let Some(inner) = self.inner(node) {
            node = inner;
        }
        node
    }

    /// Returns the kinds of children that are not seen in a kind of node.
    pub(super) fn hidden(self, parent: u16) -> [u16; HIDDEN] {
        let rows = self.rows().filter(|row| row.shows.is_none() && row.parents.contains(&parent));
        let mut hidden = [0; HIDDEN];
        let kinds = rows.flat_map(|row| [row.node, row.token]).filter(|kind| *kind != 0);
        hidden.iter_mut().zip(kinds).for_each(|(slot, kind)| *slot = kind);
        hidden
    }
}

/// Kinds of children that may be hidden in one kind of node.
pub(super) const HIDDEN: usize = 6;

/// Says whether a child is not seen.
pub(super) fn is_among(node: Node<'_>, hidden: [u16; HIDDEN]) -> bool {
    hidden.iter().any(|kind| *kind != 0 && *kind == node.kind_id())
}

/// Parses a pattern.
pub(super) fn parsed(language: &Language, code: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&(language.grammar)()).ok()?;
    parser.parse(code, None)
}
