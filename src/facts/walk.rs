//! The one walk over a tree: a cursor loop driven by the language's table.
//!
//! Owns what is read at each node. Holds no recursion, counts every node, and stops at the first limit: facts are
//! whole or absent.

use std::ops::Range;

use tree_sitter::{Node, TreeCursor};

use super::languages::{Callee, Declaration, Exports, Place, SymbolKind, text_of};
use super::lines::{ChangedLines, collapse_into, line};
use super::patterns::Document;
use super::plan::{Action, NONE, Plan};
use super::side::{Budget, Stop};
use super::signature;
use super::{Match, preflight};

/// Nodes between two looks at the clock and the other limits.
const DEADLINE_STRIDE: u64 = 512;

/// Characters of a callee that are kept.
const CALLEE_LIMIT: usize = 200;

/// A symbol of one side.
#[derive(Clone, Debug)]
pub(crate) struct RawSymbol {
    pub(crate) name: String,
    pub(crate) qualified: String,
    pub(crate) kind: &'static str,
    /// Visible by its own declaration; after `finish` with its containers.
    pub(crate) exported: bool,
    pub(crate) parent: Option<usize>,
    pub(crate) documented: bool,
    pub(crate) signature: String,
    pub(crate) body: Range<usize>,
    pub(crate) arity: usize,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// An import of one side.
#[derive(Clone, Debug)]
pub(crate) struct RawImport {
    pub(crate) raw: String,
    pub(crate) line: u32,
}

/// A call of one side.
#[derive(Clone, Debug)]
pub(crate) struct RawCall {
    pub(crate) callee: String,
    pub(crate) line: u32,
    pub(crate) range: Range<usize>,
}

/// A pattern hit of one side, with the bytes that it covers.
#[derive(Clone, Debug)]
pub(crate) struct RawMatch {
    pub(crate) found: Match,
    pub(crate) range: Range<usize>,
}

/// Everything that one side says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Raw {
    pub(crate) symbols: Vec<RawSymbol>,
    pub(crate) imports: Vec<RawImport>,
    pub(crate) calls: Vec<RawCall>,
    pub(crate) matches: Vec<RawMatch>,
    /// Line ranges of syntax errors, both ends inclusive.
    pub(crate) errors: Vec<(u32, u32)>,
    /// Suspicious identifiers.
    pub(crate) identifiers: Vec<preflight::Identifier>,
    /// What could not be tried although the file was read.
    pub(crate) skipped: Option<String>,
}

