//! `enforce` of every rule -> what the rule demands.
//!
//! Owns the one-key shape of `enforce` and the faults of all kinds. Must not know what a kind means.

use std::collections::BTreeMap;

use super::graphs::contradictions::contradictions;
use super::{EnforcedRule, Enforcement, KINDS, Kind, Proof, RuleBook};
use crate::diagnostic::UsageError;
use crate::finding::Status;
use crate::specification::Specification;
use crate::specification::hosted::{HostedSystem, ScopeIn};
use crate::specification::rule::Rule;
use crate::yaml::decode::{Faults, suggestion};

/// What a kind reads with: faults of the rule's file, and everything that a name may refer to.
pub struct Reading<'a, 'f> {
    /// Records faults at their place.
    pub(crate) faults: &'a mut Faults<'f>,
    /// What names may refer to.
    pub specification: &'a Specification,
    /// The rule that is read.
    pub rule: &'a Rule,
}

pub(super) fn rule_book(specification: Specification, hosted: Vec<HostedSystem>) -> (RuleBook, Vec<UsageError>) {
    let names: BTreeMap<&str, String> =
        specification.rules.values().map(|rule| (rule.file.as_str(), specification.shown(&rule.file))).collect();
    let mut by_file: BTreeMap<&str, Faults<'_>> = BTreeMap::new();
    let mut rules = BTreeMap::new();
    let mut claims = Vec::new();
    for rule in specification.rules.values() {
        let faults = by_file.entry(&rule.file).or_insert_with(|| {
            let bytes = specification.texts.get(&rule.file).map(String::as_bytes).unwrap_or_default();
            Faults::of(bytes, names.get(rule.file.as_str()).unwrap_or(&rule.file))
        });
        let mut reading = Reading { faults, specification: &specification, rule };
        let Some((kind, enforcement)) = read(&mut reading) else { continue };
        proved(&mut reading, kind, enforcement.as_ref());
        claims.push((rule, enforcement.claims()));
        // Globs were checked when the specification was loaded.
        let Ok(scope) = ScopeIn::of(rule, &hosted) else { continue };
        if scope.status().is_some_and(Status::runs) {
            rules.insert(rule.id.clone(), EnforcedRule { rule: rule.clone(), scope, enforcement });
        }
    }
    for found in contradictions(&specification, &claims) {
        if let Some(faults) = by_file.get_mut(found.rule.file.as_str()) {
            faults.add(found.rule.enforce.kind.place, found.title, "against another rule", found.help);
        }
    }
    let errors = by_file.into_values().flat_map(Faults::into_errors).collect();
    (RuleBook { specification, hosted, rules }, errors)
}

/// Reads what one rule demands, with its kind.
pub(super) fn read(reading: &mut Reading<'_, '_>) -> Option<(&'static Kind, Box<dyn Enforcement>)> {
    let enforce = &reading.rule.enforce;
    if let Some(kind) = KINDS.iter().find(|kind| kind.name == enforce.kind.value) {
        return Some((kind, (kind.read)(reading, &enforce.value)?));
    }
    let title = format!("there is no kind of rule `{}`", crate::diagnostic::shortened(&enforce.kind.value));
    let help = suggestion(&enforce.kind.value, KINDS.iter().map(|kind| kind.name));
    reading.faults.add(enforce.kind.place, title, "unknown kind", help);
    None
}

/// A rule that gates must have shown that it fires.
fn proved(reading: &mut Reading<'_, '_>, kind: &Kind, enforcement: &dyn Enforcement) {
    let rule = reading.rule;
    let gates = rule.status == Status::Enforced || rule.status_by_system.values().any(|s| *s == Status::Enforced);
    if !gates || !rule.examples.fail.is_empty() {
        return;
    }
    let (wanted, help) = match kind.proof {
        Proof::Trees | Proof::None => return,
        Proof::Examples => {
            ("`examples` with at least one `fail`", "Write `examples: {fail: [\"...\"], pass: [\"...\"]}`.")
        }
        Proof::ExamplesOrPolicyTest => {
            let policy = enforcement.policy().and_then(|(file, _)| file.strip_suffix(".rego"));
            let test = policy.map(|policy| format!("{policy}_test.rego")).unwrap_or_default();
            if reading.specification.policies.contains_key(&test) {
                return;
            }
            ("`examples`, or a `_test.rego` beside its policy", "Write a test beside the policy.")
        }
    };
    let title = format!("an enforced rule of kind `{}` needs {wanted}", kind.name);
    reading.faults.add(rule.enforce.kind.place, title, "nothing shows that it fires", help);
}
