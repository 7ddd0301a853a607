//! Files that are no list of parts: policies, trees of tests, published copies of contracts, anything else.
//!
//! Owns what a change to their bytes means. Whether two texts let the same through cannot be decided, so changed ones
//! loosen, unless they only prove something.

use std::collections::BTreeSet;

use super::row::Rows;
use super::{ids, node, owners_of};
use crate::specification::Specification;
use crate::specification::governance::added_policy;

/// What a file is by its path.
enum Part<'p> {
    /// Read as parts, which were compared one by one.
    Parts,
    Policy,
    PolicyTest,
    /// A file of `tests/<RULE-ID>/fail/`, or `pass/`.
    Test {
        rule: &'p str,
        fail: bool,
    },
    Prose,
    Lock,
    Baseline,
    Other,
}

fn part(path: &str) -> Part<'_> {
    let yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    let (folder, rest) = path.split_once('/').unwrap_or(("", path));
    let name = path.rsplit('/').next().unwrap_or(path);
    match folder {
        "" if rest == "portcullis.lock" => Part::Lock,
        // Found debt has its own comparison: it belongs to the application, not to the specification.
        "" if rest == "baseline.json" => Part::Baseline,
        _ if name == "README.md" && folder != "tests" => Part::Prose,
        "" if matches!(rest, "portcullis-spec.yaml" | "teams.yaml" | "systems.yaml") => Part::Parts,
        "invariants" | "prohibited" | "agents" | "waivers" if yaml => Part::Parts,
        "contracts" if rest.ends_with("/contract.yaml") => Part::Parts,
        "prompts" if rest.ends_with(".prompt.md") => Part::Parts,
        "decisions" if rest.ends_with(".md") => Part::Parts,
        "policies" if rest.ends_with("_test.rego") => Part::PolicyTest,
        "policies" => Part::Policy,
        "tests" => match rest.split_once('/') {
            Some((rule, tree)) => Part::Test { rule, fail: !tree.starts_with("pass/") },
            None => Part::Other,
        },
        "" if rest.ends_with(".md") => Part::Prose,
        _ => Part::Other,
    }
}

pub(super) fn compare(base: &Specification, head: &Specification, rows: &mut Rows) {
    let said = rows.files();
    for path in ids(base.texts.keys(), head.texts.keys()) {
        let (old, new) = (base.texts.get(path), head.texts.get(path));
        if old == new {
            continue;
        }
        let users = [base, head].into_iter().flat_map(|side| users(side, path)).collect::<BTreeSet<_>>();
        let rules = users
            .iter()
            .filter_map(|id| base.rules.values().chain(head.rules.values()).find(|rule| rule.id.as_str() == id));
        let rules: Vec<_> = rules.collect();
        let concerned = owners_of(base, head, rules.iter().flat_map(|rule| &rule.scope.systems));
        let owners: Vec<&String> = rules.iter().map(|rule| &rule.owner).collect();
        let what = match part(path) {
            Part::Policy | Part::PolicyTest => "policy",
            Part::Test { .. } => "test",
            _ => "file",
        };
        let mut row = rows.row(what, path, (path, 1)).owned_by(owners).concerning(concerned);
        let whose = if users.is_empty() { String::new() } else { format!(" of {}", super::row::listed(&users)) };
        match (part(path), old, new) {
            (Part::Parts, Some(_), Some(_)) if !said.contains(path) => {
                row.textual("has other words or another layout; what it demands stays as it is");
            }
            // Every part of it has been compared, also where the file came or went.
            (Part::Parts, ..) => {}
            (Part::Lock, ..) => row.textual("holds other hashes of prompts, which are compared themselves"),
            (Part::Baseline, ..) => {}
            (Part::Prose, ..) => row.textual("has other words"),
            (Part::Policy, None, Some(text)) => match added_policy(text, policies(base)).first() {
                Some(why) => row.loosens(format!("is a new policy; {why}")),
                None if users.is_empty() => row.textual("is a new policy that no rule runs"),
                None => row.tightens(format!("is a new policy{whose}")),
            },
            (Part::Policy, Some(_), None) => row.loosens(format!("is removed: a policy{whose}")),
            (Part::Policy, ..) => {
                row.loosens(format!("is a policy{whose} that changes; whether it lets more through cannot be told"));
            }
            (Part::PolicyTest, Some(_), None) => row.loosens("is removed: tests that prove a policy"),
            (Part::PolicyTest, Some(old), Some(new)) if lost_test(old, new) => {
                row.loosens("loses tests that prove a policy");
            }
            (Part::PolicyTest, ..) => row.textual("has tests of a policy that change"),
            (Part::Test { rule, fail: true }, Some(_), _) => {
                row.loosens(format!("no longer proves as it did that {} fires", super::row::quoted(rule)));
            }
            (Part::Test { .. }, ..) => row.textual("has test files that change"),
            (Part::Other, None, Some(_)) => row.textual("is a new file that nothing is read from yet"),
            (Part::Other, ..) => row.loosens("changes; what follows from it cannot be told"),
        }
    }
}

/// Returns the texts of all policies: one may read what another defines.
fn policies(specification: &Specification) -> impl Iterator<Item = &str> {
    let policies = specification.texts.iter().filter(|(path, _)| matches!(part(path), Part::Policy));
    policies.map(|(_, text)| text.as_str())
}

/// Returns the ids of rules whose `enforce` names the file.
fn users(specification: &Specification, path: &str) -> Vec<String> {
    let naming = specification.rules.values().filter(|rule| node::plain_texts(&rule.enforce.value).contains(&path));
    naming.map(|rule| rule.id.as_str().to_owned()).collect()
}

/// Says whether a line of the tests is gone: one that only comes proves more.
fn lost_test(old: &str, new: &str) -> bool {
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect()
    };
    !lines(old).is_subset(&lines(new))
}
