//! `explain`: why a rule exists, how to satisfy it, an example, and who to ask.
//!
//! Owns what is said about one rule, wherever it comes from: the specification, a built-in pack, a policy, another tool.

mod imported;
mod policy;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::change::trusted::Tree;
use crate::cli::explain::ExplainArguments;
use crate::cli::spec::TextFormat;
use crate::commands::page::Sheet;
use crate::commands::spec::desk::{self, Desk};
use crate::commands::spec::show::{layer_words, near, with_handles};
use crate::commands::surroundings::Surroundings;
use crate::configuration::Configuration;
use crate::diagnostic::{UsageError, shortened};
use crate::enforcement::own_rules::{OWN_RULES, OwnRule};
use crate::error::Error;
use crate::finding::{RuleId, Severity, Status};
use crate::limits::Limits;
use crate::policies::folders::read_rules;
use crate::policies::{Package, Rule as PolicyRule, loader, packs};
use crate::specification::export::demand::demand;
use crate::specification::rule::{AppliesTo, Example, Rule};
use crate::untrusted::write_json;
use imported::ImportedRule;
use policy::Explained;

/// The name and version of the JSON form.
const SCHEMA: &str = "portcullis.explain/v1";

/// Runs `explain`.
pub(super) fn run(arguments: &ExplainArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let mut sheet = Sheet::new(surroundings.width);
    let as_json = arguments.format == TextFormat::Json;
    let tell = |sheet: &Sheet, value: Value| {
        if !as_json {
            return sheet.print();
        }
        let mut out = std::io::stdout().lock();
        let written = write_json(&value, &mut out).and_then(|()| out.flush());
        written.or_else(crate::commands::output::closed)
    };
    // No specification here is no fault: the rule may be a pack's. One that was named must be there.
    let desk = match &arguments.folder {
        Some(folder) => Some(Desk::open(Some(folder))?),
        None => Desk::near(&arguments.repo)?,
    };
    let id = RuleId::new(arguments.id.as_str()).ok();
    if let Some(desk) = &desk
        && let Some(found) = id.as_ref().and_then(|id| desk.specification.rules.get(id))
    {
        rule(found, desk, &mut sheet);
        tell(&sheet, rule_json(found, desk))?;
        return Ok(0);
    }
    let (configuration, packages, unread) = packages(&arguments.repo)?;
    let built_in = built_in();
    let rules = |packages, configured| all_rules(packages).map(move |(package, rule)| (package, rule, configured));
    let mut all = rules(&packages, true).chain(rules(&built_in, false));
    if let Some((package, rule, configured)) = all.find(|(_, rule, _)| rule.id.as_str() == arguments.id) {
        let explained = Explained { package, rule, configured };
        explained.page(&mut sheet);
        tell(&sheet, explained.json())?;
        return Ok(0);
    }
    if let Some(own) = OWN_RULES.iter().find(|rule| rule.id == arguments.id) {
        own_rule(own, &mut sheet);
        tell(&sheet, own_json(own))?;
        return Ok(0);
    }
    if let Some(imported) = id.as_ref().and_then(|id| ImportedRule::of(id, &configuration)) {
        imported.page(&mut sheet);
        tell(&sheet, imported.json())?;
        return Ok(0);
    }
    if let Some(desk) = desk.as_ref().filter(|desk| !desk.faults.is_empty()) {
        // It may be in a file that could not be read.
        return Err(desk.faults.clone().into());
    }
    let of_desk = desk.iter().flat_map(|desk| desk.specification.rules.keys().map(RuleId::as_str));
    let policies = all_rules(&packages).chain(all_rules(&built_in)).map(|(_, rule)| rule.id.as_str());
    let known = of_desk.chain(policies).chain(OWN_RULES.iter().map(|rule| rule.id));
    let mut help = near_help(&arguments.id, known);
    if let Some(unread) = unread {
        // It may be in a file that could not be read.
        help = format!("{help} Not every policy could be read: {unread}.");
    }
    Err(UsageError::new(format!("there is no rule `{}` here", shortened(&arguments.id)), help).into())
}

fn all_rules(packages: &[Package]) -> impl Iterator<Item = (&Package, &PolicyRule)> {
    packages.iter().flat_map(|package| package.rules.iter().map(move |rule| (package, rule)))
}

