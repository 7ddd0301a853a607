//! A section of AGENTS.md: the rules by path, for coding agents before they write.
//!
//! Owns its shape: short lines that a machine can follow, nothing to interpret. The same text for the same
//! specification, so that a check can say whether a file is up to date.

use std::collections::BTreeMap;

use super::Extent;
use super::demand::demand;
use crate::finding::{Severity, Status};
use crate::specification::Specification;
use crate::specification::agent::Agent;
use crate::specification::manifest::UnknownAgent;
use crate::specification::rule::{AppliesTo, Example, Rule};
use crate::untrusted::{Untrusted, markdown_prose};

/// Longest demand and example that stand on one line, in characters.
const LONGEST: usize = 240;

/// Longest rationale, in characters: `explain` has all of it.
const LONGEST_WHY: usize = 120;

/// Rules of one place: the systems, their paths, and what is taken out.
type Place = (String, String);

/// Returns the section's body as Markdown.
#[must_use]
pub fn agents_md(specification: &Specification, extent: &Extent) -> String {
    let mut out = String::from("## Rules that hold here\n\n");
    out.push_str(&format!(
        "Specification {} {}. A change that breaks a rule marked `must` is refused at the pull request; `should` is \
         reported. Check your work with `portcullis check --worktree`; `portcullis explain ID` says more about a rule.\n",
        code(&specification.manifest.name),
        code(&specification.manifest.version)
    ));
    for (system, root) in &extent.systems {
        let Some(found) = specification.systems.get(system) else { continue };
        let rules = specification.rules.values().filter(|rule| rule.scope.systems.contains(system));
        let mut places: BTreeMap<Place, Vec<&Rule>> = BTreeMap::new();
        for rule in rules.filter(|rule| matches!(rule.status_in(system), Status::Enforced | Status::Advisory)) {
            places.entry(place(rule, system, extent)).or_default().push(rule);
        }
        if places.is_empty() {
            continue;
        }
        let at = if root.is_empty() { String::new() } else { format!(" in {}", code(&format!("{root}/"))) };
        out.push_str(&format!("\n### System {}{at}\n", code(system)));
        if !found.modules.is_empty() {
            out.push_str(&format!("\nModules: {}.\n", modules(found, system, extent)));
        }
        for ((paths, without), mut rules) in places {
            rules.sort_by(|a, b| (must(b, system), b.severity, &a.id).cmp(&(must(a, system), a.severity, &b.id)));
            out.push_str(&format!("\n#### {paths}{without}\n\n"));
            for rule in rules {
                write_rule(rule, system, specification, &mut out);
            }
        }
    }
    write_contracts(specification, extent, &mut out);
    write_agents(specification, extent, &mut out);
    out
}

/// Returns the paths of a rule in a system; those without any come first.
fn place(rule: &Rule, system: &str, extent: &Extent) -> Place {
    let globs = |globs: &[String]| {
        globs.iter().map(|glob| code(&extent.from_root(system, glob))).collect::<Vec<_>>().join(", ")
    };
    let paths = if rule.scope.paths.is_empty() { "All files".to_owned() } else { globs(&rule.scope.paths) };
    let without = match rule.scope.exclude.as_slice() {
        [] => String::new(),
        exclude => format!(", except {}", globs(exclude)),
    };
    (paths, without)
}