/// A container around the current node.
struct Container {
    depth: u32,
    prefix: String,
    node: &'static str,
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
    has_error: bool,
    watch_identifiers: bool,
    watch_escapes: bool,
    containers: Vec<Container>,
    wrapper: Option<Opening>,
    lead: Option<Opening>,
    comment_end: Option<usize>,
    exports: Exports,
    deferred: Vec<(u32, Node<'t>)>,
    deepest: u32,
    raw: Raw,
}

/// Reads all facts of one side.
pub(crate) fn walk<'a>(
    document: &'a Document,
    plan: &'a Plan,
    budget: &'a Budget<'a>,
    focus: Option<&'a ChangedLines>,
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
                    return Ok(());
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
        let Some(action) = self.plan.action(node.kind_id()) else { return Ok(()) };
        if action.identifier && (self.watch_identifiers || self.watch_escapes) {
            self.watch(node);
        }
        self.ask_patterns(action, node)?;
        if action.call != NONE {
            self.read_call(action, node);
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

    /// Asks the plain patterns of this kind at once; the relational ones when the depth of the file is known.
    fn ask_patterns(&mut self, action: &Action, node: Node<'t>) -> Result<(), Stop> {
        if action.rules.0 == action.rules.1 {
            return Ok(());
        }
        if let Some(focus) = self.focus
            && !focus.touch(line(node.start_position().row), line(node.end_position().row))
        {
            return Ok(());
        }
        let plan = self.plan;
        for rule in plan.rules_of(action) {
            let Some(pattern) = plan.patterns.get(*rule as usize) else { continue };
            if pattern.relational {
                self.deferred.push((*rule, node));
            } else if let Some(found) = pattern.at(self.document, node) {
                self.raw.matches.push(RawMatch { found, range: node.byte_range() });
            }
        }
        Ok(())
    }

    fn ask_deferred(&mut self) -> Result<(), Stop> {
        let deferred = std::mem::take(&mut self.deferred);
        if deferred.is_empty() {
            return Ok(());
        }
        let limit = self.budget.limits.relational_depth;
        if u64::from(self.deepest) > limit {
            let count = deferred.len();
            self.raw.skipped = Some(format!(
                "the file is nested {} levels deep, so {count} places were not held against patterns that look at \
                 surrounding code (limit relational-depth: {limit})",
                self.deepest
            ));
            return Ok(());
        }
        let plan = self.plan;
        for (rule, node) in deferred {
            if self.budget.deadline.passed() {
                return Err(Stop::timeout(self.budget.limits));
            }
            let pattern = plan.patterns.get(rule as usize);
            if let Some(found) = pattern.and_then(|pattern| pattern.at(self.document, node)) {
                self.raw.matches.push(RawMatch { found, range: node.byte_range() });
            }
        }
        Ok(())
    }

    fn read_call(&mut self, action: &Action, node: Node<'t>) {
        let row = usize::from(action.call);
        let Some(Some(field)) = self.plan.callees.get(row) else { return };
        let Some(callee) = node.child_by_field_id(field.get()) else { return };
        let place = line(called_row(callee));
        if let Some(raw) = (self.plan.language.import_of_call)(self.text, node) {
            self.raw.imports.push(RawImport { raw, line: line(node.start_position().row) });
        }
        if self.focus.is_some_and(|focus| !focus.holds(place)) {
            return;
        }
        let mut text = String::new();
        let whole = text_of(self.text, callee);
        match self.plan.language.calls.get(row).map(|call| call.callee) {
            Some(Callee::Prefixed(word, _)) => {
                text.push_str(word);
                text.push(' ');
                collapse_into(&mut text, whole, CALLEE_LIMIT);
            }
            Some(Callee::Suffixed(_, mark)) => {
                collapse_into(&mut text, whole, CALLEE_LIMIT.saturating_sub(mark.len()));
                text.push_str(mark);
            }
            Some(Callee::Through(_)) => {
                let through = self.text.get(node.start_byte()..callee.end_byte()).unwrap_or_default();
                collapse_into(&mut text, through, CALLEE_LIMIT);
            }
            _ => {
                collapse_into(&mut text, whole, CALLEE_LIMIT);
            }
        }
        self.raw.calls.push(RawCall { callee: text, line: place, range: node.byte_range() });
    }

    fn read_import(&mut self, action: &Action, node: Node<'t>) {
        if let Some(kind) = self.plan.language.imports.get(usize::from(action.import)) {
            let found = (kind.read)(self.text, node);
            self.raw.imports.extend(found.into_iter().map(|(raw, row)| RawImport { raw, line: line(row) }));
        }
    }

    /// Remembers comments, attributes and wrappers: they belong to the definition that follows.
    fn read_surroundings(&mut self, action: &Action, node: Node<'t>, depth: u32) {
        if action.comment {
            if (self.plan.language.documents)(text_of(self.text, node)) {
                self.comment_end = Some(node.end_byte());
            }
            if let Some(lead) = self.lead.as_mut().filter(|lead| lead.depth == depth) {
                lead.end = node.end_byte();
            }
            return;
        }
        let mut opening = Opening {
            depth,
            start: node.start_byte(),
            row: node.start_position().row,
            end: node.end_byte(),
            exports: false,
            grouped: false,
        };
        if action.lead {
            if let Some(lead) = self.lead.filter(|lead| lead.depth == depth && self.only_blank(lead.end..opening.start))
            {
                (opening.start, opening.row) = (lead.start, lead.row);
            }
            self.lead = Some(opening);
            return;
        }
        if let Some(outer) =
            self.wrapper.filter(|outer| outer.depth.saturating_add(1) == depth && outer.end >= opening.end)
        {
            (opening.start, opening.row, opening.exports) = (outer.start, outer.row, outer.exports);
        } else if let Some(lead) = self.lead_before(depth, opening.start) {
            (opening.start, opening.row) = (lead.start, lead.row);
        }
        if let Some(wrapper) = self.plan.language.wrappers.get(usize::from(action.wrapper)) {
            opening.exports |= wrapper.exports;
            opening.grouped |= wrapper.grouped;
        }
        self.wrapper = Some(opening);
    }

    fn only_blank(&self, range: Range<usize>) -> bool {
        self.text.get(range).is_some_and(|between| between.trim().is_empty())
    }

    fn lead_before(&self, depth: u32, start: usize) -> Option<Opening> {
        self.lead.filter(|lead| lead.depth == depth && lead.end <= start && self.only_blank(lead.end..start))
    }

    /// Returns where the declaration of this node begins, and whether a wrapper exports it.
    fn opening(&self, node: Node<'t>, depth: u32) -> (usize, usize, bool) {
        let (own, own_row) = (node.start_byte(), node.start_position().row);
        let wrapper =
            self.wrapper.filter(|outer| outer.depth.saturating_add(1) == depth && outer.end >= node.end_byte());
        if let Some(outer) = wrapper {
            let group = outer.grouped && self.text.get(outer.start..own).is_none_or(|between| between.contains('('));
            return if group { (own, own_row, outer.exports) } else { (outer.start, outer.row, outer.exports) };
        }
        match self.lead_before(depth, own) {
            Some(lead) => (lead.start, lead.row, false),
            None => (own, own_row, false),
        }
    }

    fn read_definition(&mut self, action: &Action, node: Node<'t>, depth: u32) {
        let plan = self.plan;
        let Some(definition) = plan.language.definitions.get(usize::from(action.definition)) else { return };
        let container = self.containers.last();
        let in_function = container.is_some_and(|container| container.function);
        let direct = container.is_some_and(|of| (2..=3).contains(&depth.saturating_sub(of.depth)));
        match definition.place {
            Place::Anywhere => {}
            Place::NotLocal if in_function => return,
            Place::Member if !direct || in_function => return,
            Place::NotLocal | Place::Member => {}
        }
        let names = (definition.names)(self.text, node);
        if names.is_empty() {
            return;
        }
        let within = container.map(|container| container.node);
        let kind = match definition.symbol {
            SymbolKind::Fixed(kind) => kind,
            SymbolKind::Member(member, other) => {
                if within.is_some_and(|node| node != "mod_item") && !in_function {
                    member
                } else {
                    other
                }
            }
            SymbolKind::Told(tell) => tell(self.text, node, within),
        };
        let body = (definition.body)(node).unwrap_or(node.end_byte()..node.end_byte());
        let (start, row, wrapped) = self.opening(node, depth);
        let prefix = (definition.container)(self.text, node);
        let prefix = prefix.or_else(|| container.map(|container| container.prefix.clone())).unwrap_or_default();
        let parent = container.and_then(|container| container.symbol);
        let documented = self.comment_end.is_some_and(|end| {
            self.text
                .get(end..start)
                .is_some_and(|between| between.trim().is_empty() && between.matches('\n').count() <= 1)
        }) || self.documented_after_lead(start, node.start_byte())
            || (plan.language.documented_inside)(self.text, node);
        let signature = signature::of(self.text.get(start..body.start).unwrap_or_default());
        let arity = plan
            .parameters
            .and_then(|field| node.child_by_field_id(field.get()))
            .map_or(0, |parameters| parameters.named_child_count());
        for name in names {
            let declaration = Declaration { text: self.text, node, name: &name, within, wrapped };
            let exported = !in_function && (plan.language.visible)(&declaration);
            let qualified = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            self.raw.symbols.push(RawSymbol {
                name,
                qualified,
                kind,
                exported,
                parent,
                documented,
                signature: signature.clone(),
                body: body.clone(),
                arity,
                start: line(row),
                end: line(node.end_position().row),
            });
        }
        self.open_symbol(definition.node, depth);
    }

    /// Says whether a documenting comment stands between attributes and the definition.
    fn documented_after_lead(&self, start: usize, node_start: usize) -> bool {
        self.comment_end.is_some_and(|end| start < end && end <= node_start && self.only_blank(end..node_start))
    }

    /// Makes the symbol just read the container of what follows inside the node.
    fn open_symbol(&mut self, node: &'static str, depth: u32) {
        let Some(last) = self.raw.symbols.last() else { return };
        let outer = self.containers.last().is_some_and(|container| container.function);
        let function = outer || matches!(last.kind, "function" | "method" | "constant" | "variable" | "field");
        self.containers.push(Container {
            depth,
            prefix: last.qualified.clone(),
            node,
            symbol: Some(self.raw.symbols.len().saturating_sub(1)),
            function,
        });
    }

    fn open_scope(&mut self, action: &Action, node: Node<'t>, depth: u32) {
        let outer = self.containers.last();
        let mut prefix = outer.map(|outer| outer.prefix.clone()).unwrap_or_default();
        let function = action.local || outer.is_some_and(|outer| outer.function);
        let symbol = outer.and_then(|outer| outer.symbol);
        let mut kind = outer.map_or("", |outer| outer.node);
        if let Some(scope) = self.plan.language.scopes.get(usize::from(action.scope)) {
            kind = scope.node;
            let name = (scope.name)(self.text, node);
            prefix = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        }
        self.containers.push(Container { depth, prefix, node: kind, symbol, function });
    }

    /// Applies export lists and the visibility of containers.
    fn finish(mut self) -> Raw {
        for symbol in self.raw.symbols.iter_mut().filter(|symbol| symbol.parent.is_none()) {
            let listed = self.exports.names.contains(&symbol.qualified);
            symbol.exported = if self.exports.closed { listed } else { symbol.exported || listed };
        }
        for index in 0..self.raw.symbols.len() {
            let parent = self.raw.symbols.get(index).and_then(|symbol| symbol.parent);
            // A parent stands before its parts, so its own answer is final here.
            let hidden = parent.and_then(|parent| self.raw.symbols.get(parent)).is_some_and(|parent| !parent.exported);
            if let Some(symbol) = self.raw.symbols.get_mut(index).filter(|_| hidden) {
                symbol.exported = false;
            }
        }
        self.raw
    }
}

/// Returns the row of the name that is called: of `a\n.b` the row of `b`.
fn called_row(callee: Node<'_>) -> usize {
    let last = u32::try_from(callee.child_count()).ok().and_then(|count| callee.child(count.saturating_sub(1)));
    match last {
        Some(last) if last.is_named() => last.start_position().row,
        _ => callee.start_position().row,
    }
}
