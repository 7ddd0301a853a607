//! What stands beside the rules: contracts, agents, decisions, teams.

use super::{Body, code, codes, facts, link, team};
use crate::specification::Specification;
use crate::specification::export::Extent;
use crate::specification::export::markdown::{self, escaped};

/// Writes the contracts that a system of the extent provides or consumes.
pub(super) fn contracts(specification: &Specification, extent: &Extent, body: &mut Body) {
    let here = |id: &String| extent.systems.iter().any(|(system, _)| system == id);
    let contracts = specification.contracts.values();
    let contracts: Vec<_> = contracts
        .filter(|contract| here(&contract.provider) || contract.consumers.iter().any(|consumer| here(&consumer.system)))
        .collect();
    if contracts.is_empty() {
        return;
    }
    let entries: Vec<_> = contracts.iter().map(|contract| (contract.id.clone(), contract.title.clone())).collect();
    body.section("contracts", "Contracts between teams", &entries);
    for contract in contracts {
        let consumers = contract.consumers.iter().map(|consumer| {
            let uses = if consumer.uses.is_empty() { "all of it".to_owned() } else { codes(&consumer.uses) };
            format!("{}: {uses}", escaped(&consumer.system))
        });
        let details = facts(&[
            ("kind", escaped(&contract.kind)),
            ("provider", escaped(&contract.provider)),
            ("source", code(&contract.source)),
            ("promise", escaped(&format!("{}, {}", contract.compatibility, contract.stability))),
            ("consumers", consumers.collect::<Vec<_>>().join("<br>")),
        ]);
        body.push(&article(&contract.id, &contract.id, &contract.title, &details));
    }
    body.end();
}

/// Writes what agents may do.
pub(super) fn agents(specification: &Specification, extent: &Extent, body: &mut Body) {
    let here = |id: &String| extent.systems.iter().any(|(system, _)| system == id);
    let agents = specification.agents.values();
    let agents: Vec<_> = agents.filter(|agent| agent.systems.is_empty() || agent.systems.iter().any(here)).collect();
    if agents.is_empty() {
        return;
    }
    let entries: Vec<_> = agents.iter().map(|agent| (format!("agent-{}", agent.id), agent.title.clone())).collect();
    body.section("agents", "AI agents", &entries);
    for agent in agents {
        let any = |texts: &Vec<String>| if texts.is_empty() { "any".to_owned() } else { codes(texts) };
        let limit = |most: Option<u32>, what: &str| most.map(|most| format!("{most} {what}"));
        let limits = [
            limit(agent.limits.files, "files a change"),
            limit(agent.limits.lines, "lines a change"),
            limit(agent.limits.open_changes, "open changes"),
        ];
        let details = facts(&[
            ("owner", team(&agent.owner, specification)),
            ("phase", agent.phase.to_string()),
            ("systems", any(&agent.systems)),
            ("may change", any(&agent.paths.allow)),
            ("never", codes(&agent.paths.deny)),
            ("at most", limits.into_iter().flatten().collect::<Vec<_>>().join(", ")),
            ("prompts", codes(&agent.prompts)),
            ("until", escaped(&agent.review_by)),
        ]);
        body.push(&article(&format!("agent-{}", agent.id), &agent.id, &agent.title, &details));
    }
    body.end();
}

/// Writes the decision records with their text.
pub(super) fn decisions(specification: &Specification, body: &mut Body) {
    if specification.decisions.is_empty() {
        return;
    }
    let entries: Vec<_> =
        specification.decisions.values().map(|decision| (decision.id.clone(), decision.title.clone())).collect();
    body.section("decisions", "Decisions", &entries);
    for decision in specification.decisions.values() {
        let makers = decision.decision_makers.iter().map(|id| team(id, specification)).collect::<Vec<_>>().join(", ");
        let rules = decision.enforced_by.iter().map(|id| link(id, id)).collect::<Vec<_>>().join(", ");
        let details = facts(&[
            ("status", escaped(&decision.status)),
            ("date", escaped(&decision.date)),
            ("decided by", makers),
            ("enforced by", rules),
            ("not enforced", escaped(&decision.not_enforced)),
            ("supersedes", codes(&decision.supersedes)),
        ]);
        let text = specification.texts.get(&decision.file).map(String::as_str).unwrap_or_default();
        let text = markdown::html(without_title(without_front_matter(text)), 3);
        body.push(&article(
            &decision.id,
            &decision.id,
            &decision.title,
            &format!("{details}<div class=\"text\">{text}</div>"),
        ));
    }
    body.end();
}

/// Writes the teams and whom to ask.
pub(super) fn teams(specification: &Specification, body: &mut Body) {
    if specification.teams.is_empty() {
        return;
    }
    body.section("teams", "Teams", &[]);
    for team in specification.teams.values() {
        let approves: Vec<&str> = team
            .approves
            .iter()
            .map(|layer| match layer {
                2 => "reviews of a team",
                3 => "reviews of the architecture",
                _ => "nothing",
            })
            .collect();
        let systems = specification.systems.values().filter(|system| system.owner == team.id);
        let systems = systems.map(|system| escaped(&system.id)).collect::<Vec<_>>().join(", ");
        let members: Vec<String> = team.members.iter().map(|member| member.handle.clone()).collect();
        let details = facts(&[
            ("handles", escaped(&team.handles.join(", "))),
            ("members", escaped(&members.join(", "))),
            ("approves", approves.join(", ")),
            ("systems", systems),
        ]);
        body.push(&article(&format!("team-{}", team.id), &team.id, &team.title, &details));
    }
    body.end();
}

/// Returns a part with its anchor, the id that people know it by, and its title.
fn article(anchor: &str, id: &str, title: &str, details: &str) -> String {
    let (anchor, id, title) = (escaped(anchor), escaped(id), escaped(title));
    format!(
        "<article id=\"{anchor}\">\n<header><h3>{title}</h3><a class=\"id\" href=\"#{anchor}\">{id}</a></header>\n\
         {details}\n</article>"
    )
}

/// Returns what follows the block between `---` lines.
fn without_front_matter(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("---") else { return text };
    rest.split_once("\n---").and_then(|(_, after)| after.split_once('\n')).map_or("", |(_, body)| body)
}

/// Returns what follows the first heading, which is the title.
fn without_title(text: &str) -> &str {
    let text = text.trim_start();
    if text.starts_with("# ") { text.split_once('\n').map_or("", |(_, rest)| rest) } else { text }
}
