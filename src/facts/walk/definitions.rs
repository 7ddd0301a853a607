//! What the code defines: symbols, their containers, and what belongs to their declaration.

use std::borrow::Cow;
use std::ops::Range;

use tree_sitter::Node;

use super::raw::{Raw, RawSymbol};
use super::{Container, Opening, Walk};
use crate::facts::languages::{Declaration, Definition, Place, SymbolKind, text_of};
use crate::facts::lines::{cut, line};
use crate::facts::plan::Action;
use crate::facts::signature::{self, digest};

/// Characters of a name, and of a qualified name, that are kept.
const NAME_LIMIT: usize = 500;

impl<'t> Walk<'_, 't> {
    /// Remembers comments, attributes and wrappers: they belong to the definition that follows.
    pub(super) fn read_surroundings(&mut self, action: &Action, node: Node<'t>, depth: u32) {
        if action.comment {
            if (self.plan.language.documents)(text_of(self.text, node)) {
                self.comment_end = Some(node.end_byte());
            }
            let follows = self.lead_before(depth, node.start_byte()).is_some();
            if let Some(lead) = self.lead.as_mut().filter(|_| follows) {
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

    /// Reads the symbols that a node defines, and opens them as the container of what follows inside.
    pub(super) fn read_definition(&mut self, action: &Action, node: Node<'t>, depth: u32) {
        let plan = self.plan;
        let Some(definition) = plan.language.definitions.get(usize::from(action.definition)) else { return };
        if !self.counts(definition.place, depth) {
            return;
        }
        let names = (definition.names)(self.text, node);
        if names.is_empty() {
            return;
        }
        let container = self.containers.last();
        let in_function = container.is_some_and(|container| container.function);
        let within = container.map(|container| container.node);
        let parent = container.and_then(|container| container.symbol);
        let prefix = (definition.container)(self.text, node).map(|name| bounded(&name));
        let prefix = prefix.or_else(|| container.map(|container| container.prefix.clone())).unwrap_or_default();
        let body = (definition.body)(node).unwrap_or(node.end_byte()..node.end_byte());
        let (start, row, wrapped) = self.opening(node, depth);
        let arity = plan.parameters.and_then(|field| node.child_by_field_id(field.get()));
        let shared = RawSymbol {
            name: String::new(),
            qualified: String::new(),
            kind: Cow::Borrowed(self.kind_of(definition, node)),
            exported: false,
            parent,
            documented: self.documented(node, start),
            signature: signature::of(&self.heading(node, start..body.start)),
            body,
            arity: arity.map_or(0, |parameters| parameters.named_child_count()),
            start: line(row),
            end: line(node.end_position().row),
        };
        // One more than allowed is enough for the limit to be seen.
        let room = usize::try_from(self.budget.limits.facts_per_file).unwrap_or(usize::MAX);
        for name in names.iter().take(room.saturating_sub(self.raw.symbols.len()).saturating_add(1)) {
            let declaration = Declaration { text: self.text, node, name, within, wrapped };
            let exported = !in_function && (plan.language.visible)(&declaration);
            let (name, qualified) = (bounded(name), qualify(&prefix, name));
            self.raw.symbols.push(RawSymbol { name, qualified, exported, ..shared.clone() });
        }
        self.open_symbol(definition.node, depth);
    }

    /// Returns the text up to the body without its comments: what a comment says is no part of what callers rely on.
    ///
    /// Every grammar calls a comment `comment`, or something that ends so.
    fn heading(&self, node: Node<'_>, range: Range<usize>) -> Cow<'_, str> {
        let text = self.text.get(range.clone()).unwrap_or_default();
        if !["//", "/*", "#", "--"].iter().any(|mark| text.contains(mark)) {
            return Cow::Borrowed(text);
        }
        let mut plain = String::with_capacity(text.len());
        let (mut from, mut cursor, mut done) = (range.start, node.walk(), false);
        while !done {
            let here = cursor.node();
            let is_comment = here.kind().ends_with("comment");
            if is_comment && here.start_byte() >= from && here.end_byte() <= range.end {
                plain.push_str(self.text.get(from..here.start_byte()).unwrap_or_default());
                plain.push(' ');
                from = here.end_byte();
            }
            let inside = here.start_byte() < range.end && !is_comment && cursor.goto_first_child();
            while !inside && !done && !cursor.goto_next_sibling() {
                done = !cursor.goto_parent();
            }
        }
        plain.push_str(self.text.get(from..range.end).unwrap_or_default());
        Cow::Owned(plain)
    }

    /// Says whether a definition counts where it stands.
    fn counts(&self, place: Place, depth: u32) -> bool {
        let container = self.containers.last();
        let in_function = container.is_some_and(|container| container.function);
        match place {
            Place::Anywhere => true,
            Place::NotLocal => !in_function,
            Place::Member => {
                !in_function && container.is_some_and(|of| (2..=3).contains(&depth.saturating_sub(of.depth)))
            }
        }
    }

    fn kind_of(&self, definition: &Definition, node: Node<'t>) -> &'static str {
        let container = self.containers.last();
        match definition.symbol {
            SymbolKind::Fixed(kind) => kind,
            SymbolKind::Member(member, other) => {
                if container.is_some_and(|of| !of.module && !of.function) {
                    member
                } else {
                    other
                }
            }
            SymbolKind::Told(tell) => tell(self.text, node, container.map(|container| container.node)),
        }
    }

    /// Says whether documentation stands directly above the declaration, between its attributes and it, or inside it.
    fn documented(&self, node: Node<'t>, start: usize) -> bool {
        let above = self.comment_end.is_some_and(|end| {
            let between = self.text.get(end..start);
            between.is_some_and(|text| text.trim().is_empty() && text.matches('\n').count() <= 1)
        });
        above
            || self.documented_after_lead(start, node.start_byte())
            || (self.plan.language.documented_inside)(self.text, node)
    }

    /// Says whether a documenting comment stands between attributes and the definition.
    fn documented_after_lead(&self, start: usize, node_start: usize) -> bool {
        self.comment_end.is_some_and(|end| start < end && end <= node_start && self.only_blank(end..node_start))
    }

    /// Makes the symbol just read the container of what follows inside the node.
    fn open_symbol(&mut self, node: &'static str, depth: u32) {
        let Some(last) = self.raw.symbols.last() else { return };
        let outer = self.containers.last().is_some_and(|container| container.function);
        let function = outer || matches!(&*last.kind, "function" | "method" | "constant" | "variable" | "field");
        self.containers.push(Container {
            depth,
            prefix: last.qualified.clone(),
            node,
            module: last.kind == "module",
            symbol: Some(self.raw.symbols.len().saturating_sub(1)),
            function,
        });
    }

    pub(super) fn open_scope(&mut self, action: &Action, node: Node<'t>, depth: u32) {
        let outer = self.containers.last();
        let mut prefix = outer.map(|outer| outer.prefix.clone()).unwrap_or_default();
        let function = action.local || outer.is_some_and(|outer| outer.function);
        let symbol = outer.and_then(|outer| outer.symbol);
        let mut kind = outer.map_or("", |outer| outer.node);
        let mut module = outer.is_some_and(|outer| outer.module);
        if let Some(scope) = self.plan.language.scopes.get(usize::from(action.scope)) {
            kind = scope.node;
            prefix = qualify(&prefix, &(scope.name)(self.text, node));
            module = false;
        }
        self.containers.push(Container { depth, prefix, node: kind, module, symbol, function });
    }

    /// Applies export lists and the visibility of containers.
    pub(super) fn finish(mut self) -> Raw {
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

/// Returns a name, or of an absurdly long one what tells it apart: nesting must not multiply it.
fn bounded(name: &str) -> String {
    if name.len() <= NAME_LIMIT { name.to_owned() } else { format!("{}[{}]", cut(name, NAME_LIMIT), digest(name)) }
}

fn qualify(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { bounded(name) } else { bounded(&format!("{prefix}.{name}")) }
}
