//! The list of all rules: by system, in columns.

use super::desk::Desk;
use crate::commands::page::{Sheet, counted};
use crate::finding::Status;
use crate::specification::rule::Rule;

/// Writes the list; every rule once, under its first system or under all of them.
pub(super) fn write(desk: &Desk, sheet: &mut Sheet) {
    let specification = &desk.specification;
    let manifest = &specification.manifest;
    sheet.line(&format!("{} {} ({})", manifest.name, manifest.version, desk.files.folder));
    for (id, system) in &specification.systems {
        let rules: Vec<&Rule> = specification.rules.values().filter(|rule| holds_only_in(rule, id)).collect();
        sheet.gap();
        let rows: Vec<Vec<String>> = rules.iter().map(|rule| row(rule, rule.status_in(id))).collect();
        sheet.line(&format!(
            "{id}, owned by {}{}",
            system.owner,
            if rows.is_empty() { ": no rule of its own" } else { "" }
        ));
        sheet.columns(2, &rows);
    }
    let several: Vec<&Rule> = specification.rules.values().filter(|rule| rule.scope.systems.len() > 1).collect();
    if !several.is_empty() {
        sheet.gap();
        sheet.line("in several systems");
        let rows = several.iter().map(|rule| {
            let mut row = row(rule, rule.status);
            let mut places = rule.scope.systems.join(", ");
            if rule.scope.systems.len() == specification.systems.len() {
                "all".clone_into(&mut places);
            }
            row.insert(row.len() - 1, places);
            row
        });
        sheet.columns(2, &rows.collect::<Vec<_>>());
    }
    sheet.gap();
    sheet.line(&counts(desk));
}

fn holds_only_in(rule: &Rule, system: &str) -> bool {
    matches!(rule.scope.systems.as_slice(), [only] if only == system)
}

fn row(rule: &Rule, status: Status) -> Vec<String> {
    vec![
        rule.id.to_string(),
        status.word().to_owned(),
        rule.severity.word().to_owned(),
        format!("layer {}", rule.layer),
        rule.owner.clone(),
        rule.title.clone(),
    ]
}

fn counts(desk: &Desk) -> String {
    let specification = &desk.specification;
    let parts = [
        (specification.rules.len(), "rule"),
        (specification.teams.len(), "team"),
        (specification.contracts.len(), "contract"),
        (specification.agents.len(), "agent"),
        (specification.prompts.len(), "prompt"),
        (specification.decisions.len(), "decision"),
        (specification.waivers.len(), "waiver"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
    format!("{}; portcullis spec show ID says everything about one", parts.join(", "))
}
