//! `spec test`: what rules claim about themselves, tried: examples, trees, and the tests of policies.
//!
//! Owns what is run and what counts as failed. How an example fires is the business of `enforcement`; a tree goes
//! through the whole gate.

mod policies;
mod report;
mod trees;

use std::collections::BTreeMap;

use super::desk::Desk;
use super::show;
use crate::cli::spec::TestArguments;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{UsageError, shortened};
use crate::enforcement::examples::{self, ExampleOutcome, RuleExamples};
use crate::enforcement::{KINDS, Proof};
use crate::error::Error;
use crate::finding::{RuleId, Status};
use crate::limits::Limits;
use crate::specification::rule::Rule;

/// One trial and how it ended.
struct Trial {
    /// Where it is written.
    place: String,
    /// What was tried: `fail`, `pass`, the name of a tree or of a test.
    name: String,
    /// Why it failed; none when it passed.
    failure: Option<String>,
    /// What was seen, line by line.
    seen: Vec<String>,
}

/// All trials of one rule, or of one policy file.
struct Group {
    /// The rule's id, or the file.
    id: String,
    trials: Vec<Trial>,
    /// What is worth knowing although nothing failed.
    notes: Vec<String>,
}

/// Runs `spec test`; exits 1 when a trial failed.
pub(super) fn run(arguments: &TestArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let desk = Desk::open_sound(arguments.folder.as_deref())?;
    let demands = super::lint::demands(&desk);
    if !demands.is_empty() {
        return Err(demands.into());
    }
    let chosen = chosen(arguments, &desk)?;
    let mut groups = Vec::new();
    let mut found: BTreeMap<RuleId, RuleExamples> = examples::run(&desk.specification, &Limits::default())
        .into_iter()
        .map(|examples| (examples.rule.clone(), examples))
        .collect();
    let mut trees = trees::all(&desk.files.files)?;
    for rule in desk.specification.rules.values().filter(|rule| chosen(&rule.id)) {
        let examples = found.remove(&rule.id);
        let trees = trees.remove(rule.id.as_str()).unwrap_or_default();
        groups.push(group(rule, examples, &trees, &desk, surroundings));
    }
    if let Some(id) = trees.keys().find(|id| desk.specification.rules.keys().all(|rule| rule.as_str() != **id)) {
        let known = desk.specification.rules.keys().map(RuleId::as_str);
        let help = show::near(id, known).map_or_else(String::new, |near| format!("Did you mean `{near}`?"));
        let title = format!("there is no rule `{}`, and trees for it in `tests/`", shortened(id));
        return Err(UsageError::new(title, help).into());
    }
    if arguments.rules.is_empty() {
        groups.extend(policies::run(&desk));
    }
    report::print(&groups, surroundings.width)
}

/// Returns whether a rule was asked for.
fn chosen(arguments: &TestArguments, desk: &Desk) -> Result<impl Fn(&RuleId) -> bool, Error> {
    for id in &arguments.rules {
        if desk.specification.rules.keys().all(|rule| rule.as_str() != id) {
            let known = desk.specification.rules.keys().map(RuleId::as_str);
            let help = show::near(id, known).map_or_else(String::new, |near| format!("Did you mean `{near}`?"));
            return Err(UsageError::new(format!("there is no rule `{}`", shortened(id)), help).into());
        }
    }
    let rules = arguments.rules.clone();
    Ok(move |id: &RuleId| rules.is_empty() || rules.iter().any(|rule| rule == id.as_str()))
}

fn group(
    rule: &Rule,
    examples: Option<RuleExamples>,
    trees: &[trees::Tree<'_>],
    desk: &Desk,
    surroundings: &Surroundings,
) -> Group {
    let mut group = Group { id: rule.id.to_string(), trials: Vec::new(), notes: Vec::new() };
    if let Some(examples) = examples {
        // Outcomes come in the order of the file, those that must fire first.
        let codes = rule.examples.fail.iter().chain(&rule.examples.pass).map(|example| example.code.as_str());
        let outcomes = examples.outcomes.iter().zip(codes);
        group.trials.extend(outcomes.map(|(outcome, code)| example(outcome, code, desk)));
        if !examples.unproven.is_empty() {
            group.notes.push(format!("no failing example in {}", examples.unproven.join(", ")));
        }
    }
    if !trees.is_empty() && !runs(rule) {
        group.notes.push("its trees are not tried: the rule does not run yet, let it `observe`".to_owned());
    } else {
        group.trials.extend(trees.iter().map(|tree| trees::tried(tree, rule, desk, surroundings)));
    }
    if group.trials.is_empty() && runs(rule) {
        group.notes.push(unproven(rule));
    }
    group
}

fn runs(rule: &Rule) -> bool {
    rule.scope.systems.iter().any(|system| Status::runs(rule.status_in(system)))
}

/// Says how a rule that nothing tries could be tried.
fn unproven(rule: &Rule) -> String {
    let kind = KINDS.iter().find(|kind| kind.name == rule.enforce.kind.value);
    match kind.map(|kind| kind.proof) {
        Some(Proof::None) => "a person answers it; nothing to try".to_owned(),
        Some(Proof::Examples) => "nothing tries it; write `examples: {fail: [...], pass: [...]}`".to_owned(),
        Some(Proof::ExamplesOrPolicyTest) => "tried by the tests of its policy, or not at all".to_owned(),
        Some(Proof::Trees) | None => format!("nothing tries it; a tree in tests/{}/fail/<case>/ would", rule.id),
    }
}

fn example(outcome: &ExampleOutcome, code: &str, desk: &Desk) -> Trial {
    let tried = match outcome.tried.as_slice() {
        [] => String::new(),
        tried => format!(" as {}", tried.join(", ")),
    };
    let failure = if outcome.passed() {
        None
    } else if !outcome.error.is_empty() {
        Some(format!("could not be tried: {}", outcome.error))
    } else if outcome.must_fire {
        Some(format!("must fire, and did not{tried}"))
    } else {
        Some(format!("must not fire, and did as {}", outcome.fired.join(", ")))
    };
    Trial {
        place: format!("{}:{}", desk.files.shown(&outcome.file), outcome.line),
        name: if outcome.must_fire { "fail" } else { "pass" }.to_owned(),
        failure,
        seen: code.lines().map(str::to_owned).collect(),
    }
}
