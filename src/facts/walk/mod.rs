//! The one walk over a tree: a cursor loop driven by the language's table.
//!
//! Owns what is read at each node. Holds no recursion, counts every node, and stops at the first limit: facts are
//! whole or absent.

mod definitions;
mod raw;
mod uses;

use tree_sitter::{Node, TreeCursor};

use super::languages::{Exports, text_of};
use super::lines::{ChangedLines, line};
use super::patterns::{CodeTable, CompiledPattern, Document, Haystack};
use super::plan::{NONE, Plan};
use super::preflight;
use super::side::{Budget, Stop};
pub(crate) use raw::{Raw, RawCall, RawImport, RawMatch, RawSymbol, RawTest};

/// Nodes between two looks at the clock and the other limits.
const DEADLINE_STRIDE: u64 = 512;

/// A container around the current node.
struct Container {
    depth: u32,
    prefix: String,
    node: &'static str,
    module: bool,
    symbol: Option<usize>,
    function: bool,
}

/// A wrapper around, or text before, the next definition.
#[derive(Clone, Copy)]
struct Opening {
    depth: u32,
    start: usize,
    row: usize,
    end: usize,
    exports: bool,
    grouped: bool,
}

struct Walk<'a, 't> {
    text: &'a str,
    plan: &'a Plan,
    budget: &'a Budget<'a>,
    document: &'t Document,
    /// Only calls and matches that touch these lines are wanted.
    focus: Option<&'a ChangedLines>,
    /// Patterns of the specification that are in scope of this file.
    code: &'a CodeTable<'a>,
    /// Where the patterns of the plan can match.
    haystack: Haystack,
    has_error: bool,
    watch_identifiers: bool,
    watch_escapes: bool,
    containers: Vec<Container>,
    wrapper: Option<Opening>,
    lead: Option<Opening>,
    comment_end: Option<usize>,
    exports: Exports,
    deferred: Vec<(&'a CompiledPattern, Node<'t>)>,
    deepest: u32,
    raw: Raw,
}

/// Reads all facts of one side.
pub(crate) fn walk<'a>(
    document: &'a Document,
    plan: &'a Plan,
    budget: &'a Budget<'a>,
    focus: Option<&'a ChangedLines>,
    code: &'a CodeTable<'a>,
) -> Result<Raw, Stop> {
    let doc = document.root().get_doc();
    let text = doc.src.as_str();
    let root = doc.tree.root_node();
    let mut walk = Walk {
        text,
        plan,
        budget,
        document,
        focus,
        code,
        haystack: plan.haystacker.look(text),
        has_error: root.has_error(),
        watch_identifiers: !text.is_ascii(),
        watch_escapes: plan.language.escaped_identifiers && text.contains("\\u"),
        containers: Vec::new(),
        wrapper: None,
        lead: None,
        comment_end: None,
        exports: Exports::default(),
        deferred: Vec::new(),
        deepest: 0,
        raw: Raw::default(),
    };
    walk.run(root.walk())?;
    walk.ask_deferred()?;
    code.ask_queries(document, focus, budget, &mut walk.raw)?;
    Ok(walk.finish())
}

impl<'a, 't> Walk<'a, 't> {
    fn run(&mut self, mut cursor: TreeCursor<'t>) -> Result<(), Stop> {
        let (mut nodes, mut depth) = (0_u64, 0_u32);
        loop {
            nodes = nodes.saturating_add(1);
            if nodes.is_multiple_of(DEADLINE_STRIDE) {
                self.check(nodes)?;
            }
            self.visit(cursor.node(), depth)?;
            if cursor.goto_first_child() {
                depth = depth.saturating_add(1);
                self.deepest = self.deepest.max(depth);
                if u64::from(depth) > self.budget.limits.tree_depth {
                    return Err(Stop::too_large(format!("nested deeper than {depth} levels (limit tree-depth)")));
                }
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return self.check(nodes);
                }
                depth = depth.saturating_sub(1);
            }
            while self.containers.last().is_some_and(|container| container.depth >= depth) {
                self.containers.pop();
            }
        }
    }

    fn check(&self, nodes: u64) -> Result<(), Stop> {
        let limits = self.budget.limits;
        if nodes > limits.nodes_per_file {
            return Err(Stop::too_large(format!("more than {} nodes (limit nodes-per-file)", limits.nodes_per_file)));
        }
        let raw = &self.raw;
        let lists = [raw.symbols.len(), raw.imports.len(), raw.calls.len(), raw.matches.len(), raw.errors.len()];
        let facts = lists.iter().map(|count| *count as u64).sum::<u64>();
        if facts > limits.facts_per_file {
            return Err(Stop::too_large(format!("more than {} facts (limit facts-per-file)", limits.facts_per_file)));
        }
        if self.budget.deadline.passed() { Err(Stop::timeout(limits)) } else { Ok(()) }
    }

    fn visit(&mut self, node: Node<'t>, depth: u32) -> Result<(), Stop> {
        if self.has_error && (node.is_error() || node.is_missing()) {
            self.note_error(node);
        }
        let kind = node.kind_id();
        let code = self.code.of(kind);
        if !code.is_empty() {
            self.ask_code(code, node);
        }
        let watching = self.watch_identifiers || self.watch_escapes;
        let Some(action) = self.plan.action(kind, watching) else { return Ok(()) };
        if action.identifier && watching {
            self.watch(node);
        }
        self.ask_patterns(action, node);
        if action.call != NONE {
            self.read_call(action, node);
        }
        if action.assertion && self.focus.is_none_or(|focus| focus.holds(line(node.start_position().row))) {
            let place = line(node.start_position().row);
            self.raw.asserts.push(RawCall { callee: "assert".to_owned(), line: place, range: node.byte_range() });
        }
        if action.comment {
            self.raw.comments.push(node.byte_range());
        }
        if action.comment || action.lead || action.wrapper != NONE {
            self.read_surroundings(action, node, depth);
        }
        if action.import != NONE {
            self.read_import(action, node);
        }
        if action.export != NONE
            && let Some((_, read)) = self.plan.language.exports.get(usize::from(action.export))
        {
            read(self.text, node, &mut self.exports);
        }
        if action.definition != NONE {
            self.read_definition(action, node, depth);
        }
        if action.scope != NONE || action.local {
            self.open_scope(action, node, depth);
        }
        Ok(())
    }

    fn note_error(&mut self, node: Node<'t>) {
        let (start, end) = (node.start_position(), node.end_position());
        let last = if end.column == 0 && end.row > start.row { end.row.saturating_sub(1) } else { end.row };
        self.raw.errors.push((line(start.row), line(last)));
    }

    fn watch(&mut self, node: Node<'t>) {
        let text = text_of(self.text, node);
        if (self.watch_escapes && text.contains('\\')) || (self.watch_identifiers && !text.is_ascii()) {
            let place = node.start_position();
            let column = super::lines::column(self.text, node.start_byte(), place.column);
            self.raw.identifiers.push(preflight::Identifier { text: text.to_owned(), line: line(place.row), column });
        }
    }
}
