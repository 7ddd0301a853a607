//! `spec show`: the list of rules, or everything about one id.
//!
//! Owns which part of a specification an id means, and what is said about each kind of part.

use super::desk::Desk;
use super::listing;
use crate::cli::spec::ShowArguments;
use crate::commands::explain;
use crate::commands::page::Sheet;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{UsageError, shortened};
use crate::error::Error;
use crate::finding::RuleId;
use crate::specification::Specification;
use crate::specification::agent::Agent;
use crate::specification::contract::Contract;
use crate::specification::decision::Decision;
use crate::specification::prompt::Prompt;
use crate::specification::system::System;
use crate::specification::team::Team;
use crate::specification::waiver::Waiver;
use crate::yaml::nearest;

/// Runs `spec show`.
pub(super) fn run(arguments: &ShowArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let desk = Desk::open_sound(arguments.folder.as_deref())?;
    let mut sheet = Sheet::new(surroundings.width);
    match &arguments.id {
        None => listing::write(&desk, &mut sheet),
        Some(id) => one(&desk, id, &mut sheet)?,
    }
    sheet.print()?;
    Ok(0)
}

/// Writes everything about one id; a team and a system of one name are both meant.
fn one(desk: &Desk, id: &str, sheet: &mut Sheet) -> Result<(), Error> {
    let specification = &desk.specification;
    let mut found = false;
    let mut part = |write: &mut dyn FnMut(&mut Sheet)| {
        sheet.gap();
        write(sheet);
        found = true;
    };
    if let Some(rule) = RuleId::new(id).ok().and_then(|id| specification.rules.get(&id)) {
        part(&mut |sheet| explain::rule(rule, desk, sheet));
    }
    if let Some(it) = specification.systems.get(id) {
        part(&mut |sheet| system(it, specification, sheet));
    }
    if let Some(it) = specification.teams.get(id) {
        part(&mut |sheet| team(it, specification, sheet));
    }
    if let Some(it) = specification.contracts.get(id) {
        part(&mut |sheet| contract(it, desk, sheet));
    }
    if let Some(it) = specification.agents.get(id) {
        part(&mut |sheet| agent(it, desk, sheet));
    }
    if let Some(it) = specification.prompts.get(id) {
        part(&mut |sheet| prompt(it, desk, sheet));
    }
    if let Some(it) = specification.decisions.get(id) {
        part(&mut |sheet| decision(it, desk, sheet));
    }
    if let Some(it) = specification.waivers.get(id) {
        part(&mut |sheet| waiver(it, desk, sheet));
    }
    if found { Ok(()) } else { Err(unknown(id, specification)) }
}

fn unknown(id: &str, specification: &Specification) -> Error {
    let rules = specification.rules.keys().map(RuleId::as_str);
    let others = [
        specification.systems.keys().map(String::as_str).collect::<Vec<_>>(),
        specification.teams.keys().map(String::as_str).collect(),
        specification.contracts.keys().map(String::as_str).collect(),
        specification.agents.keys().map(String::as_str).collect(),
        specification.prompts.keys().map(String::as_str).collect(),
        specification.decisions.keys().map(String::as_str).collect(),
        specification.waivers.keys().map(String::as_str).collect(),
    ];
    let help = near(id, rules.chain(others.concat()))
        .map_or_else(|| "`portcullis spec show` lists the rules.".to_owned(), |near| format!("Did you mean `{near}`?"));
    UsageError::new(format!("the specification has no `{}`", shortened(id)), help).into()
}

/// Returns the id that was most likely meant, whatever its case.
pub(in crate::commands) fn near<'k>(id: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let lower: Vec<(String, &str)> = known.map(|id| (id.to_ascii_lowercase(), id)).collect();
    let near = nearest(id, lower.iter().map(|(lower, _)| lower.as_str()))?.to_owned();
    lower.into_iter().find(|(lower, _)| *lower == near).map(|(_, id)| id)
}

