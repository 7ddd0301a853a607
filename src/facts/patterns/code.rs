//! Patterns of the specification in the worker: which are in scope of a file, compiled when first needed.
//!
//! Owns the lookup by path and the table by node kind that the one walk asks. The cost of a file grows with the rules
//! in its scope; a rule that no changed file is in scope of is never compiled.

use std::sync::OnceLock;

use ast_grep_core::Matcher as _;
use regex::Regex;

use super::query::CompiledQuery;
use super::set::{CodePattern, CodePatternSet};
use super::text::{self, LineStarts};
use super::zones::{Zones, ZonesBuilder};
use super::{CompiledPattern, Document, shape};
use crate::facts::languages::Language;
use crate::facts::lines::ChangedLines;
use crate::facts::side::{Budget, Stop};
use crate::facts::walk::{Raw, RawMatch};

/// All patterns of all rules of the specification.
#[derive(Default)]
pub(crate) struct CodeRules {
    zones: Zones,
    sets: Vec<CodeSet>,
    /// Why the scopes could not be read; then no file counts as read.
    fault: Option<String>,
}

struct CodeSet {
    rule: String,
    patterns: Vec<(CodePattern, OnceLock<Result<Compiled, String>>)>,
}

enum Compiled {
    Shape(CompiledPattern),
    Query(CompiledQuery),
    Text(Regex),
}

/// The rules in scope of one file, as numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct InScope {
    /// Rules that the walk tries: those in scope of the head path, or of the base path when there is no head.
    tried: Vec<u32>,
    /// Rules in scope of the base path: what base held elsewhere was never held against a rule, so it is new here.
    base: Vec<u32>,
}

/// What the walk asks in one file and language.
#[derive(Default)]
pub(crate) struct CodeTable<'a> {
    /// By kind id, a range of `rules`.
    ranges: Vec<(u32, u32)>,
    rules: Vec<&'a CompiledPattern>,
    queries: Vec<&'a CompiledQuery>,
    /// Patterns that do not compile although they did when the specification was read.
    pub(crate) faults: Vec<String>,
}

impl CodeTable<'_> {
    /// Says whether nothing is asked.
    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.queries.is_empty() && self.faults.is_empty()
    }
}

impl CodeRules {
    /// Reads the scopes of all rules and compiles no pattern.
    pub(crate) fn new(sets: &[CodePatternSet]) -> Self {
        let mut zones = ZonesBuilder::default();
        let mut fault = None;
        for (index, set) in (0_u32..).zip(sets) {
            for root in &set.roots {
                if let Err(error) = zones.add(index, root, &set.paths, &set.exclude) {
                    fault = Some(format!("the scope of {} cannot be read: {error}", set.rule));
                }
            }
        }
        let zones = zones.build().unwrap_or_else(|error| {
            fault = Some(format!("the scopes of the specification cannot be read: {error}"));
            Zones::default()
        });
        let lazy = |pattern: &CodePattern| (pattern.clone(), OnceLock::new());
        let sets = sets
            .iter()
            .map(|set| CodeSet { rule: set.rule.clone(), patterns: set.patterns.iter().map(lazy).collect() });
        Self { zones, sets: sets.collect(), fault }
    }

    /// Returns the rules in scope of a file by its paths; no head path when the file is gone.
    pub(crate) fn in_scope(&self, old_path: &str, path: Option<&str>) -> InScope {
        if self.sets.is_empty() {
            return InScope::default();
        }
        let base = self.zones.of(old_path);
        let tried = match path {
            Some(path) if path != old_path => self.zones.of(path),
            Some(_) | None => base.clone(),
        };
        InScope { tried, base }
    }

