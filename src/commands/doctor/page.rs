//! What `doctor` found, for people.
//!
//! Owns the words around it. Everything from outside goes through the escaper of the sheet; the commands are ASCII as they
//! are made.

use std::collections::{BTreeMap, BTreeSet};

use crate::commands::page::{Sheet, counted};
use crate::doctor::diagnosis::{Copied, Diagnosis, Finding, Unknown};
use crate::error::Error;

/// Prints a diagnosis; with `fix`, what closes the ways as well.
pub(super) fn print(diagnosis: &Diagnosis, fix: bool, width: usize) -> Result<(), Error> {
    let mut sheet = Sheet::new(width);
    let project = if diagnosis.project.is_empty() { "a project that is not known" } else { &diagnosis.project };
    let branch = if diagnosis.branch.is_empty() { "the default branch" } else { &diagnosis.branch };
    sheet.field("project", &format!("{project} ({}), {branch}", diagnosis.forge));
    sheet.field("files", if diagnosis.files.is_empty() { "not read" } else { &diagnosis.files });
    let (open, accepted): (Vec<&Finding>, Vec<&Finding>) = diagnosis.findings.iter().partition(|one| !one.accepted);
    ways(&mut sheet, &open, diagnosis);
    unknown(&mut sheet, &diagnosis.unknown);
    accept(&mut sheet, &accepted);
    sheet.gap();
    let held = diagnosis.held.join(", ");
    sheet.prose(0, &format!("{} found nothing: {held}.", counted(diagnosis.held.len(), "check")));
    reach(&mut sheet, diagnosis);
    if fix {
        copies(&mut sheet, &open);
    } else if open.iter().any(|one| !one.fix.is_empty()) {
        sheet.gap();
        sheet.line("next: portcullis doctor --fix    prints what closes them; nothing is run");
    }
    sheet.print()
}

fn ways(sheet: &mut Sheet, open: &[&Finding], diagnosis: &Diagnosis) {
    sheet.gap();
    let unknown: BTreeSet<&str> = diagnosis.unknown.iter().flat_map(|one| &one.checks).copied().collect();
    match open.len() {
        0 if !unknown.is_empty() => {
            let held = counted(diagnosis.held.len(), "check");
            sheet.line(&format!("No way around the gate in {held}; {} not known.", unknown.len()));
        }
        0 => sheet.line("No way around the gate was found."),
        1 => sheet.line("1 way around the gate:"),
        count => sheet.line(&format!("{count} ways around the gate:")),
    }
    for finding in open {
        sheet.gap();
        sheet.line(&format!("{}  ({})", finding.id, finding.place));
        sheet.prose(2, &finding.what);
        sheet.prose(2, &format!("Closed so: {}", finding.remedy));
    }
}

fn unknown(sheet: &mut Sheet, unknown: &[Unknown]) {
    if unknown.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line("Not known, and so not in order:");
    for one in unknown {
        sheet.gap();
        sheet.prose(2, &format!("{}: {}", one.request, one.why));
        if !one.needs.is_empty() {
            sheet.prose(4, &format!("would tell: {}", one.needs));
        }
        let accepted = if one.accepted { " (accepted)" } else { "" };
        sheet.prose(4, &format!("open without it: {}{accepted}", one.checks.join(", ")));
    }
}

fn accept(sheet: &mut Sheet, accepted: &[&Finding]) {
    if accepted.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line("Found and accepted:");
    for one in accepted {
        sheet.prose(2, &format!("{} ({}): {}", one.id, one.place, one.what));
    }
}

fn reach(sheet: &mut Sheet, diagnosis: &Diagnosis) {
    if diagnosis.reach.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line("What this token reaches of what the gate asks for:");
    let rows = diagnosis.reach.iter().map(|one| {
        let may = if one.may.starts_with("not known") { "not known" } else { one.may.as_str() };
        vec![may.to_owned(), one.call.to_owned(), format!("needs {}", one.needs)]
    });
    sheet.columns(2, &rows.collect::<Vec<_>>());
}

/// What is the same for several ways is printed once.
fn copies(sheet: &mut Sheet, open: &[&Finding]) {
    let mut once: Vec<(&Copied, Vec<&str>)> = Vec::new();
    let mut at: BTreeMap<&Copied, usize> = BTreeMap::new();
    for finding in open {
        for copied in &finding.fix {
            let index = *at.entry(copied).or_insert(once.len());
            match once.get_mut(index) {
                Some((_, ids)) if !ids.contains(&finding.id) => ids.push(finding.id),
                Some(_) => {}
                None => once.push((copied, vec![finding.id])),
            }
        }
    }
    sheet.gap();
    if once.is_empty() {
        sheet.line("Nothing of this is closed by a command.");
        return;
    }
    sheet.line("What closes them; read it, nothing was run:");
    for (copied, ids) in once {
        sheet.gap();
        let into = if copied.into == "command" { String::new() } else { format!(", into {}", copied.into) };
        sheet.line(&format!("# {}{into}", ids.join(", ")));
        sheet.code(0, &copied.text);
    }
}