fn modules(system: &crate::specification::system::System, id: &str, extent: &Extent) -> String {
    let one = |(module, globs): (&String, &Vec<String>)| {
        let globs: Vec<String> = globs.iter().map(|glob| code(&extent.from_root(id, glob))).collect();
        format!("{} is {}", code(module), globs.join(" and "))
    };
    system.modules.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn must(rule: &Rule, system: &str) -> bool {
    rule.status_in(system) == Status::Enforced && rule.severity == Severity::Error
}

fn write_rule(rule: &Rule, system: &str, specification: &Specification, out: &mut String) {
    let word = if must(rule, system) { "must" } else { "should" };
    out.push_str(&format!("- **{word}** {} {}.", rule.id, sentence(&rule.title)));
    if rule.applies_to == AppliesTo::Ai {
        out.push_str(" Holds for lines that an AI tool wrote.");
    }
    if let Some(instead) = &rule.instead {
        out.push_str(&format!(" Instead: {}.", sentence(instead)));
    }
    out.push('\n');
    if !rule.rationale.trim().is_empty() {
        out.push_str(&format!("  - why: {}.\n", sentence(&short(&rule.rationale))));
    }
    match policy_of(rule) {
        // What a policy looks at is code; its examples say more.
        Some(policy) => out.push_str(&format!("  - policy: {}\n", code(&policy))),
        None => out.push_str(&format!("  - {}\n", code(&clipped(&demand(&rule.enforce))))),
    }
    // The first one is what its author thought of first.
    let first = |examples: &[Example]| examples.first().map(|example| code(&clipped(&example.code)));
    match (first(&rule.examples.fail), first(&rule.examples.pass)) {
        (Some(bad), Some(good)) => out.push_str(&format!("  - not {bad} but {good}\n")),
        (Some(bad), None) => out.push_str(&format!("  - not {bad}\n")),
        (None, Some(good)) => out.push_str(&format!("  - such as {good}\n")),
        (None, None) => {}
    }
    let reviewed = rule.layer > 1 && rule.enforce.kind.value == "review";
    if reviewed {
        let who = if rule.layer == 2 { format!("team {}", code(&rule.owner)) } else { approvers(specification) };
        out.push_str(&format!("  - touching these files asks {who} for a review\n"));
    }
}

fn policy_of(rule: &Rule) -> Option<String> {
    let crate::yaml::Value::Map(entries) = &rule.enforce.value.value else { return None };
    let text = |node: &crate::yaml::Node| match &node.value {
        crate::yaml::Value::Plain(text) | crate::yaml::Value::Quoted(text) => Some(text.clone()),
        _ => None,
    };
    let (_, node) = entries.iter().find(|(key, _)| key.value == "policy")?;
    if rule.enforce.kind.value == "rego" { text(node) } else { None }
}

fn approvers(specification: &Specification) -> String {
    let teams = specification.teams.values().filter(|team| team.approves.contains(&3));
    let named: Vec<String> = teams.map(|team| code(&team.id)).collect();
    if named.is_empty() { "the architects".to_owned() } else { format!("team {}", named.join(" or ")) }
}

fn write_contracts(specification: &Specification, extent: &Extent, out: &mut String) {
    let here = |id: &String| extent.systems.iter().any(|(system, _)| system == id);
    let contracts: Vec<_> = specification.contracts.values().filter(|contract| here(&contract.provider)).collect();
    if contracts.is_empty() {
        return;
    }
    out.push_str("\n### Interfaces that others depend on\n\n");
    for contract in contracts {
        let source = extent.from_root(&contract.provider, &contract.source);
        let consumers: Vec<String> = contract.consumers.iter().map(|consumer| code(&consumer.system)).collect();
        let whom = if consumers.is_empty() { String::new() } else { format!("; used by {}", consumers.join(", ")) };
        out.push_str(&format!(
            "- {} {}: {} stays {}-compatible ({}){whom}.\n",
            contract.id,
            sentence(&contract.title),
            code(&source),
            contract.compatibility,
            contract.stability
        ));
    }
}

fn write_agents(specification: &Specification, extent: &Extent, out: &mut String) {
    let here = |agent: &&Agent| {
        agent.systems.is_empty() || agent.systems.iter().any(|id| extent.systems.iter().any(|(system, _)| system == id))
    };
    let agents: Vec<&Agent> = specification.agents.values().filter(here).collect();
    if agents.is_empty() {
        return;
    }
    out.push_str("\n### What agents may do\n\n");
    let codes = |texts: &[String]| texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ");
    for agent in agents {
        out.push_str(&format!(
            "- {} ({}), phase {}, until {}\n",
            code(&agent.id),
            sentence(&agent.title),
            agent.phase,
            agent.review_by
        ));
        let systems = if agent.systems.is_empty() { "any".to_owned() } else { codes(&agent.systems) };
        let allowed = if agent.paths.allow.is_empty() { "any".to_owned() } else { codes(&agent.paths.allow) };
        let denied =
            if agent.paths.deny.is_empty() { String::new() } else { format!(", never {}", codes(&agent.paths.deny)) };
        out.push_str(&format!("  - systems: {systems}; paths: {allowed}{denied}\n"));
        let limit = |most: Option<u32>, what: &str| most.map(|most| format!("{most} {what}"));
        let size: Vec<String> =
            [limit(agent.limits.files, "files"), limit(agent.limits.lines, "lines")].into_iter().flatten().collect();
        let size = (!size.is_empty()).then(|| format!("at most {} a change", size.join(" and ")));
        let open = limit(agent.limits.open_changes, "open changes").map(|open| format!("at most {open}"));
        let limits: Vec<String> = size.into_iter().chain(open).collect();
        if !limits.is_empty() {
            out.push_str(&format!("  - {}\n", limits.join("; ")));
        }
        if !agent.prompts.is_empty() {
            out.push_str(&format!("  - works from {}\n", agent.prompts.join(", ")));
        }
        if !agent.identities.trailers.is_empty() {
            let trailers = agent.identities.trailers.iter().map(|(key, value)| code(&format!("{key}: {value}")));
            out.push_str(&format!("  - signs its commits with {}\n", trailers.collect::<Vec<_>>().join(" or ")));
        }
    }
    match specification.manifest.defaults.unknown_agent {
        UnknownAgent::Allow => {}
        UnknownAgent::Review => out.push_str("- Changes of an agent that is not listed here need a person's review.\n"),
        UnknownAgent::Deny => out.push_str("- Changes of an agent that is not listed here are refused.\n"),
    }
}

/// Returns text that a person wrote as one line of Markdown without its full stop.
fn sentence(text: &str) -> String {
    let text = text.trim();
    markdown_prose(text.strip_suffix('.').unwrap_or(text))
}

/// Returns text as code on one line.
fn code(text: &str) -> String {
    let flat = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\u{21B5}");
    Untrusted::new(flat).markdown_code()
}

/// Returns the first words of a rationale, on one line.
fn short(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        if line.chars().count() + word.chars().count() >= LONGEST_WHY {
            line.push('\u{2026}');
            break;
        }
        line.push(' ');
        line.push_str(word);
    }
    line.chars().take(LONGEST).collect()
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
