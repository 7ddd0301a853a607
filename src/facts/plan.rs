//! What to do at each node kind of a language: the table that the one walk is driven by.
//!
//! Owns the table from kind id to action. Built once a language and worker.

use ast_grep_core::Matcher as _;

use super::languages::Language;
use super::patterns::{CompiledPattern, Haystacker};

/// No row.
pub(crate) const NONE: u8 = u8::MAX;

/// What to do at one node kind. Fields hold indexes into the language's tables.
#[derive(Clone, Copy)]
pub(crate) struct Action {
    /// False when there is nothing to do at all.
    pub(crate) any: bool,
    /// Index into `definitions`.
    pub(crate) definition: u8,
    /// Index into `scopes`.
    pub(crate) scope: u8,
    /// Index into `wrappers`.
    pub(crate) wrapper: u8,
    /// Index into `imports`.
    pub(crate) import: u8,
    /// Index into `calls`.
    pub(crate) call: u8,
    /// Index into `exports`.
    pub(crate) export: u8,
    /// Variables in it are local.
    pub(crate) local: bool,
    /// It belongs to the declaration after it.
    pub(crate) lead: bool,
    /// It is a comment.
    pub(crate) comment: bool,
    /// It is a statement that asserts.
    pub(crate) assertion: bool,
    /// It is an identifier.
    pub(crate) identifier: bool,
    /// Pattern rules, as a range of `Plan::rules`.
    pub(crate) rules: (u32, u32),
}

impl Action {
    const IDLE: Self = Self {
        any: false,
        definition: NONE,
        scope: NONE,
        wrapper: NONE,
        import: NONE,
        call: NONE,
        export: NONE,
        local: false,
        lead: false,
        comment: false,
        assertion: false,
        identifier: false,
        rules: (0, 0),
    };
}

/// The table of one language with its compiled patterns.
pub(crate) struct Plan {
    /// The language.
    pub(crate) language: &'static Language,
    /// Its grammar.
    pub(crate) grammar: tree_sitter::Language,
    /// By kind id.
    actions: Vec<Action>,
    /// Pattern indexes, grouped by kind.
    pub(crate) rules: Vec<u32>,
    /// Compiled patterns of this language, sorted by id.
    pub(crate) patterns: Vec<CompiledPattern>,
    /// Says which of them a text may hold at all.
    pub(crate) haystacker: Haystacker,
    /// Field ids of callees, by call row.
    pub(crate) callees: Vec<Option<std::num::NonZeroU16>>,
    /// Field id of `parameters`.
    pub(crate) parameters: Option<std::num::NonZeroU16>,
}

impl Plan {
    /// Builds the table.
    pub(crate) fn new(language: &'static Language, patterns: Vec<CompiledPattern>) -> Self {
        let grammar = (language.grammar)();
        let mut actions = vec![Action::IDLE; grammar.node_kind_count()];
        set_rows(language, &grammar, &mut actions);
        let rules = set_rules(&patterns, &mut actions);
        let callees = language.calls.iter().map(|call| grammar.field_id_for_name(call.callee.field())).collect();
        let parameters = grammar.field_id_for_name("parameters");
        let haystacker = Haystacker::new(patterns.iter().map(|pattern| &pattern.needles));
        Self { language, grammar, actions, rules, patterns, haystacker, callees, parameters }
    }

    /// Returns what to do at a kind; nothing at kinds outside the grammar, such as errors. `identifiers` says whether
    /// identifiers are looked at.
    pub(crate) fn action(&self, kind: u16, identifiers: bool) -> Option<&Action> {
        self.actions.get(usize::from(kind)).filter(|action| action.any || (identifiers && action.identifier))
    }

    /// Returns the pattern indexes of an action.
    pub(crate) fn rules_of(&self, action: &Action) -> &[u32] {
        let (start, end) = action.rules;
        self.rules.get(start as usize..end as usize).unwrap_or_default()
    }
}

fn set_rows(language: &Language, grammar: &tree_sitter::Language, actions: &mut [Action]) {
    let mut set = |kind: &str, change: &dyn Fn(&mut Action)| {
        if let Some(action) = actions.get_mut(usize::from(grammar.id_for_node_kind(kind, true))) {
            action.any = true;
            change(action);
        }
    };
    let index = |row: usize| u8::try_from(row).unwrap_or(NONE);
    for (row, definition) in language.definitions.iter().enumerate() {
        set(definition.node, &|action| action.definition = index(row));
    }
    for (row, scope) in language.scopes.iter().enumerate() {
        set(scope.node, &|action| action.scope = index(row));
    }
    for (row, wrapper) in language.wrappers.iter().enumerate() {
        set(wrapper.node, &|action| action.wrapper = index(row));
    }
    for (row, import) in language.imports.iter().enumerate() {
        set(import.node, &|action| action.import = index(row));
    }
    for (row, call) in language.calls.iter().enumerate() {
        set(call.node, &|action| action.call = index(row));
    }
    for (row, export) in language.exports.iter().enumerate() {
        set(export.0, &|action| action.export = index(row));
    }
    for kind in language.locals {
        set(kind, &|action| action.local = true);
    }
    for kind in language.leads {
        set(kind, &|action| action.lead = true);
    }
    for kind in language.asserts {
        set(kind, &|action| action.assertion = true);
    }
    for kind in language.comments {
        set(kind, &|action| action.comment = true);
    }
    for kind in 0..grammar.node_kind_count() {
        let id = u16::try_from(kind).unwrap_or(u16::MAX);
        let name = grammar.node_kind_for_id(id).unwrap_or_default();
        if let Some(action) = actions.get_mut(kind)
            && grammar.node_kind_is_named(id)
            && (name == "identifier" || name.ends_with("_identifier") || name.contains("_identifier_"))
        {
            action.identifier = true;
        }
    }
}

/// Groups patterns by the kinds that they can match at.
fn set_rules(patterns: &[CompiledPattern], actions: &mut [Action]) -> Vec<u32> {
    let mut pairs: Vec<(usize, u32)> = Vec::new();
    for (index, pattern) in patterns.iter().enumerate() {
        let kinds = pattern.matcher.potential_kinds().unwrap_or_default();
        pairs.extend(kinds.iter().map(|kind| (kind, u32::try_from(index).unwrap_or(u32::MAX))));
    }
    pairs.sort_unstable();
    let mut rules = Vec::with_capacity(pairs.len());
    for group in pairs.chunk_by(|a, b| a.0 == b.0) {
        let start = u32::try_from(rules.len()).unwrap_or(u32::MAX);
        rules.extend(group.iter().map(|pair| pair.1));
        let end = u32::try_from(rules.len()).unwrap_or(u32::MAX);
        if let Some(action) = group.first().and_then(|pair| actions.get_mut(pair.0)) {
            action.any = true;
            action.rules = (start, end);
        }
    }
    rules
}
