//! Rules: status, severity, layer, scope, what they demand, and what proves them.

use std::collections::BTreeSet;

use super::list::{List, More};
use super::row::{Row, Rows, listed, quoted};
use super::{EnforceComparison, ids, node, owners_of};
use crate::finding::{Severity, Status};
use crate::specification::Specification;
use crate::specification::rule::{AppliesTo, Enforce, Rule, Scope};

const SYSTEMS: List = List {
    more: More::Tightens,
    empty_is_all: false,
    globs: false,
    gained: "now also holds in the system",
    lost: "no longer holds in the system",
    all: "",
    limited: "",
};
const PATHS: List = List {
    more: More::Tightens,
    empty_is_all: true,
    globs: true,
    gained: "now also holds for",
    lost: "no longer holds for",
    all: "now holds for every path of its systems",
    limited: "now holds for these paths only:",
};
const EXCLUDE: List = List {
    more: More::Loosens,
    empty_is_all: false,
    globs: true,
    gained: "now leaves out",
    lost: "no longer leaves out",
    all: "",
    limited: "",
};

pub(super) fn compare(base: &Specification, head: &Specification, enforce: &dyn EnforceComparison, rows: &mut Rows) {
    for id in ids(base.rules.keys(), head.rules.keys()) {
        let (old, new) = (base.rules.get(id), head.rules.get(id));
        let Some(at) = new.or(old) else { continue };
        let systems = [old, new].into_iter().flatten().flat_map(|rule| &rule.scope.systems);
        let concerned = owners_of(base, head, systems);
        let owners = old.or(new).map(|rule| &rule.owner);
        let mut row = rows.row("rule", id.as_str(), (&at.file, at.line)).owned_by(owners).concerning(concerned);
        match (old, new) {
            (Some(_), None) => row.loosens("is removed; a rule that ends keeps its row with `status: retired`"),
            (None, Some(new)) => added(new, &mut row),
            (Some(old), Some(new)) => changed(old, new, enforce, &mut row),
            (None, None) => {}
        }
    }
}

fn added(new: &Rule, row: &mut Row<'_>) {
    match strictest(new) {
        status if status.runs() => row.tightens(format!("is a new rule, {}", word(status))),
        status => row.textual(format!("is a new rule that does not run: it is {}", word(status))),
    }
}

fn changed(old: &Rule, new: &Rule, enforce: &dyn EnforceComparison, row: &mut Row<'_>) {
    if reused(old, new) {
        row.loosens("now names another rule: waivers, baselines and links of the old one would hold for it");
        return;
    }
    if !strictest(old).runs() {
        return not_run_before(old, new, row);
    }
    status(old, new, row);
    row.higher_tightens("severity", Grade(old.severity), Grade(new.severity));
    row.higher_tightens("layer", old.layer, new.layer);
    row.owner(&old.owner, &new.owner);
    applies_to(old, new, row);
    scope(&old.scope, &new.scope, row);
    demands(&old.enforce, &new.enforce, enforce, row);
    examples(old, new, row);
    match (old.baseline, new.baseline) {
        (false, true) => row.loosens("may now be carried as old debt in a baseline"),
        (true, false) => row.tightens("may no longer be carried as old debt in a baseline"),
        _ => {}
    }
    prose(old, new, row);
}

/// A rule that did not run let everything through: whatever it becomes lets no more through.
fn not_run_before(old: &Rule, new: &Rule, row: &mut Row<'_>) {
    let status = strictest(new);
    if status.runs() {
        row.tightens(format!("starts to run: it was {} and is {}", word(strictest(old)), word(status)));
    } else if !unplaced(old, new) {
        row.textual("changes, and does not run before or after");
    }
}

/// Says whether both are the same but for where they are written.
fn unplaced(old: &Rule, new: &Rule) -> bool {
    let at = Rule { file: old.file.clone(), line: old.line, enforce: old.enforce.clone(), ..new.clone() };
    let code = |rule: &Rule| -> Vec<String> {
        rule.examples.fail.iter().chain(&rule.examples.pass).map(|example| example.code.clone()).collect()
    };
    let at = Rule { examples: old.examples.clone(), ..at };
    at == *old && code(old) == code(new) && equal(&old.enforce, &new.enforce)
}

/// An id stands for one rule for ever: a retired one may not come back, and a living one may not change, as another.
fn reused(old: &Rule, new: &Rule) -> bool {
    let back = old.status == Status::Retired && new.status != Status::Retired && !strictest(old).runs();
    let other_kind = old.enforce.kind.value != new.enforce.kind.value;
    let other_words = old.title != new.title;
    (back && (other_words || !equal(&old.enforce, &new.enforce))) || (other_kind && other_words)
}

fn equal(old: &Enforce, new: &Enforce) -> bool {
    old.kind.value == new.kind.value && node::same(&old.value, &new.value)
}

