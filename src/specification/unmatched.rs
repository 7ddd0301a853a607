//! Rules and modules whose globs match no file of a repository: they hold nothing up, and nobody would notice.
//!
//! Owns advice that needs the paths of the whole repository. It is for people who care for the specification, never a
//! finding of a change. Must not read a file.

use super::Specification;
use super::hosted::{HostedSystem, ScopeIn, globs};
use super::lint::Advice;
use crate::finding::Severity;

/// Returns the rules whose scope covers none of these paths and the modules that hold none, sorted; only of systems that
/// this repository holds, and only rules that run.
#[must_use]
pub fn unmatched(specification: &Specification, hosted: &[HostedSystem], paths: &[&str]) -> Vec<Advice> {
    let mut found = Vec::new();
    for rule in specification.rules.values() {
        // A glob that is none was refused when the specification was loaded.
        let Ok(scope) = ScopeIn::of(rule, hosted) else { continue };
        let runs = scope.status().is_some_and(crate::finding::Status::runs);
        if runs && !paths.iter().any(|path| scope.covers(path).is_some()) {
            found.push(Advice {
                severity: Severity::Warning,
                code: "rule-unmatched",
                file: rule.file.clone(),
                line: rule.line,
                message: format!("the scope of {} covers no file", rule.id),
                help: "Correct its `paths` and `exclude`, or retire it.".to_owned(),
            });
        }
    }
    for hosted in hosted {
        let Some(system) = specification.systems.get(&hosted.id) else { continue };
        for (module, patterns) in &system.modules {
            let Ok(set) = globs(patterns) else { continue };
            let mut inside = paths.iter().filter_map(|path| hosted.inside(path));
            if !inside.any(|path| set.is_match(path)) {
                found.push(Advice {
                    severity: Severity::Warning,
                    code: "module-unmatched",
                    file: "systems.yaml".to_owned(),
                    line: system.line,
                    message: format!("the module `{module}` of `{}` holds no file", system.id),
                    help: "Correct its globs, or remove it.".to_owned(),
                });
            }
        }
    }
    found.sort();
    found
}
