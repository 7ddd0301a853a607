//! What deserves a second look in a specification that has no fault: things that end, and things that say nothing.
//!
//! Owns advice that needs no repository; the only clock is the as-of date, and a day counts to its end in UTC. Rules
//! that match nothing are found where the files are known. Must not refuse anything.

use super::Specification;
use super::agent::Agent;
use super::rule::Rule;
use super::waiver::Waiver;
use crate::clock::days_between;
use crate::diagnostic::shortened;
use crate::facts::language_ids;
use crate::finding::{RuleId, Severity, Status};

/// Days before an end on which it is announced.
pub const ANNOUNCED_DAYS: i64 = 14;

/// One thing that deserves a second look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advice {
    /// The file, relative to the root of the specification.
    pub file: String,
    /// Line in it, from 1.
    pub line: u32,
    /// Stable kebab-case word, such as `waiver-ended`.
    pub code: &'static str,
    /// What is so, as a sentence without a full stop.
    pub message: String,
    /// What to do.
    pub help: String,
    /// An error must be mended, a warning should be, an info is worth knowing.
    pub severity: Severity,
}

/// Returns all advice about a specification as of a day (`YYYY-MM-DD`), sorted by file and line.
#[must_use]
pub fn lint(specification: &Specification, as_of: &str) -> Vec<Advice> {
    let mut advice = certificates(specification, as_of);
    for waiver in specification.waivers.values() {
        advice.extend(waiver_advice(specification, waiver, as_of));
    }
    for agent in specification.agents.values() {
        advice.extend(agent_advice(agent, as_of));
        advice.extend(strangers(agent));
    }
    for rule in specification.rules.values() {
        advice.extend(rule_advice(specification, rule));
    }
    advice.extend(decisions(specification));
    advice.extend(prompts(specification));
    advice.extend(systems(specification));
    advice.sort();
    advice
}

fn advice(severity: Severity, code: &'static str, at: (&str, u32), message: String, help: &str) -> Advice {
    Advice { file: at.0.to_owned(), line: at.1, code, message, help: help.to_owned(), severity }
}

/// A certificate holds for `certification-max-age-days` days after the day on which it was given.
fn certificates(specification: &Specification, as_of: &str) -> Vec<Advice> {
    let defaults = &specification.manifest.defaults;
    let most = i64::from(defaults.certification_max_age_days);
    let mut found = Vec::new();
    for team in specification.teams.values() {
        let at = ("teams.yaml", team.line);
        for member in &team.members {
            for (certificate, date) in &member.certified {
                let whose = format!("the certificate `{certificate}` of {}", member.handle);
                let Some(age) = days_between(date, as_of) else { continue };
                let renew = "Renew it, or take it out: it counts for nothing.";
                if age < 0 {
                    let message = format!("{whose} is dated {date}, which is to come");
                    found.push(advice(Severity::Warning, "certificate-future", at, message, "Correct the date."));
                } else if age > most {
                    let message = format!("{whose} of {date} has ended: it holds for {most} days");
                    found.push(advice(Severity::Warning, "certificate-ended", at, message, renew));
                } else if age > most - ANNOUNCED_DAYS {
                    let message = format!("{whose} ends in {} days", most - age);
                    found.push(advice(Severity::Info, "certificate-ending", at, message, "Renew it in time."));
                }
            }
        }
    }
    found
}

fn waiver_advice(specification: &Specification, waiver: &Waiver, as_of: &str) -> Vec<Advice> {
    let at = (waiver.file.as_str(), waiver.line);
    let id = &waiver.id;
    let mut found = Vec::new();
    match (days_between(as_of, &waiver.from), days_between(as_of, &waiver.until)) {
        (_, Some(left)) if left < 0 => {
            let message = format!("the waiver {id} ended on {}", waiver.until);
            let help = "Remove it; when the finding is still there, ask again with a new id.";
            found.push(advice(Severity::Error, "waiver-ended", at, message, help));
        }
        (Some(ahead), _) if ahead > 0 => {
            let message = format!("the waiver {id} starts on {} only", waiver.from);
            found.push(advice(Severity::Warning, "waiver-future", at, message, "Until then it works on nothing."));
        }
        (_, Some(left)) if left <= ANNOUNCED_DAYS => {
            let message = format!("the waiver {id} ends on {}, in {left} days", waiver.until);
            found.push(advice(Severity::Warning, "waiver-ending", at, message, "Mend what it waives, or ask again."));
        }
        _ => {}
    }
    let rule = RuleId::new(waiver.rule.clone()).ok().and_then(|rule| specification.rules.get(&rule));
    if let Some(rule) = rule {
        if rule.status == Status::Retired {
            let message = format!("the waiver {id} is for {}, which is retired", rule.id);
            found.push(advice(Severity::Warning, "waiver-stale", at, message, "Remove it."));
        } else if !rule.scope.systems.contains(&waiver.system) {
            let message = format!("the waiver {id} is for {}, which does not hold in `{}`", rule.id, waiver.system);
            found.push(advice(Severity::Warning, "waiver-stale", at, message, "Remove it, or name the right system."));
        }
    }
    found
}

