//! Parts of a specification that nothing uses, and rules that nobody can satisfy or explain.

use std::collections::BTreeSet;

use super::advised;
use crate::enforcement::{KINDS, Proof};
use crate::finding::Status;
use crate::specification::Specification;
use crate::specification::lint::Advice;
use crate::specification::rule::Rule;

/// Returns what nothing uses or leads to.
pub(super) fn advice(specification: &Specification) -> Vec<Advice> {
    let mut found = Vec::new();
    teams(specification, &mut found);
    systems(specification, &mut found);
    records(specification, &mut found);
    for rule in specification.rules.values().filter(|rule| rule.status != Status::Retired) {
        rule_alone(rule, specification, &mut found);
    }
    found
}

fn teams(specification: &Specification, found: &mut Vec<Advice>) {
    let Specification { rules, systems, agents, prompts, decisions, waivers, .. } = specification;
    let mut used: BTreeSet<&str> = rules.values().map(|rule| rule.owner.as_str()).collect();
    used.extend(systems.values().map(|system| system.owner.as_str()));
    used.extend(agents.values().map(|agent| agent.owner.as_str()));
    used.extend(prompts.values().map(|prompt| prompt.owner.as_str()));
    used.extend(decisions.values().flat_map(|decision| &decision.decision_makers).map(String::as_str));
    used.extend(waivers.values().flat_map(|waiver| [waiver.requested_by.as_str(), waiver.approved_by.as_str()]));
    for team in specification.teams.values().filter(|team| !used.contains(team.id.as_str())) {
        let message = format!("the team `{}` owns nothing and decides nothing", team.id);
        let help = "Remove it, or name it as the owner of what it answers for.";
        found.push(advised(("teams.yaml", team.line), "unused-team", message, help));
    }
}

fn systems(specification: &Specification, found: &mut Vec<Advice>) {
    let Specification { rules, contracts, agents, .. } = specification;
    let live = rules.values().filter(|rule| rule.status != Status::Retired);
    let mut used: BTreeSet<&str> = live.flat_map(|rule| &rule.scope.systems).map(String::as_str).collect();
    used.extend(contracts.values().map(|contract| contract.provider.as_str()));
    used.extend(contracts.values().flat_map(|contract| &contract.consumers).map(|consumer| consumer.system.as_str()));
    used.extend(agents.values().flat_map(|agent| &agent.systems).map(String::as_str));
    for system in specification.systems.values().filter(|system| !used.contains(system.id.as_str())) {
        let message = format!("no rule, contract or agent names the system `{}`", system.id);
        found.push(advised(("systems.yaml", system.line), "unused-system", message, "Give it rules, or remove it."));
    }
}

fn records(specification: &Specification, found: &mut Vec<Advice>) {
    let Specification { prompts, agents, decisions, contracts, .. } = specification;
    let used: BTreeSet<&str> = agents.values().flat_map(|agent| &agent.prompts).map(String::as_str).collect();
    for prompt in prompts.values() {
        let named = used.contains(prompt.id.as_str());
        let (message, help) = match prompt.status.as_str() {
            "retired" if named => {
                (format!("agents still work from {}, which is retired", prompt.id), "Take it out of their `prompts`.")
            }
            "draft" if named => {
                (format!("agents work from {}, which is only a draft", prompt.id), "Approve it, or take it out.")
            }
            "approved" if !named => {
                (format!("no agent works from {}", prompt.id), "Name it under `prompts` of an agent, or retire it.")
            }
            _ => continue,
        };
        found.push(advised((&prompt.file, 1), "prompt", message, help));
    }
    for rule in specification.rules.values().filter(|rule| rule.status != Status::Retired) {
        let Some(decision) = rule.decision.as_ref().and_then(|id| decisions.get(id)) else { continue };
        if !matches!(decision.status.as_str(), "accepted" | "proposed") {
            let message = format!("{} stands on {}, which is {}", rule.id, decision.id, decision.status);
            let help = "Name the decision that holds now, or retire the rule.";
            found.push(advised((&rule.file, rule.line), "old-decision", message, help));
        }
    }
    for contract in contracts.values().filter(|contract| contract.consumers.is_empty()) {
        let message = format!("nobody consumes {}", contract.id);
        let help = "Name its `consumers`: they are asked when it breaks.";
        found.push(advised((&contract.file, 1), "no-consumer", message, help));
    }
}

/// What is said about one rule by itself.
fn rule_alone(rule: &Rule, specification: &Specification, found: &mut Vec<Advice>) {
    let place = (rule.file.as_str(), rule.line);
    if rule.layer == 3 && rule.decision.is_none() && rule.status == Status::Enforced {
        let message = format!("{} asks the architects, and names no decision", rule.id);
        let help = "Write down in `decisions/` why it is so, and name it under `decision`.";
        found.push(advised(place, "no-decision", message, help));
    }
    let approving = |layer: u8| specification.teams.values().any(|team| team.approves.contains(&layer));
    let owner = specification.teams.get(&rule.owner);
    if rule.layer == 2 && owner.is_some_and(|team| !team.approves.contains(&2)) {
        let message = format!("{} asks `{}` for review, which may not approve layer 2", rule.id, rule.owner);
        found.push(advised(place, "no-approver", message, "Let the team approve it, or give it another owner."));
    }
    if rule.layer == 3 && !approving(3) {
        let message = format!("{} asks for layer 3, which no team may approve", rule.id);
        found.push(advised(place, "no-approver", message, "Add 3 to `approves` of a team."));
    }
    let kind = KINDS.iter().find(|kind| kind.name == rule.enforce.kind.value);
    let shown = rule.examples.fail.is_empty() && matches!(rule.status, Status::Observe | Status::Advisory);
    if shown && kind.is_some_and(|kind| kind.proof == Proof::Examples) {
        let message = format!("{} has no failing example, and cannot be enforced without one", rule.id);
        found.push(advised(place, "no-example", message, "Write one under `examples: {fail: [...]}`."));
    }
    let everything = |glob: &String| matches!(glob.as_str(), "**" | "**/*");
    if rule.scope.paths.iter().any(everything) {
        let message = format!("the paths of {} hold every file", rule.id);
        found.push(advised(place, "every-file", message, "Leave `paths` out, which says the same."));
    }
}