/// Returns the packages of all packs that ship, whether they run here or not.
fn built_in() -> Vec<Package> {
    let names: Vec<&str> = packs::names().collect();
    // The names are the packs' own.
    let set = packs::builtin(&names).unwrap_or_default();
    loader::load(&set, &BTreeMap::new(), &Limits::default()).0.packages
}

fn near_help<'k>(id: &str, known: impl Iterator<Item = &'k str>) -> String {
    match near(id, known) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "A finding names its rule; `portcullis spec show` lists those of the specification.".to_owned(),
    }
}

/// Loads the built-in packs and the policies of the repository, as they lie in the work tree; with the first thing
/// that could not be read.
fn packages(repo: &Path) -> Result<(Configuration, Vec<Package>, Option<String>), Error> {
    let repository = desk::around(repo)?;
    let root = repository.as_ref().and_then(crate::change::Repository::work_tree);
    let root = root.unwrap_or_else(|| repo.to_owned());
    let configuration = desk::configuration(&root)?.unwrap_or_default();
    let limits = Limits::default();
    let rules = read_rules(&Tree::at_folder(&root), &configuration, &limits);
    let overrides = configuration.rules.iter().map(|(id, change)| (id.to_string(), *change)).collect();
    let (loaded, _) = loader::load(&rules.set, &overrides, &limits);
    let missing = rules.reasons.first().map(|reason| reason.message.terminal());
    let faulty = loaded.faults.first().map(|fault| format!("{}: {}", fault.path, fault.message));
    Ok((configuration, loaded.packages, missing.or(faulty)))
}

/// Writes everything about a rule of the specification.
pub(super) fn rule(rule: &Rule, desk: &Desk, sheet: &mut Sheet) {
    sheet.line(&format!("{}: {}", rule.id, rule.title));
    sheet.gap();
    sheet.field("why", &rule.rationale);
    sheet.field("instead", rule.instead.as_deref().unwrap_or_default());
    sheet.field("demands", &demand(&rule.enforce));
    sheet.field("where", &place(rule));
    sheet.field("status", &status(rule));
    sheet.field("when it fires", &consequence(rule));
    sheet.field("who to ask", &with_handles(&rule.owner, &desk.specification));
    if let Some(decision) = rule.decision.as_ref().and_then(|id| desk.specification.decisions.get(id)) {
        let file = desk.files.shown(&decision.file);
        sheet.field("decision", &format!("{} {}, {} ({file})", decision.id, decision.title, decision.status));
    }
    sheet.field("read on", &rule.links.join(" "));
    sheet.field("defined in", &format!("{}:{}", desk.files.shown(&rule.file), rule.line));
    example("breaks it", &rule.examples.fail, sheet);
    example("is fine", &rule.examples.pass, sheet);
    sheet.gap();
    let waived: Vec<String> = desk
        .specification
        .waivers
        .values()
        .filter(|waiver| waiver.rule == rule.id.as_str())
        .map(|waiver| format!("{} in {} until {}", waiver.id, waiver.system, waiver.until))
        .collect();
    sheet.field("waived", &waived.join("; "));
    sheet.field("to waive it", &how_to_waive(rule, desk));
    if rule.enforce.kind.value != "review" {
        sheet.gap();
        sheet.code(4, &waiver(rule));
    }
}

/// Returns the lines of a waiver; what only its author knows stands in capitals.
fn waiver(rule: &Rule) -> String {
    let system = rule.scope.systems.first().map_or("SYSTEM", String::as_str);
    format!(
        "waivers:\n  - id: WVR-NUMBER\n    rule: {}\n    system: {system}\n    at: [{{path: PATH, fingerprint: \"FINGERPRINT\"}}]\n    \
         reason: WHY\n    requested-by: {}\n    approved-by: ANOTHER-TEAM\n    from: YYYY-MM-DD\n    until: YYYY-MM-DD",
        rule.id, rule.owner
    )
}

