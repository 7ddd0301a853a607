//! The rules that have findings -> what reports say about them beside: examples, standing advice, controls, addresses.
//!
//! Owns which of a rule's texts leave the decision, so that no report reads a rule again. Must not weigh anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::enforcement::RuleBook;
use crate::finding::{Finding, RuleId};
use crate::outcome::RuleNote;
use crate::policies::{Loaded, Rule as PolicyRule};
use crate::specification::rule::{Example, Rule};
use crate::untrusted::Untrusted;

/// Returns what is known of the rules that `findings` name, by id.
pub(super) fn described(findings: &[Finding], loaded: &Loaded, book: &RuleBook) -> BTreeMap<RuleId, RuleNote> {
    let named: BTreeSet<&RuleId> = findings.iter().map(|finding| &finding.rule).collect();
    let policies = loaded.packages.iter().flat_map(|package| &package.rules);
    let mut notes: BTreeMap<RuleId, RuleNote> = BTreeMap::new();
    for rule in policies.filter(|rule| named.contains(&rule.id)) {
        notes.entry(rule.id.clone()).or_insert_with(|| of_policy(rule));
    }
    // A rule of the specification may be written in Rego; its own texts are those of the specification.
    for (id, enforced) in book.rules.iter().filter(|(id, _)| named.contains(id)) {
        notes.insert(id.clone(), of_specification(&enforced.rule));
    }
    notes
}

fn of_policy(rule: &PolicyRule) -> RuleNote {
    RuleNote {
        fix: Untrusted::new(rule.fix.as_str()),
        bad: Untrusted::new(rule.examples.bad.as_str()),
        good: Untrusted::new(rule.examples.good.as_str()),
        controls: texts(&rule.controls),
        links: texts(&rule.links),
    }
}

fn of_specification(rule: &Rule) -> RuleNote {
    let first = |examples: &[Example]| examples.first().map(|example| example.code.as_str()).unwrap_or_default().into();
    RuleNote {
        fix: Untrusted::new(rule.instead.as_deref().unwrap_or_default()),
        bad: first(&rule.examples.fail),
        good: first(&rule.examples.pass),
        controls: Vec::new(),
        links: texts(&rule.links),
    }
}

fn texts(texts: &[String]) -> Vec<Untrusted> {
    texts.iter().map(|text| Untrusted::new(text.as_str())).collect()
}
