//! `rego`: a policy of the specification decides; the rule's row gives scope, status and severity.
//!
//! Owns the way from the row to the policy's sources and back from its results. What the METADATA of such a policy
//! says about status or severity never counts.

pub mod faults;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Enforcement, Kind, Proof, Reading, RuleBook, Subject, Violation};
use crate::diagnostic::shortened;
use crate::finding::{RuleId, SourceKind, Status};
use crate::policies::{Evaluation, Fault, Loaded, Package, PolicySource, RuleResult};
use crate::specification::Specification;
use crate::yaml::decode::suggestion;
use crate::yaml::{Node, Place};

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "rego", read, proof: Proof::ExamplesOrPolicyTest, schema };

/// The pack under which the policies of the specification are loaded.
pub const PACK: &str = "specification";

#[derive(Debug)]
struct Policy {
    file: String,
    rule: String,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let entries = reading.faults.map(node, "rego");
    let (mut policy, mut rule) = (None, None);
    for (key, value) in entries {
        match key.value.as_str() {
            "policy" => policy = reading.faults.text(value, "policy").map(|text| (text, value.place)),
            "rule" => rule = reading.faults.text(value, "rule").map(|text| (text, value.place)),
            _ => reading.faults.unknown_key(key, &["policy", "rule"], "rego"),
        }
    }
    for name in ["policy", "rule"] {
        if !entries.is_empty() && !entries.iter().any(|(key, _)| key.value == name) {
            let help = "Write `{policy: policies/x.rego, rule: data.shop.x.deny}`.";
            reading.faults.add(node.place, format!("`rego` needs the key `{name}`"), "missing", help);
        }
    }
    let (policy, rule) = (policy?, rule?);
    let text = source(reading, &policy.0, policy.1)?;
    decision(reading, &policy.0, &text, &rule.0, rule.1)?;
    Some(Box::new(Policy { file: policy.0, rule: rule.0 }))
}

/// Returns the text of the policy file.
fn source(reading: &mut Reading<'_, '_>, file: &str, place: Place) -> Option<String> {
    let policies = &reading.specification.policies;
    if let Some(text) = policies.get(file).filter(|_| !is_test(file)) {
        return Some(text.clone());
    }
    let known = policies.keys().map(String::as_str).filter(|path| !is_test(path));
    let help = suggestion(file, known);
    reading.faults.add(place, format!("there is no policy `{}`", shortened(file)), "no such policy", help);
    None
}

