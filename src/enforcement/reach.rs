//! Which rules a change reaches: files in scope and hits, by rule, in one pass over the files.
//!
//! Owns the index, so that the cost of a file grows with the rules in its scope and not with all rules.

use std::collections::BTreeMap;

use super::RuleBook;
use crate::facts::{Match, Zones, ZonesBuilder};
use crate::finding::RuleId;
use crate::policies::input::{FileEntry, InputDocument};

/// What a change reaches, by rule.
pub(super) struct Reach<'a>(BTreeMap<&'a str, Reached<'a>>);

/// What a change reaches of one rule.
#[derive(Default)]
pub(super) struct Reached<'a> {
    /// A changed path is where the rule runs; both names of a renamed file count.
    pub(super) touched: bool,
    /// Files in scope by either of their names.
    pub(super) in_scope: Vec<&'a FileEntry>,
    /// Hits of the rule's patterns.
    pub(super) hits: Vec<(&'a FileEntry, &'a Match)>,
}

impl<'a> Reach<'a> {
    /// Looks at every file once.
    pub(super) fn of(book: &'a RuleBook, input: &'a InputDocument) -> Self {
        let ids: Vec<&str> = book.rules.keys().map(RuleId::as_str).collect();
        let zones = zones(book);
        let scoped = |path: &str| zones.as_ref().map_or_else(|_| one_by_one(book, path), |zones| zones.of(path));
        let mut reach: BTreeMap<&str, Reached<'a>> = BTreeMap::new();
        for file in &input.files {
            let mut found = scoped(&file.path);
            if file.old_path != file.path {
                found.extend(scoped(&file.old_path));
                found.sort_unstable();
                found.dedup();
            }
            for id in found.into_iter().filter_map(|rule| ids.get(rule as usize)) {
                let reached = reach.entry(id).or_default();
                reached.in_scope.push(file);
                reached.touched = reached.touched || runs_at(book, id, file);
            }
            for hit in &file.matches {
                // A pack's pattern is `<pack>/<id>`, which is no rule of the book.
                if let Ok(index) = ids.binary_search(&hit.pattern.as_str())
                    && let Some(id) = ids.get(index)
                {
                    reach.entry(id).or_default().hits.push((file, hit));
                }
            }
        }
        Self(reach)
    }

    /// Takes what was found of one rule.
    pub(super) fn take(&mut self, rule: &RuleId) -> Reached<'a> {
        self.0.remove(rule.as_str()).unwrap_or_default()
    }
}

fn runs_at(book: &RuleBook, id: &str, file: &FileEntry) -> bool {
    let rule = RuleId::new(id).ok().and_then(|id| book.rules.get(&id));
    let runs = |path: &str| rule.and_then(|rule| rule.scope.covers(path)).is_some_and(|(_, status)| status.runs());
    runs(&file.path) || runs(&file.old_path)
}

fn zones(book: &RuleBook) -> Result<Zones, globset::Error> {
    let mut zones = ZonesBuilder::default();
    for (index, rule) in (0_u32..).zip(book.rules.values()) {
        for (system, _) in rule.scope.systems() {
            zones.add(index, &system.root, &rule.rule.scope.paths, &rule.rule.scope.exclude)?;
        }
    }
    zones.build()
}

/// The same without the common automaton, which has a bound on its size.
fn one_by_one(book: &RuleBook, path: &str) -> Vec<u32> {
    let rules = (0_u32..).zip(book.rules.values());
    rules.filter(|(_, rule)| rule.scope.covers(path).is_some()).map(|(index, _)| index).collect()
}
