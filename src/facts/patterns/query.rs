//! Raw tree-sitter queries: the expert's way to say a shape.
//!
//! Owns which predicates a query may use and what a run may cost. Only text predicates are taken: they are linear,
//! and the library itself applies them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tree_sitter::{Query, QueryCursor, QueryCursorOptions, QueryCursorState, StreamingIterator as _};

use super::Document;
use crate::facts::languages::Language;
use crate::facts::lines::{ChangedLines, column, cut, line};
use crate::facts::side::{Budget, Stop};
use crate::facts::walk::RawMatch;
use crate::facts::{FactChange, Match};

/// Matches that may be in progress at a time.
const IN_PROGRESS: u32 = 4_096;

/// A compiled query.
pub(crate) struct CompiledQuery {
    id: String,
    query: Query,
    /// Index of the capture `@violation`.
    violation: Option<u32>,
}

/// Why a text is no query, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryFault {
    /// Byte in the text.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl CompiledQuery {
    /// Compiles a query.
    pub(crate) fn new(id: &str, language: &Language, text: &str) -> Result<Self, QueryFault> {
        let query = Query::new(&(language.grammar)(), text)
            .map_err(|error| QueryFault { offset: error.offset, message: described(language, &error) })?;
        for pattern in 0..query.pattern_count() {
            let offset = query.start_byte_for_pattern(pattern);
            let refused = |name: &str| QueryFault {
                offset,
                message: format!("the predicate `#{name}` is not supported; use `#eq?`, `#match?` or `#any-of?`"),
            };
            if let Some(predicate) = query.general_predicates(pattern).first() {
                return Err(refused(&predicate.operator));
            }
            if let Some((_, positive)) = query.property_predicates(pattern).first() {
                return Err(refused(if *positive { "is?" } else { "is-not?" }));
            }
            if !query.property_settings(pattern).is_empty() {
                return Err(refused("set!"));
            }
        }
        if query.capture_names().is_empty() {
            let message = "the query captures nothing, so no place could be shown; write `@violation` behind a node";
            return Err(QueryFault { offset: 0, message: message.to_owned() });
        }
        let violation = query.capture_index_for_name("violation");
        Ok(Self { id: id.to_owned(), query, violation })
    }

    /// Returns every place where the query matches; none, and why, when too much was in progress at a time.
    pub(crate) fn hits(
        &self,
        document: &Document,
        focus: Option<&ChangedLines>,
        budget: &Budget<'_>,
    ) -> Result<Result<Vec<RawMatch>, String>, Stop> {
        let root = document.root();
        let doc = root.get_doc();
        let text = doc.src.as_str();
        let mut cursor = QueryCursor::new();
        cursor.set_match_limit(IN_PROGRESS);
        let mut progress = |_: &QueryCursorState| {
            if budget.deadline.passed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut found: BTreeMap<(usize, usize), RawMatch> = BTreeMap::new();
        {
            let options = QueryCursorOptions::new().progress_callback(&mut progress);
            let mut matches = cursor.matches_with_options(&self.query, doc.tree.root_node(), text.as_bytes(), options);
            while let Some(hit) = matches.next() {
                if budget.deadline.passed() {
                    return Err(Stop::timeout(budget.limits));
                }
                if found.len() as u64 > budget.limits.facts_per_file {
                    let limit = budget.limits.facts_per_file;
                    let message = format!("more than {limit} hits of {} (limit facts-per-file)", self.id);
                    return Err(Stop::too_large(message));
                }
                let marked = hit.captures().iter().find(|capture| Some(capture.index) == self.violation);
                let Some(node) = marked.or(hit.captures().first()).map(|capture| capture.node) else { continue };
                let rows = (line(node.start_position().row), line(node.end_position().row));
                if focus.is_some_and(|focus| !focus.touch(rows.0, rows.1)) {
                    continue;
                }
                let range = (node.start_byte(), node.end_byte());
                found.entry(range).or_insert_with(|| self.placed(node, hit.captures(), text));
            }
        }
        if budget.deadline.passed() {
            return Err(Stop::timeout(budget.limits));
        }
        if cursor.did_exceed_match_limit() {
            return Ok(Err(format!("the query of {} has more than {IN_PROGRESS} matches in progress", self.id)));
        }
        Ok(Ok(found.into_values().collect()))
    }

    fn placed(&self, node: tree_sitter::Node<'_>, captured: &[tree_sitter::QueryCapture<'_>], text: &str) -> RawMatch {
        let of = |node: tree_sitter::Node<'_>| text.get(node.byte_range()).unwrap_or_default();
        let mut captures = BTreeMap::new();
        for capture in captured {
            if let Some(name) = self.query.capture_names().get(capture.index as usize) {
                captures.entry((*name).to_owned()).or_insert_with(|| cut(of(capture.node), 200).to_owned());
            }
        }
        let (start, end) = (node.start_position(), node.end_position());
        let found = Match {
            pattern: self.id.clone(),
            start: line(start.row),
            column: column(text, node.start_byte(), start.column),
            end: line(end.row),
            end_column: column(text, node.end_byte(), end.column),
            text: cut(of(node), 500).to_owned(),
            captures,
            change: FactChange::Kept,
        };
        RawMatch { found, range: node.byte_range() }
    }
}

fn described(language: &Language, error: &tree_sitter::QueryError) -> String {
    use tree_sitter::QueryErrorKind as Kind;
    let first = error.message.lines().next().unwrap_or_default().trim_matches('"');
    match error.kind {
        Kind::Syntax => "this is no query".to_owned(),
        Kind::NodeType => format!("{} has no node `{first}`", language.id),
        Kind::Field => format!("{} has no field `{first}`", language.id),
        Kind::Capture => format!("there is no capture `{first}`"),
        Kind::Structure => "this can never match in this grammar".to_owned(),
        Kind::Predicate | Kind::Language => first.to_owned(),
    }
}