/// Returns everything about a rule of the specification, for programs.
fn rule_json(rule: &Rule, desk: &Desk) -> Value {
    let first = |examples: &[Example]| examples.first().map(|example| example.code.clone()).unwrap_or_default();
    json!({
        "schema": SCHEMA,
        "id": rule.id,
        "title": rule.title,
        "why": rule.rationale,
        "fix": rule.instead.clone().unwrap_or_default(),
        "kind": "specification",
        "demands": demand(&rule.enforce),
        "status": rule.status,
        "severity": rule.severity,
        "layer": rule.layer,
        "owner": rule.owner,
        "links": rule.links,
        "defined": {"path": desk.files.shown(&rule.file), "line": rule.line},
        "examples": {"bad": first(&rule.examples.fail), "good": first(&rule.examples.pass)},
        "waive": {"file": desk.files.shown("waivers/"), "lines": waiver(rule)},
    })
}

/// Returns everything about a rule of the gate itself, for programs.
fn own_json(rule: &OwnRule) -> Value {
    json!({
        "schema": SCHEMA,
        "id": rule.id,
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "kind": "gate",
        "consequence": rule.consequence,
        "owner": rule.who,
    })
}

fn place(rule: &Rule) -> String {
    let mut text = rule.scope.systems.join(", ");
    if !rule.scope.paths.is_empty() {
        text.push_str(&format!(": {}", rule.scope.paths.join(", ")));
    }
    if !rule.scope.exclude.is_empty() {
        text.push_str(&format!(", except {}", rule.scope.exclude.join(", ")));
    }
    if rule.applies_to == AppliesTo::Ai {
        text.push_str("; lines that an AI tool wrote, or may have written");
    }
    text
}

fn status(rule: &Rule) -> String {
    let mut text = format!("{}, {}", rule.status.word(), rule.severity.word());
    for (system, status) in &rule.status_by_system {
        text.push_str(&format!("; {} in {system}", status.word()));
    }
    text
}

fn consequence(rule: &Rule) -> String {
    let asks = if rule.layer > 1 { format!(", and asks for {}", layer_words(rule.layer)) } else { String::new() };
    match (rule.status, rule.enforce.kind.value.as_str()) {
        (Status::Enforced, "review") => format!("asks for {}; never fails", layer_words(rule.layer)),
        (Status::Enforced, _) if rule.severity == Severity::Error => format!("the change fails{asks}"),
        (Status::Enforced, _) => format!("it is reported; it fails where `fail-on` says so{asks}"),
        (Status::Advisory, _) => "it is shown, and nothing is blocked".to_owned(),
        (Status::Observe, _) => "it is recorded, and nobody sees it".to_owned(),
        (Status::Draft | Status::Retired, _) => "it does not run".to_owned(),
    }
}

/// Shows the first example: what its author thought of first.
fn example(heading: &str, examples: &[Example], sheet: &mut Sheet) {
    let Some(first) = examples.first() else { return };
    sheet.gap();
    let language = first.language.as_ref().map(|language| format!(" ({language})")).unwrap_or_default();
    sheet.line(&format!("{heading}{language}"));
    sheet.code(4, &first.code);
}

fn how_to_waive(rule: &Rule, desk: &Desk) -> String {
    if rule.enforce.kind.value == "review" {
        return "a review is given, not waived".to_owned();
    }
    let most = desk.specification.manifest.defaults.waiver_max_days;
    let layer = rule.layer;
    let teams = desk.specification.teams.values();
    let teams = teams.filter(|team| team.approves.contains(&layer) || layer == 1 && !team.approves.is_empty());
    let teams: Vec<&str> = teams.map(|team| team.id.as_str()).collect();
    format!(
        "a row in {} with path and fingerprint of the finding, at most {most} days, approved by {} (not by the team \
         that asks)",
        desk.files.shown("waivers/"),
        if teams.is_empty() { "a team that may approve its layer".to_owned() } else { teams.join(" or ") }
    )
}

/// Writes everything about a rule of the gate itself.
fn own_rule(rule: &OwnRule, sheet: &mut Sheet) {
    sheet.line(&format!("{}: {}", rule.id, rule.title));
    sheet.gap();
    sheet.field("why", rule.why);
    sheet.field("to satisfy it", rule.fix);
    sheet.field("when it fires", rule.consequence);
    sheet.field("defined in", "the gate itself; it holds wherever there is a specification");
    sheet.field("who to ask", rule.who);
}
