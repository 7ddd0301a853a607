//! Prompts and decision records.

use super::ids;
use super::row::{Row, Rows, listed, quoted};
use crate::specification::Specification;
use crate::specification::decision::Decision;
use crate::specification::prompt::Prompt;

pub(super) fn prompts(base: &Specification, head: &Specification, rows: &mut Rows) {
    for id in ids(base.prompts.keys(), head.prompts.keys()) {
        let (old, new) = (base.prompts.get(id), head.prompts.get(id));
        let Some(at) = new.or(old) else { continue };
        let owner = old.or(new).map(|prompt| &prompt.owner);
        let mut row = rows.row("prompt", id, (&at.file, 1)).owned_by(owner);
        match (old, new) {
            (Some(_), None) => row.tightens("is removed: no agent may work from it"),
            (None, Some(_)) => row.textual("is a new prompt; agents may work from it once they name it"),
            (Some(old), Some(new)) => prompt(old, new, &mut row),
            (None, None) => {}
        }
    }
}

fn prompt(old: &Prompt, new: &Prompt, row: &mut Row<'_>) {
    if old.hash != new.hash && old.version == new.version {
        let version = quoted(&new.version);
        row.loosens(format!(
            "says something else and is still version {version}: work that names it cannot be verified"
        ));
    } else if old.hash != new.hash || old.version != new.version {
        row.textual(format!("is version {} instead of {}", quoted(&new.version), quoted(&old.version)));
    }
    match (old.status == "approved", new.status == "approved") {
        (false, true) => row.loosens("is approved: agents that name it may work from it"),
        (true, false) => row.tightens("is no longer approved"),
        _ => row.words("status", &old.status, &new.status),
    }
    row.owner(&old.owner, &new.owner);
    row.words("name", &old.name, &new.name);
    row.words("description", &old.description, &new.description);
}

pub(super) fn decisions(base: &Specification, head: &Specification, rows: &mut Rows) {
    for id in ids(base.decisions.keys(), head.decisions.keys()) {
        let (old, new) = (base.decisions.get(id), head.decisions.get(id));
        let Some(at) = new.or(old) else { continue };
        let makers = old.or(new).map(|decision| &decision.decision_makers).into_iter().flatten();
        let mut row = rows.row("decision", id, (&at.file, 1)).owned_by(makers);
        match (old, new) {
            (Some(old), None) if old.status == "accepted" => {
                row.loosens("is removed: the reason behind what enforces it is gone");
            }
            (Some(_), None) => row.textual("is removed; it was not accepted"),
            (None, Some(new)) => row.textual(format!("is a new decision record, {}", quoted(&new.status))),
            (Some(old), Some(new)) => decision(old, new, &mut row),
            (None, None) => {}
        }
    }
}

fn decision(old: &Decision, new: &Decision, row: &mut Row<'_>) {
    let (was, is) = (old.status == "accepted", new.status == "accepted");
    if was && old.title != new.title && old.date != new.date && old.enforced_by != new.enforced_by {
        row.loosens("now names another decision; an id is never used again");
        return;
    }
    match (was, is) {
        (true, false) => row.loosens(format!("is {} and no longer accepted", quoted(&new.status))),
        (false, true) => row.tightens("is accepted"),
        _ => row.words("status", &old.status, &new.status),
    }
    let gone: Vec<&String> = old.enforced_by.iter().filter(|rule| !new.enforced_by.contains(rule)).collect();
    let come: Vec<&String> = new.enforced_by.iter().filter(|rule| !old.enforced_by.contains(rule)).collect();
    if was && !gone.is_empty() {
        row.loosens(format!("is no longer held up by {}", listed(gone)));
    } else if !gone.is_empty() {
        row.textual(format!("no longer names {}", listed(gone)));
    }
    if !come.is_empty() {
        row.textual(format!("is now also held up by {}", listed(come)));
    }
    row.words("title", &old.title, &new.title);
    row.words("date", &old.date, &new.date);
    row.words("list of deciders", &old.decision_makers, &new.decision_makers);
    row.words("reason why nothing enforces it", &old.not_enforced, &new.not_enforced);
    row.words("list of what it replaces", &old.supersedes, &new.supersedes);
}
