//! Rules and modules that match no file of the repository: dead ones, most often a glob that was not moved along.

use super::advised;
use crate::commands::spec::desk::Application;
use crate::specification::Specification;
use crate::specification::hosted::{HostedSystem, ScopeIn, globs};
use crate::specification::lint::Advice;
use crate::specification::rule::Rule;

/// Returns what matches no tracked file of this repository.
pub(super) fn advice(specification: &Specification, application: &Application) -> Vec<Advice> {
    let mut found = Vec::new();
    for rule in specification.rules.values() {
        if let Ok(scope) = ScopeIn::of(rule, &application.hosted)
            && scope.status().is_some_and(crate::finding::Status::runs)
            && !application.paths.iter().any(|path| scope.covers(path).is_some())
        {
            found.push(dead(rule, application));
        }
    }
    for system in &application.hosted {
        let Some(known) = specification.systems.get(&system.id) else { continue };
        for (module, patterns) in &known.modules {
            if globs(patterns).is_ok_and(|set| !inside(system, application).any(|path| set.is_match(path))) {
                let message = format!("the module `{module}` of `{}` matches no file of this repository", system.id);
                let help = format!("It is {}; correct the glob, or remove the module.", patterns.join(", "));
                found.push(advised(("systems.yaml", known.line), "unmatched-module", message, help));
            }
        }
    }
    found
}

/// Returns the paths of a system, from its root.
fn inside<'a>(system: &'a HostedSystem, application: &'a Application) -> impl Iterator<Item = &'a str> {
    application.paths.iter().filter_map(|path| system.inside(path))
}

fn dead(rule: &Rule, application: &Application) -> Advice {
    let here = || application.hosted.iter().filter(|system| rule.scope.systems.contains(&system.id));
    let mut files = here().flat_map(|system| inside(system, application)).peekable();
    let why = if files.peek().is_none() {
        "no file of its systems is tracked".to_owned()
    } else if rule.scope.paths.is_empty()
        || globs(&rule.scope.paths).is_ok_and(|set| files.any(|path| set.is_match(path)))
    {
        format!("`exclude` ({}) takes out all of it", rule.scope.exclude.join(", "))
    } else {
        format!("`paths` is {}", rule.scope.paths.join(", "))
    };
    let message = format!("the scope of {} matches no file of this repository: {why}", rule.id);
    let help = "Correct the globs (`*` stays within a folder, `**/` crosses folders), or retire the rule.";
    advised((&rule.file, rule.line), "unmatched-rule", message, help)
}
