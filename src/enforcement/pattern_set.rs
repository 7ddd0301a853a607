//! What rules of the specification look for in code: patterns with the scope in which each is tried.
//!
//! Owns the values that go to the worker. Must not match anything: `facts` does.

use super::RuleBook;
pub use crate::facts::{CodePattern, CodePatternSet};

pub(super) fn of(book: &RuleBook) -> Vec<CodePatternSet> {
    let sets = book.rules.values().map(|enforced| CodePatternSet {
        rule: enforced.rule.id.as_str().to_owned(),
        roots: enforced.scope.systems().iter().map(|(system, _)| system.root.clone()).collect(),
        paths: enforced.rule.scope.paths.clone(),
        exclude: enforced.rule.scope.exclude.clone(),
        patterns: enforced.enforcement.patterns(),
    });
    sets.filter(|set| !set.patterns.is_empty()).collect()
}
