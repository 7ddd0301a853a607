//! Rules and modules whose globs match no file of a repository: they hold nothing up, and nobody would notice.
//!
//! Owns advice that needs the paths of the whole repository. It is for people who care for the specification, never a
//! finding of a change. Must not read a file.

use super::Specification;
use super::hosted::{HostedSystem, ScopeIn, globs};
use super::lint::Advice;
use crate::finding::Severity;

/// Returns the rules whose scope covers none of these paths, the modules that hold none, and single globs of rules and
/// agents that match none, sorted; only of systems that this repository holds, and only rules that run.
#[must_use]
pub fn unmatched(specification: &Specification, hosted: &[HostedSystem], paths: &[&str]) -> Vec<Advice> {
    let mut found = Vec::new();
    for rule in specification.rules.values() {
        // A glob that is none was refused when the specification was loaded.
        let Ok(scope) = ScopeIn::of(rule, hosted) else { continue };
        if !scope.status().is_some_and(crate::finding::Status::runs) {
            continue;
        }
        let at = (rule.file.as_str(), rule.line);
        if !paths.iter().any(|path| scope.covers(path).is_some()) {
            let message = format!("the scope of {} covers no file", rule.id);
            let help = "Correct its `paths` and `exclude`, or retire it.";
            found.push(advice(Severity::Warning, "rule-unmatched", at, message, help));
            continue;
        }
        let systems: Vec<&HostedSystem> = scope.systems().iter().map(|(system, _)| system).collect();
        for glob in rule.scope.paths.iter().filter(|glob| is_dead(glob, &systems, paths)) {
            let message = format!("the glob `{glob}` under `paths` of {} matches no file", rule.id);
            found.push(advice(Severity::Warning, "glob-unmatched", at, message, "Correct it, or take it out."));
        }
        for glob in rule.scope.exclude.iter().filter(|glob| !is_habit(glob) && is_dead(glob, &systems, paths)) {
            let message = format!("the glob `{glob}` under `exclude` of {} takes nothing out", rule.id);
            found.push(advice(Severity::Info, "glob-unmatched", at, message, "Correct it, or take it out."));
        }
    }
    modules(specification, hosted, paths, &mut found);
    agents(specification, hosted, paths, &mut found);
    found.sort();
    found
}

fn advice(severity: Severity, code: &'static str, at: (&str, u32), message: String, help: &str) -> Advice {
    Advice { severity, code, file: at.0.to_owned(), line: at.1, message, help: help.to_owned() }
}

/// Says whether a glob matches no path inside of these systems.
fn is_dead(glob: &str, systems: &[&HostedSystem], paths: &[&str]) -> bool {
    let Ok(set) = globs(&[glob]) else { return false };
    let inside = |path: &&str| systems.iter().any(|system| system.inside(path).is_some_and(|path| set.is_match(path)));
    !paths.iter().any(inside)
}

/// `**/tests/**` is taken out before there are tests; only a glob that names a place can be misspelt.
fn is_habit(glob: &str) -> bool {
    glob.starts_with("**/")
}

fn modules(specification: &Specification, hosted: &[HostedSystem], paths: &[&str], found: &mut Vec<Advice>) {
    for hosted in hosted {
        let Some(system) = specification.systems.get(&hosted.id) else { continue };
        for (module, patterns) in &system.modules {
            let Ok(set) = globs(patterns) else { continue };
            let mut inside = paths.iter().filter_map(|path| hosted.inside(path));
            if !inside.any(|path| set.is_match(path)) {
                let message = format!("the module `{module}` of `{}` holds no file", system.id);
                let at = ("systems.yaml", system.line);
                found.push(advice(
                    Severity::Warning,
                    "module-unmatched",
                    at,
                    message,
                    "Correct its globs, or remove it.",
                ));
            }
        }
    }
}

/// What an agent may change of a system that is not here is not known here.
fn agents(specification: &Specification, hosted: &[HostedSystem], paths: &[&str], found: &mut Vec<Advice>) {
    for agent in specification.agents.values() {
        let mine = |system: &&HostedSystem| agent.systems.is_empty() || agent.systems.contains(&system.id);
        let systems: Vec<&HostedSystem> = hosted.iter().filter(mine).collect();
        let everywhere = agent.systems.iter().all(|id| hosted.iter().any(|system| system.id == *id));
        if systems.is_empty() || !everywhere {
            continue;
        }
        let at = (agent.file.as_str(), agent.line);
        for glob in agent.paths.allow.iter().filter(|glob| is_dead(glob, &systems, paths)) {
            let message = format!("the glob `{glob}` under `allow` of the agent `{}` matches no file yet", agent.id);
            found.push(advice(Severity::Info, "glob-unmatched", at, message, "Correct it, if it should."));
        }
        // A denied path counts from the root of the repository as well.
        let anywhere = HostedSystem { id: String::new(), root: String::new() };
        let roots: Vec<&HostedSystem> = systems.into_iter().chain([&anywhere]).collect();
        for glob in agent.paths.deny.iter().filter(|glob| !is_habit(glob) && is_dead(glob, &roots, paths)) {
            let message = format!("the glob `{glob}` under `deny` of the agent `{}` matches no file yet", agent.id);
            found.push(advice(Severity::Info, "glob-unmatched", at, message, "Correct it, if it should."));
        }
    }
}