fn agent_advice(agent: &Agent, as_of: &str) -> Option<Advice> {
    let left = days_between(as_of, &agent.review_by)?;
    let at = (agent.file.as_str(), agent.line);
    let (id, day) = (&agent.id, &agent.review_by);
    let help = "Look at what it did, and set a new `review-by`.";
    if left < 0 {
        let message = format!("the contract of the agent `{id}` ended on {day}");
        return Some(advice(Severity::Error, "agent-ended", at, message, help));
    }
    let message = format!("the contract of the agent `{id}` ends on {day}, in {left} days");
    (left <= ANNOUNCED_DAYS).then(|| advice(Severity::Warning, "agent-ending", at, message, help))
}

/// Identities that no commit can have: they are compared as they are, a star stands for itself.
fn strangers(agent: &Agent) -> Vec<Advice> {
    let at = (agent.file.as_str(), agent.line);
    let never = |what: &str, text: &str, help: &str| {
        let message = format!("no commit can be known by the {what} `{}` of the agent `{}`", shortened(text), agent.id);
        advice(Severity::Warning, "identity-unmatched", at, message, help)
    };
    let mut found = Vec::new();
    for author in &agent.identities.authors {
        if author.contains(['*', '?', '<', '>']) {
            found.push(never("author", author, "Write a name or login in full: there are no patterns here."));
        } else if author.starts_with('@') {
            found.push(never("author", author, "Write the login without `@`."));
        } else if author.split_once('@').is_some_and(|(_, domain)| domain.contains('.')) {
            found.push(never("author", author, "Addresses belong under `emails`."));
        } else if author.trim().is_empty() {
            found.push(never("author", author, "Write a name or login."));
        }
    }
    for email in agent.identities.emails.iter().filter(|email| email.contains(['*', '?', '<', '>'])) {
        found.push(never("address", email, "Write the address in full: there are no patterns here."));
    }
    for (key, value) in &agent.identities.trailers {
        if value.trim().is_empty() || value.contains('*') {
            let help = "Write how the value begins, such as the agent's name.";
            found.push(never("trailer", &format!("{key}: {value}"), help));
        }
    }
    found
}

fn rule_advice(specification: &Specification, rule: &Rule) -> Vec<Advice> {
    let at = (rule.file.as_str(), rule.line);
    let id = &rule.id;
    let mut found = Vec::new();
    if rule.status == Status::Draft {
        let help = "Let it `observe`, so that it shows what it would find.";
        found.push(advice(Severity::Info, "rule-draft", at, format!("{id} is a draft and does not run"), help));
    }
    let decision = rule.decision.as_ref().and_then(|decision| specification.decisions.get(decision));
    if let Some(decision) = decision
        && rule.status.runs()
        && matches!(decision.status.as_str(), "rejected" | "deprecated" | "superseded")
    {
        let message = format!("{id} runs, and its decision {} is {}", decision.id, decision.status);
        found.push(advice(
            Severity::Warning,
            "rule-outlived",
            at,
            message,
            "Retire the rule, or name the new decision.",
        ));
    }
    found
}

fn decisions(specification: &Specification) -> Vec<Advice> {
    let mut found = Vec::new();
    for decision in specification.decisions.values().filter(|decision| decision.status == "accepted") {
        let rules = decision.enforced_by.iter().filter_map(|id| RuleId::new(id.clone()).ok());
        let mut rules = rules.filter_map(|id| specification.rules.get(&id)).peekable();
        if rules.peek().is_some() && !rules.any(|rule| rule.status.runs()) {
            let message = format!("{} is accepted, and none of its rules runs", decision.id);
            let help = "Roll a rule out, or say under `not-enforced` why there is none.";
            found.push(advice(Severity::Warning, "decision-idle", (&decision.file, 1), message, help));
        }
    }
    found
}

fn prompts(specification: &Specification) -> Vec<Advice> {
    let drafts = specification.prompts.values().filter(|prompt| prompt.status == "draft");
    let told = drafts.map(|prompt| {
        let message = format!("the prompt {} is a draft: no agent may work from it", prompt.id);
        advice(Severity::Info, "prompt-draft", (&prompt.file, 1), message, "Approve it, or retire it.")
    });
    told.collect()
}

fn systems(specification: &Specification) -> Vec<Advice> {
    let known: Vec<&str> = language_ids().collect();
    let mut found = Vec::new();
    for system in specification.systems.values() {
        for language in system.languages.iter().filter(|language| !known.contains(&language.as_str())) {
            let message = format!("`{language}` of the system `{}` is not parsed by this release", system.id);
            let help = "Rules over its code can be of the kind `pattern` only.";
            found.push(advice(Severity::Info, "language-unparsed", ("systems.yaml", system.line), message, help));
        }
    }
    found
}
