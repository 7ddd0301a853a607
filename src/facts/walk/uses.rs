//! What the code uses: calls, imports, pattern hits.

use tree_sitter::Node;

use super::Walk;
use super::raw::{RawCall, RawImport, RawMatch, RawTest};
use crate::facts::languages::Callee;
use crate::facts::lines::{cut, line};
use crate::facts::patterns::CompiledPattern;
use crate::facts::plan::Action;
use crate::facts::side::Stop;

/// Characters of a callee that are kept.
const CALLEE_LIMIT: usize = 200;

/// Places held against a pattern between two looks at the clock.
const CLOCK_STRIDE: usize = 16;

/// Characters of the title of a test that are kept.
const TITLE_LIMIT: usize = 300;

/// Characters of an import that are kept.
const IMPORT_LIMIT: usize = 1_000;

impl<'a, 't> Walk<'a, 't> {
    /// Asks the plain patterns of this kind at once; the relational ones when the depth of the file is known.
    pub(super) fn ask_patterns(&mut self, action: &Action, node: Node<'t>) {
        if action.rules.0 == action.rules.1 || !self.in_focus(node) {
            return;
        }
        let (plan, bytes) = (self.plan, node.byte_range());
        for rule in plan.rules_of(action) {
            let index = *rule as usize;
            if let Some(pattern) = plan.patterns.get(index).filter(|_| self.haystack.may_match(index, &bytes)) {
                self.ask(pattern, node);
            }
        }
    }

    /// Asks the patterns of the specification in the same way.
    pub(super) fn ask_code(&mut self, patterns: &[&'a CompiledPattern], node: Node<'t>) {
        if self.in_focus(node) {
            for pattern in patterns {
                self.ask(pattern, node);
            }
        }
    }

    fn in_focus(&self, node: Node<'t>) -> bool {
        self.focus.is_none_or(|focus| focus.touch(line(node.start_position().row), line(node.end_position().row)))
    }

    fn ask(&mut self, pattern: &'a CompiledPattern, node: Node<'t>) {
        if pattern.relational {
            self.deferred.push((pattern, node));
        } else if let Some(found) = pattern.at(self.document, node) {
            self.raw.matches.push(RawMatch { found, range: node.byte_range() });
        }
    }

    pub(super) fn ask_deferred(&mut self) -> Result<(), Stop> {
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
        for (index, (pattern, node)) in deferred.into_iter().enumerate() {
            if index.is_multiple_of(CLOCK_STRIDE) && self.budget.deadline.passed() {
                return Err(Stop::timeout(self.budget.limits));
            }
            if let Some(found) = pattern.at(self.document, node) {
                self.raw.matches.push(RawMatch { found, range: node.byte_range() });
            }
        }
        Ok(())
    }

    pub(super) fn read_call(&mut self, action: &Action, node: Node<'t>) {
        let row = usize::from(action.call);
        let Some(Some(field)) = self.plan.callees.get(row) else { return };
        let Some(callee) = node.child_by_field_id(field.get()) else { return };
        let place = line(called_row(callee));
        for called in (self.plan.language.import_of_call)(self.text, node) {
            let raw = cut(&called.raw, IMPORT_LIMIT).to_owned();
            self.raw.imports.push(RawImport { raw, line: line(node.start_position().row) });
        }
        if let Some(test) = (self.plan.language.test_of_call)(self.text, node) {
            self.raw.tests.push(RawTest {
                title: cut(&test.title, TITLE_LIMIT).to_owned(),
                group: test.group,
                skipped: test.skipped,
                start: line(node.start_position().row),
                end: line(node.end_position().row),
            });
        }
        if self.focus.is_some_and(|focus| !focus.holds(place)) {
            // Of an untouched line of base only the place matters: whether a call stood there.
            self.raw.calls.push(RawCall { callee: String::new(), line: place, range: 0..0 });
            return;
        }
        let mut text = String::new();
        let code = self.document.root().get_doc().code();
        match self.plan.language.calls.get(row).map(|call| call.callee) {
            Some(Callee::Prefixed(word, _)) => {
                text.push_str(word);
                text.push(' ');
                code.spell_into(&mut text, (callee, callee.byte_range()), CALLEE_LIMIT);
            }
            Some(Callee::Suffixed(_, mark)) => {
                code.spell_into(&mut text, (callee, callee.byte_range()), CALLEE_LIMIT.saturating_sub(mark.len()));
                text.push_str(mark);
            }
            Some(Callee::Through(_)) => {
                code.spell_into(&mut text, (node, node.start_byte()..callee.end_byte()), CALLEE_LIMIT);
            }
            _ => code.spell_into(&mut text, (callee, callee.byte_range()), CALLEE_LIMIT),
        }
        self.raw.calls.push(RawCall { callee: text, line: place, range: node.byte_range() });
    }

    pub(super) fn read_import(&mut self, action: &Action, node: Node<'t>) {
        if let Some(kind) = self.plan.language.imports.get(usize::from(action.import)) {
            let found = (kind.read)(self.text, node);
            let cut = |raw: &str| cut(raw, IMPORT_LIMIT).to_owned();
            self.raw.imports.extend(found.into_iter().map(|(raw, row)| RawImport { raw: cut(&raw), line: line(row) }));
        }
    }
}

/// Returns the row of the name that is called: of `a\n.b` the row of `b`.
fn called_row(callee: Node<'_>) -> usize {
    let last = callee.child(callee.child_count().saturating_sub(1));
    match last {
        Some(last) if last.is_named() => last.start_position().row,
        _ => callee.start_position().row,
    }
}
