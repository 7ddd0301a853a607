//! The specification as policies see it: `data.spec`.
//!
//! Owns its form. Keys are never absent and never null, and are written with `_`, so that a policy needs no quotes.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::RuleBook;
use crate::specification::Specification;
use crate::specification::hosted::HostedSystem;
use crate::specification::rule::Rule;

/// Returns the resolved specification as JSON: every list of it by id, `rules` with those of all systems, and `here`,
/// the systems that this repository holds.
#[must_use]
pub fn specification_json(book: &RuleBook) -> Value {
    json_of(&book.specification, &book.hosted)
}

pub(super) fn json_of(specification: &Specification, hosted: &[HostedSystem]) -> Value {
    let rules: Map<String, Value> =
        specification.rules.iter().map(|(id, rule)| (id.as_str().to_owned(), rule_json(rule))).collect();
    json!({
        "name": specification.manifest.name,
        "version": specification.manifest.version,
        "defaults": plain(&specification.manifest.defaults),
        "here": hosted.iter().map(|system| json!({"id": system.id, "root": system.root})).collect::<Vec<_>>(),
        "teams": by_id(&specification.teams),
        "systems": by_id(&specification.systems),
        "rules": rules,
        "contracts": by_id(&specification.contracts),
        "agents": by_id(&specification.agents),
        "prompts": by_id(&specification.prompts),
        "decisions": by_id(&specification.decisions),
        "waivers": by_id(&specification.waivers),
    })
}

fn by_id<T: Serialize>(entries: &std::collections::BTreeMap<String, T>) -> Map<String, Value> {
    entries.iter().map(|(id, entry)| (id.clone(), plain(entry))).collect()
}

/// Returns the value with `_` in the names of its own fields, and without null: a number that is not there is 0.
/// Keys below a field that maps names (`levels`, `trailers`, `certified`) are chosen by people and stay.
fn plain<T: Serialize>(entry: &T) -> Value {
    let value = serde_json::to_value(entry).unwrap_or_default();
    let Value::Object(fields) = value else { return value };
    let fields = fields.into_iter().map(|(name, value)| {
        let value = match value {
            Value::Null => json!(0),
            Value::Object(inner) if name == "limits" => plain(&Value::Object(inner)),
            other => other,
        };
        (name.replace('-', "_"), value)
    });
    Value::Object(fields.collect())
}

fn rule_json(rule: &Rule) -> Value {
    let examples = |list: &[crate::specification::rule::Example]| {
        let example = |example: &crate::specification::rule::Example| json!({"language": example.language.clone().unwrap_or_default(), "code": example.code});
        list.iter().map(example).collect::<Vec<_>>()
    };
    json!({
        "id": rule.id,
        "title": rule.title,
        "status": rule.status,
        "status_by_system": rule.status_by_system,
        "severity": rule.severity,
        "layer": rule.layer,
        "owner": rule.owner,
        "rationale": rule.rationale,
        "instead": rule.instead.clone().unwrap_or_default(),
        "decision": rule.decision.clone().unwrap_or_default(),
        "applies_to": rule.applies_to,
        "scope": {"systems": rule.scope.systems, "paths": rule.scope.paths, "exclude": rule.scope.exclude},
        "examples": {"fail": examples(&rule.examples.fail), "pass": examples(&rule.examples.pass)},
        "baseline": rule.baseline,
        "links": rule.links,
        "kind": rule.enforce.kind.value,
        "file": rule.file,
        "line": rule.line,
    })
}
