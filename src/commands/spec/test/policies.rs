//! The `_test.rego` files of a specification.

use super::{Group, Trial};
use crate::commands::spec::desk::Desk;
use crate::enforcement::{RuleBook, rego, specification_json};
use crate::finding::SourceKind;
use crate::policies::unit_tests::{Outcome, run_tests};
use crate::policies::{DataSource, PolicySource};
use crate::specification::hosted::HostedSystem;

/// Runs all tests; one group a package.
pub(super) fn run(desk: &Desk) -> Vec<Group> {
    let source = |(path, text): (&String, &String)| PolicySource {
        pack: rego::PACK.to_owned(),
        path: desk.files.shown(path),
        text: text.clone(),
        kind: SourceKind::Specification,
        v0: false,
        scope: None,
    };
    let (tests, policies): (Vec<_>, Vec<_>) =
        desk.specification.policies.iter().map(source).partition(|source| source.path.ends_with("_test.rego"));
    if tests.is_empty() {
        return Vec::new();
    }
    let systems = desk.specification.systems.keys();
    let hosted = systems.map(|id| HostedSystem { id: id.clone(), root: String::new() }).collect();
    let (book, _) = RuleBook::of(desk.specification.clone(), hosted);
    let data = DataSource {
        pack: rego::PACK.to_owned(),
        path: "specification.json".to_owned(),
        at: vec!["spec".to_owned()],
        text: specification_json(&book).to_string(),
    };
    let mut groups: Vec<Group> = Vec::new();
    for result in run_tests(&policies, &tests, &[data]) {
        let mut notes = Vec::new();
        let failure = match result.outcome {
            Outcome::Passed => None,
            Outcome::Failed => Some("is false or undefined".to_owned()),
            Outcome::Error(error) => Some(error),
            Outcome::Todo => {
                notes.push(format!("{} is not run: todo", result.name));
                None
            }
        };
        let trial = Trial { place: result.package.clone(), name: result.name, failure, seen: Vec::new() };
        match groups.last_mut() {
            Some(group) if group.id == result.package => {
                group.trials.push(trial);
                group.notes.extend(notes);
            }
            _ => groups.push(Group { id: result.package, trials: vec![trial], notes }),
        }
    }
    groups
}