fn demands(old: &Enforce, new: &Enforce, enforce: &dyn EnforceComparison, row: &mut Row<'_>) {
    if equal(old, new) {
        return;
    }
    if old.kind.value != new.kind.value {
        let (from, to) = (quoted(&old.kind.value), quoted(&new.kind.value));
        row.loosens(format!("is enforced by {to} instead of {from}; whether it lets more through cannot be told"));
        return;
    }
    for (effect, why) in enforce.compare(old, new) {
        row.say(effect, why);
    }
}

/// Compares what the status comes to in each system that both sides hold.
fn status(old: &Rule, new: &Rule, row: &mut Row<'_>) {
    let both: Vec<&String> = old.scope.systems.iter().filter(|system| new.scope.systems.contains(system)).collect();
    let mut steps: Vec<((Status, Status), Vec<&String>)> = Vec::new();
    for system in &both {
        let step = (old.status_in(system), new.status_in(system));
        if step.0 == step.1 {
            continue;
        }
        match steps.iter_mut().find(|(known, _)| *known == step) {
            Some((_, systems)) => systems.push(system),
            None => steps.push((step, vec![system])),
        }
    }
    for ((from, to), systems) in &steps {
        let everywhere = systems.len() == both.len() && old.status_by_system == new.status_by_system;
        let place = if everywhere { String::new() } else { format!(" in {}", listed(systems.iter().copied())) };
        let (was, is) = (word(*from), word(*to));
        match (from.runs() || to.runs(), to > from) {
            (false, _) => row.textual(format!("is {is} instead of {was}{place}, and runs in neither case")),
            (true, true) => row.tightens(format!("has its status raised from {was} to {is}{place}")),
            (true, false) => row.loosens(format!("has its status lowered from {was} to {is}{place}")),
        }
    }
    if steps.is_empty() && old.status != new.status {
        row.textual("has another status for systems that it does not hold in");
    }
}

fn applies_to(old: &Rule, new: &Rule, row: &mut Row<'_>) {
    match (old.applies_to, new.applies_to) {
        (AppliesTo::All, AppliesTo::Ai) => row.loosens("now covers lines of AI tools only"),
        (AppliesTo::Ai, AppliesTo::All) => row.tightens("now covers every line"),
        _ => {}
    }
}

fn scope(old: &Scope, new: &Scope, row: &mut Row<'_>) {
    SYSTEMS.compare(row, &old.systems, &new.systems);
    PATHS.compare(row, &old.paths, &new.paths);
    EXCLUDE.compare(row, &old.exclude, &new.exclude);
}

/// `fail` proves that the rule fires, `pass` promises that it does not.
fn examples(old: &Rule, new: &Rule, row: &mut Row<'_>) {
    let set = |examples: &[crate::specification::rule::Example]| -> BTreeSet<(Option<String>, String)> {
        examples.iter().map(|example| (example.language.clone(), example.code.clone())).collect()
    };
    let (old_fail, new_fail) = (set(&old.examples.fail), set(&new.examples.fail));
    let (old_pass, new_pass) = (set(&old.examples.pass), set(&new.examples.pass));
    if let Some((_, code)) = old_fail.difference(&new_fail).next() {
        row.loosens(format!("loses the proof that it fires on {}", quoted(code)));
    } else if new_fail != old_fail {
        row.textual("has more examples that must fire");
    }
    if let Some((_, code)) = old_pass.difference(&new_pass).next() {
        row.tightens(format!("no longer promises to let {} through", quoted(code)));
    } else if new_pass != old_pass {
        row.textual("has more examples that must not fire");
    }
}

fn prose(old: &Rule, new: &Rule, row: &mut Row<'_>) {
    row.words("title", &old.title, &new.title);
    row.words("rationale", &old.rationale, &new.rationale);
    row.words("`instead`", &old.instead, &new.instead);
    row.words("list of links", &old.links, &new.links);
    row.words("decision record", &old.decision, &new.decision);
}

/// Returns the strictest status that the rule has in any system of its scope.
pub(super) fn strictest(rule: &Rule) -> Status {
    rule.scope.systems.iter().map(|system| rule.status_in(system)).max().unwrap_or(rule.status)
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Retired => "retired",
        Status::Draft => "a draft",
        Status::Observe => "observed",
        Status::Advisory => "advisory",
        Status::Enforced => "enforced",
    }
}

/// A severity that can be shown.
#[derive(PartialEq, PartialOrd)]
pub(super) struct Grade(pub(super) Severity);

impl std::fmt::Display for Grade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// Says whether a change of a module's files may let more through a rule of its system.
pub(super) fn permits_growth(
    rules: &Specification,
    system: &str,
    module: &str,
    enforce: &dyn EnforceComparison,
) -> bool {
    let here = rules.rules.values().filter(|rule| rule.scope.systems.iter().any(|id| id == system));
    here.filter(|rule| strictest(rule).runs()).any(|rule| enforce.permits(&rule.enforce, module))
}