    /// Returns why nothing can be said about any file.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Returns the table of one language over the rules in scope.
    pub(crate) fn table(&self, scope: &InScope, language: &'static Language) -> CodeTable<'_> {
        let mut table = CodeTable::default();
        let mut kinds: Vec<(usize, u32)> = Vec::new();
        for set in self.tried(scope) {
            for (pattern, compiled) in &set.patterns {
                if pattern.language() != Some(language.id) {
                    continue;
                }
                match compiled.get_or_init(|| compile(&set.rule, pattern)) {
                    Ok(Compiled::Shape(shape)) => {
                        let index = u32::try_from(table.rules.len()).unwrap_or(u32::MAX);
                        let potential = shape.matcher.potential_kinds().unwrap_or_default();
                        kinds.extend(potential.iter().map(|kind| (kind, index)));
                        table.rules.push(shape);
                    }
                    Ok(Compiled::Query(query)) => table.queries.push(query),
                    Ok(Compiled::Text(_)) => {}
                    Err(message) => table.faults.push(format!("{}: {message}", set.rule)),
                }
            }
        }
        table.arrange(kinds);
        table
    }

    /// Says whether any expression is in scope.
    pub(crate) fn searches(&self, scope: &InScope) -> bool {
        self.tried(scope).any(|set| set.patterns.iter().any(|(pattern, _)| pattern.language().is_none()))
    }

    /// Searches both sides for the expressions in scope; (base, head).
    pub(crate) fn search(
        &self,
        scope: &InScope,
        sides: (Option<&str>, Option<&str>),
        budget: &Budget<'_>,
    ) -> Result<Searched, Stop> {
        let mut searched = Searched::default();
        let mut regexes = Vec::new();
        for set in self.tried(scope) {
            for (pattern, compiled) in set.patterns.iter().filter(|(pattern, _)| pattern.language().is_none()) {
                match compiled.get_or_init(|| compile(&set.rule, pattern)) {
                    Ok(Compiled::Text(regex)) => regexes.push((&set.rule, regex)),
                    Ok(_) => {}
                    Err(message) => searched.faults.push(format!("{}: {message}", set.rule)),
                }
            }
        }
        if regexes.is_empty() {
            return Ok(searched);
        }
        for (text, found) in [(sides.0, &mut searched.old), (sides.1, &mut searched.new)] {
            let Some(text) = text else { continue };
            if text.len() as u64 > budget.limits.file_bytes {
                let limit = budget.limits.file_bytes;
                return Err(Stop::too_large(format!("{} bytes (limit file-bytes: {limit})", text.len())));
            }
            let mut lines = LineStarts::of(text);
            for (rule, regex) in &regexes {
                found.extend(text::hits(rule, regex, &mut lines, budget)?);
            }
        }
        Ok(searched)
    }

    /// Takes out what base held outside the scope of a rule.
    pub(crate) fn keep_in_scope(&self, scope: &InScope, base: &mut Vec<RawMatch>) {
        let gone: Vec<&str> = scope
            .tried
            .iter()
            .filter(|rule| scope.base.binary_search(rule).is_err())
            .filter_map(|rule| Some(self.sets.get(*rule as usize)?.rule.as_str()))
            .collect();
        if !gone.is_empty() {
            base.retain(|hit| !gone.contains(&hit.found.pattern.as_str()));
        }
    }

    fn tried<'s, 'i>(&'s self, scope: &'i InScope) -> impl Iterator<Item = &'s CodeSet> + use<'s, 'i> {
        scope.tried.iter().filter_map(|rule| self.sets.get(*rule as usize))
    }
}

/// What the expressions found.
#[derive(Default)]
pub(crate) struct Searched {
    /// On the base side.
    pub(crate) old: Vec<RawMatch>,
    /// On the head side.
    pub(crate) new: Vec<RawMatch>,
    /// Expressions that do not compile although they did when the specification was read.
    pub(crate) faults: Vec<String>,
}

impl<'a> CodeTable<'a> {
    /// Returns the patterns that can match at a kind.
    pub(crate) fn of(&self, kind: u16) -> &[&'a CompiledPattern] {
        let Some((start, end)) = self.ranges.get(usize::from(kind)) else { return &[] };
        self.rules.get(*start as usize..*end as usize).unwrap_or_default()
    }

    /// Asks the queries; what could not be tried is told in `raw.skipped`.
    pub(crate) fn ask_queries(
        &self,
        document: &Document,
        focus: Option<&ChangedLines>,
        budget: &Budget<'_>,
        raw: &mut Raw,
    ) -> Result<(), Stop> {
        for query in &self.queries {
            match query.hits(document, focus, budget)? {
                Ok(found) => raw.matches.extend(found),
                Err(skipped) => raw.skipped = Some(skipped),
            }
        }
        Ok(())
    }

    /// Groups the patterns by the kinds that they can match at.
    fn arrange(&mut self, mut kinds: Vec<(usize, u32)>) {
        kinds.sort_unstable();
        let Some((last, _)) = kinds.last() else { return };
        self.ranges = vec![(0, 0); last.saturating_add(1)];
        let patterns = std::mem::take(&mut self.rules);
        for group in kinds.chunk_by(|a, b| a.0 == b.0) {
            let start = u32::try_from(self.rules.len()).unwrap_or(u32::MAX);
            self.rules.extend(group.iter().filter_map(|(_, pattern)| patterns.get(*pattern as usize).copied()));
            let end = u32::try_from(self.rules.len()).unwrap_or(u32::MAX);
            if let Some(range) = group.first().and_then(|(kind, _)| self.ranges.get_mut(*kind)) {
                *range = (start, end);
            }
        }
    }
}

fn compile(rule: &str, pattern: &CodePattern) -> Result<Compiled, String> {
    match pattern {
        CodePattern::Shape { language, object } => shape::compile(rule, language, object).map(Compiled::Shape),
        CodePattern::Query { language, query } => {
            let language = shape::language(language)?;
            CompiledQuery::new(rule, language, query).map(Compiled::Query).map_err(|fault| fault.message)
        }
        CodePattern::Text { regex } => text::regex(regex).map(Compiled::Text),
    }
}