/// Checks that the file is of the package and has the rule; the loader checks the rest when it parses the file.
fn decision(reading: &mut Reading<'_, '_>, file: &str, text: &str, rule: &str, place: Place) -> Option<()> {
    let named = rule.strip_prefix("data.").and_then(|path| path.rsplit_once('.'));
    let Some((package, entry)) = named else {
        let help = "Write `data.`, the package, and the rule: `data.shop.logging.deny`.";
        reading.faults.add(place, "this names no decision rule", "not of that form", help);
        return None;
    };
    let word = entry.split('_').next().unwrap_or_default();
    if !matches!(word, "deny" | "violation" | "warn") {
        let help = if word == "review" {
            "A review is asked for by a policy of the repository, or by a rule of kind `review`."
        } else {
            "Decision rules are called `deny`, `violation` or `warn`, with or without `_name`."
        };
        reading.faults.add(
            place,
            format!("`{}` is no rule that decides", shortened(entry)),
            "not a decision rule",
            help,
        );
        return None;
    }
    let own = text
        .lines()
        .find_map(|line| line.strip_prefix("package "))
        .map(|rest| rest.split('#').next().unwrap_or_default().trim().trim_start_matches("data."));
    if let Some(own) = own.filter(|own| *own != package) {
        let title = format!("{file} is of package `{}`, not `{}`", shortened(own), shortened(package));
        reading.faults.add(place, title, "another package", format!("Write `data.{own}.{entry}`."));
        return None;
    }
    let starts = |line: &str| {
        let rest = line.strip_prefix("default ").unwrap_or(line).strip_prefix(entry);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    if !text.lines().any(starts) {
        let heads = text.lines().filter_map(|line| line.split([' ', '[', '(']).next());
        let heads: BTreeSet<&str> = heads.filter(|head| decides(head)).collect();
        let title = format!("{file} has no rule `{}`", shortened(entry));
        reading.faults.add(place, title, "no such rule", suggestion(entry, heads.iter().copied()));
        return None;
    }
    Some(())
}

fn decides(head: &str) -> bool {
    matches!(head.split('_').next(), Some("deny" | "violation" | "warn"))
}

fn is_test(file: &str) -> bool {
    file.ends_with("_test.rego")
}

fn schema() -> serde_json::Value {
    json!({"type": "object", "required": ["policy", "rule"], "additionalProperties": false, "properties": {
        "policy": {"type": "string", "pattern": "^policies/.*\\.rego$", "description": "The file that holds the rule."},
        "rule": {"type": "string", "pattern": "^data\\..*\\.(deny|violation|warn)[A-Za-z0-9_]*$", "description": "The decision rule: `data.shop.logging.deny`."}}})
}

impl Enforcement for Policy {
    fn policy(&self) -> Option<(&str, &str)> {
        Some((&self.file, &self.rule))
    }

    fn judge(&self, subject: &Subject<'_>) -> Vec<Violation> {
        let violation = |result: &RuleResult| Violation {
            path: result.path.clone(),
            place: (result.line, result.column, result.end_line, result.end_column),
            message: result.message.clone(),
            anchor: result.symbol.clone(),
            fix: result.fix.clone(),
            related: Vec::new(),
            ..Violation::default()
        };
        subject.results.iter().map(violation).collect()
    }
}

/// Returns the policies of a specification for the loader; none when no rule that runs here is decided by one.
///
/// All files but tests are given: what no rule names is a library. `shown` turns a path of the specification into the
/// one that people see.
#[must_use]
pub fn policy_sources(book: &RuleBook, shown: impl Fn(&str) -> String) -> Vec<PolicySource> {
    if !book.rules.values().any(|rule| rule.enforcement.policy().is_some()) {
        return Vec::new();
    }
    sources(&book.specification, shown)
}

pub(super) fn sources(specification: &Specification, shown: impl Fn(&str) -> String) -> Vec<PolicySource> {
    let policies = specification.policies.iter().filter(|(path, _)| !is_test(path));
    let source = |(path, text): (&String, &String)| PolicySource {
        pack: PACK.to_owned(),
        path: shown(path),
        text: text.clone(),
        kind: SourceKind::Specification,
        v0: false,
        scope: None,
    };
    policies.map(source).collect()
}

/// Holds what was loaded against the rules that name it: a policy that would not be evaluated, or goes by another id,
/// must not look like a rule that found nothing.
#[must_use]
pub fn check_loaded(book: &RuleBook, loaded: &Loaded) -> Vec<Fault> {
    let entries = entries(loaded);
    let mut faults = Vec::new();
    for (id, rule) in &book.rules {
        let Some((file, name)) = rule.enforcement.policy() else { continue };
        let fault = |code: &str, path: &str, line: u32, message: String, hint: &str| Fault {
            path: path.to_owned(),
            line,
            column: 0,
            code: code.to_owned(),
            message,
            hint: hint.to_owned(),
        };
        match entries.get(name) {
            // A file that could not be loaded has its own fault, and its package is missing for that.
            None if loaded.faults.iter().any(|fault| fault.path.ends_with(file)) => {}
            None => {
                let message = format!("{id} is decided by `{name}`, which is not loaded from {file}");
                faults.push(fault("rego-rule-missing", file, 0, message, "correct `rego` of the rule"));
            }
            Some((package, entry)) => {
                let usual = format!("{}/{}", package.name, entry.entry);
                if entry.id != *id && entry.id.as_str() != usual {
                    let message = format!("METADATA calls the rule `{}`, and the specification `{id}`", entry.id);
                    faults.push(fault("rego-rule-id", &entry.path, entry.line, message, "take `id` out of METADATA"));
                }
                if entry.status != Status::Enforced {
                    let message = "METADATA sets a status, which the specification's row decides".to_owned();
                    faults.push(fault("rego-rule-status", &entry.path, entry.line, message, "take `status` out"));
                }
            }
        }
    }
    faults.sort();
    faults
}

/// Returns the decision rules of the specification's policies by their full name.
fn entries(loaded: &Loaded) -> BTreeMap<String, (&Package, &crate::policies::Rule)> {
    let packages = loaded.packages.iter().filter(|package| is_of_specification(package));
    let rules = packages.flat_map(|package| package.rules.iter().map(move |rule| (package, rule)));
    rules.map(|(package, rule)| (format!("data.{}.{}", package.name, rule.entry), (package, rule))).collect()
}

/// Says whether a package holds policies of the specification: its results are those of rules, not findings by
/// themselves.
#[must_use]
pub fn is_of_specification(package: &Package) -> bool {
    package.kind == SourceKind::Specification
}

/// Returns the results of the specification's policies by the rules that name them, for [`super::judge()`].
#[must_use]
pub fn results_by_rule(book: &RuleBook, evaluations: &[(&Package, &Evaluation)]) -> BTreeMap<RuleId, Vec<RuleResult>> {
    let mut by_name: BTreeMap<&str, Vec<&RuleId>> = BTreeMap::new();
    for (id, rule) in &book.rules {
        if let Some((_, name)) = rule.enforcement.policy() {
            by_name.entry(name).or_default().push(id);
        }
    }
    let mut results: BTreeMap<RuleId, Vec<RuleResult>> = BTreeMap::new();
    for (package, evaluation) in evaluations.iter().filter(|(package, _)| is_of_specification(package)) {
        for result in &evaluation.results {
            let Some(entry) = package.rules.get(result.rule as usize) else { continue };
            let name = format!("data.{}.{}", package.name, entry.entry);
            for id in by_name.get(name.as_str()).into_iter().flatten() {
                results.entry((*id).clone()).or_default().push(result.clone());
            }
        }
    }
    results
}
