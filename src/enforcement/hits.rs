//! Hits of a rule's patterns in code -> violations; the same for `ast`, `query` and `pattern`.
//!
//! Owns the message and the place. Only what the change added counts: old debt does not appear.

use std::collections::BTreeSet;

use super::{Subject, Violation};
use crate::facts::FactChange;

/// Characters of the found text that a message shows.
const SHOWN: usize = 80;

/// Returns one violation a place that the change added.
pub(super) fn violations(subject: &Subject<'_>) -> Vec<Violation> {
    let mut seen = BTreeSet::new();
    let added = subject.hits.iter().filter(|(_, hit)| hit.change == FactChange::Added);
    let mut violations = Vec::new();
    for (file, hit) in added {
        let place = (hit.start, hit.column, hit.end, hit.end_column);
        // Two patterns of one rule may find the same place.
        if !seen.insert((file.path.as_str(), place)) {
            continue;
        }
        let message = format!("{}: `{}`", subject.rule.rule.title, shown(&hit.text));
        violations.push(Violation { path: file.path.clone(), place, message, ..Violation::default() });
    }
    violations
}

/// Returns the first line of a text, cut to what a message can hold.
fn shown(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default().trim_end();
    let mut short: String = line.chars().take(SHOWN).collect();
    if short.len() < text.trim().len() {
        short.push_str(" ...");
    }
    short
}