fn system(system: &System, specification: &Specification, sheet: &mut Sheet) {
    sheet.line(&format!("system {}", system.id));
    sheet.gap();
    sheet.field("owner", &with_handles(&system.owner, specification));
    sheet.field("repository", &system.repo);
    sheet.field("languages", &system.languages.join(", "));
    sheet.field("tier", &system.tier);
    for (at, (module, globs)) in system.modules.iter().enumerate() {
        sheet.field(if at == 0 { "modules" } else { "" }, &format!("{module}: {}", globs.join(", ")));
    }
    let rules = specification.rules.values().filter(|rule| rule.scope.systems.contains(&system.id));
    let rules = rules.map(|rule| {
        let status = rule.status_in(&system.id).word();
        vec![rule.id.to_string(), status.to_owned(), rule.title.clone()]
    });
    listed(sheet, "rules", rules.collect());
    let contracts = specification.contracts.values().filter_map(|contract| {
        let consumes = contract.consumers.iter().any(|consumer| consumer.system == system.id);
        let word = if contract.provider == system.id { "provides" } else { "consumes" };
        (consumes || contract.provider == system.id)
            .then(|| vec![contract.id.clone(), word.to_owned(), contract.title.clone()])
    });
    listed(sheet, "contracts", contracts.collect());
    let agents = specification.agents.values();
    let agents = agents.filter(|agent| agent.systems.is_empty() || agent.systems.contains(&system.id));
    listed(sheet, "agents", agents.map(|agent| vec![agent.id.clone(), agent.title.clone()]).collect());
}

fn team(team: &Team, specification: &Specification, sheet: &mut Sheet) {
    sheet.line(&format!("team {}: {}", team.id, team.title));
    sheet.gap();
    sheet.field("handles", &team.handles.join(", "));
    let layers: Vec<String> = team.approves.iter().map(|layer| layer_words(*layer)).collect();
    sheet.field("approves", &layers.join(", "));
    for (at, member) in team.members.iter().enumerate() {
        let certified: Vec<String> = member.certified.iter().map(|(name, day)| format!("{name} {day}")).collect();
        let certified = if certified.is_empty() { "no certificate".to_owned() } else { certified.join(", ") };
        sheet.field(if at == 0 { "members" } else { "" }, &format!("{} ({certified})", member.handle));
    }
    let systems = specification.systems.values().filter(|system| system.owner == team.id);
    sheet.field("systems", &systems.map(|system| system.id.clone()).collect::<Vec<_>>().join(", "));
    let rules = specification.rules.values().filter(|rule| rule.owner == team.id);
    listed(sheet, "rules", rules.map(|rule| vec![rule.id.to_string(), rule.title.clone()]).collect());
    let waivers = specification.waivers.values().filter(|waiver| waiver.requested_by == team.id);
    listed(
        sheet,
        "waivers",
        waivers.map(|it| vec![it.id.clone(), it.rule.clone(), format!("until {}", it.until)]).collect(),
    );
}

fn contract(contract: &Contract, desk: &Desk, sheet: &mut Sheet) {
    sheet.line(&format!("{}: {}", contract.id, contract.title));
    sheet.gap();
    sheet.field("kind", &contract.kind);
    sheet.field("provider", &contract.provider);
    sheet.field("source", &format!("{} in its repository", contract.source));
    sheet.field("published", &contract.published);
    sheet.field("compatible", &format!("{}, {}", contract.compatibility, contract.stability));
    sheet.field("content model", &contract.content_model);
    if contract.sunset_days > 0 {
        sheet.field("sunset", &format!("{} days between announcement and removal", contract.sunset_days));
    }
    sheet.field("a break asks", &layer_words(contract.layer));
    for (at, consumer) in contract.consumers.iter().enumerate() {
        let uses = if consumer.uses.is_empty() { "all of it".to_owned() } else { consumer.uses.join(", ") };
        sheet.field(if at == 0 { "consumers" } else { "" }, &format!("{}: {uses}", consumer.system));
    }
    sheet.field("defined in", &desk.files.shown(&contract.file));
}

fn agent(agent: &Agent, desk: &Desk, sheet: &mut Sheet) {
    let phases =
        ["tests and documentation", "features with review", "exploration with oversight", "within constraints"];
    let phase = usize::from(agent.phase).checked_sub(1).and_then(|at| phases.get(at)).copied().unwrap_or_default();
    let any = |texts: &[String]| if texts.is_empty() { "any".to_owned() } else { texts.join(", ") };
    sheet.line(&format!("agent {}: {}", agent.id, agent.title));
    sheet.gap();
    sheet.field("owner", &with_handles(&agent.owner, &desk.specification));
    sheet.field("phase", &format!("{} ({phase})", agent.phase));
    let trailers = agent.identities.trailers.iter().map(|(key, value)| format!("{key}: {value}"));
    let known = agent.identities.authors.iter().chain(&agent.identities.emails).cloned().chain(trailers);
    sheet.field("known by", &known.collect::<Vec<_>>().join(", "));
    sheet.field("models", &any(&agent.models));
    sheet.field("systems", &any(&agent.systems));
    sheet.field("may change", &any(&agent.paths.allow));
    sheet.field("never", &agent.paths.deny.join(", "));
    let limits =
        [("files", agent.limits.files), ("lines", agent.limits.lines), ("open changes", agent.limits.open_changes)];
    let limits: Vec<String> = limits.iter().filter_map(|(what, most)| Some(format!("{} {what}", (*most)?))).collect();
    sheet.field("at most", &limits.join(", "));
    sheet.field("may", &agent.may.join(", "));
    sheet.field("prompts", &agent.prompts.join(", "));
    sheet.field("review", &format!("at least {}", layer_words(agent.min_layer)));
    sheet.field("until", &agent.review_by);
    sheet.field("defined in", &desk.files.shown(&agent.file));
}

fn prompt(prompt: &Prompt, desk: &Desk, sheet: &mut Sheet) {
    sheet.line(&format!("{}: {}", prompt.id, prompt.description));
    sheet.gap();
    sheet.field("name", &prompt.name);
    sheet.field("version", &format!("{}, {}", prompt.version, prompt.status));
    sheet.field("owner", &with_handles(&prompt.owner, &desk.specification));
    sheet.field("hash", &prompt.hash);
    sheet.field("trailer", &format!("Prompt: {}@{}", prompt.id, prompt.version));
    let agents = desk.specification.agents.values().filter(|agent| agent.prompts.contains(&prompt.id));
    sheet.field("agents", &agents.map(|agent| agent.id.clone()).collect::<Vec<_>>().join(", "));
    sheet.field("defined in", &desk.files.shown(&prompt.file));
}

fn decision(decision: &Decision, desk: &Desk, sheet: &mut Sheet) {
    sheet.line(&format!("{}: {}", decision.id, decision.title));
    sheet.gap();
    sheet.field("status", &decision.status);
    sheet.field("date", &decision.date);
    sheet.field("decided by", &decision.decision_makers.join(", "));
    sheet.field("supersedes", &decision.supersedes.join(", "));
    sheet.field("not enforced", &decision.not_enforced);
    sheet.field("defined in", &desk.files.shown(&decision.file));
    let title = |id: &String| {
        let rule = RuleId::new(id.as_str()).ok().and_then(|id| desk.specification.rules.get(&id));
        vec![id.clone(), rule.map(|rule| rule.title.clone()).unwrap_or_default()]
    };
    listed(sheet, "enforced by", decision.enforced_by.iter().map(title).collect());
    let text = desk.specification.texts.get(&decision.file).map(String::as_str).unwrap_or_default();
    sheet.gap();
    sheet.code(2, body(text));
}

/// Returns what follows the front matter.
fn body(text: &str) -> &str {
    let rest = text.strip_prefix("---").unwrap_or(text);
    rest.split_once("\n---").and_then(|(_, after)| after.split_once('\n')).map_or(rest, |(_, body)| body).trim()
}

fn waiver(waiver: &Waiver, desk: &Desk, sheet: &mut Sheet) {
    sheet.line(&format!("{} lets findings of {} through in {}", waiver.id, waiver.rule, waiver.system));
    sheet.gap();
    sheet.field("why", &waiver.reason);
    sheet.field("ticket", &waiver.ticket);
    sheet.field("asked by", &waiver.requested_by);
    sheet.field("approved by", &waiver.approved_by);
    sheet.field("from", &format!("{} until {}, both included", waiver.from, waiver.until));
    for (at, instance) in waiver.at.iter().enumerate() {
        sheet.field(if at == 0 { "where" } else { "" }, &format!("{} {}", instance.path, instance.fingerprint));
    }
    sheet.field("defined in", &format!("{}:{}", desk.files.shown(&waiver.file), waiver.line));
}

fn listed(sheet: &mut Sheet, heading: &str, rows: Vec<Vec<String>>) {
    if !rows.is_empty() {
        sheet.gap();
        sheet.line(heading);
        sheet.columns(2, &rows);
    }
}

/// Returns a team with its handles: whom to ask.
pub(in crate::commands) fn with_handles(team: &str, specification: &Specification) -> String {
    let handles = specification.teams.get(team).map(|team| team.handles.join(", ")).unwrap_or_default();
    if handles.is_empty() { team.to_owned() } else { format!("{team} ({handles})") }
}

/// Returns a review layer in words.
pub(in crate::commands) fn layer_words(layer: u8) -> String {
    let word = match layer {
        1 => "automated",
        2 => "team",
        _ => "architecture",
    };
    format!("layer {layer} ({word})")
}
