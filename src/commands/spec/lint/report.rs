//! What `spec lint` prints.

use serde::Serialize;

use super::Findings;
use crate::commands::output::closed;
use crate::commands::page::{Sheet, counted};
use crate::commands::spec::desk::Desk;
use crate::diagnostic::{Colour, render};
use crate::error::Error;
use crate::finding::{Severity, Status};
use crate::untrusted::write_json;

/// Prints faults with their frames, then advice, then what to do.
pub(super) fn human(desk: &Desk, found: &Findings, colour: Colour, width: usize) -> Result<(), Error> {
    let mut sheet = Sheet::new(width);
    sheet.rendered(&render(&found.faults, colour));
    if !found.advice.is_empty() {
        sheet.gap();
        sheet.line("Worth a second look:");
        for advice in &found.advice {
            sheet.gap();
            let severity = advice.severity.word();
            sheet.line(&format!("  {severity}: {}  {}", place(desk, &advice.file, advice.line), advice.code));
            if let Some(text) = line_of(desk, &advice.file, advice.line) {
                let number = advice.line.to_string();
                sheet.code(4, &format!("{number} | {text}"));
            }
            sheet.prose(4, &advice.message);
            sheet.prose(4, &advice.help);
        }
        sheet.gap();
    }
    let of = |severity| found.advice.iter().filter(|advice| advice.severity == severity).count();
    let warnings = counted(of(Severity::Warning), "warning");
    let errors = found.faults.len() + of(Severity::Error);
    let faults = counted(errors, "fault");
    let first = found.faults.iter().find_map(|fault| fault.frame.as_ref());
    sheet.line(&match (errors == 0, found.advice.first()) {
        (false, advice) => {
            let first = first.map(|frame| format!("{}:{}", frame.file, frame.place.line));
            let first = first.or_else(|| advice.map(|advice| place(desk, &advice.file, advice.line)));
            let first = first.map(|first| format!("; begin at {first}"));
            format!("{faults}, {warnings} in {}{}", summary(desk), first.unwrap_or_default())
        }
        (true, Some(advice)) => {
            let first = place(desk, &advice.file, advice.line);
            format!("no fault, {warnings} in {}; begin at {first}", summary(desk))
        }
        (true, None) => format!("no fault in {}; next: portcullis spec test", summary(desk)),
    });
    sheet.print()
}

fn place(desk: &Desk, file: &str, line: u32) -> String {
    let shown = desk.files.shown(file);
    if line == 0 { shown } else { format!("{shown}:{line}") }
}

/// Returns a line of a file of the specification, as it is written.
fn line_of<'d>(desk: &'d Desk, file: &str, line: u32) -> Option<&'d str> {
    let text = std::str::from_utf8(&desk.files.files.get(file)?.0).ok()?;
    let text = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    (!text.trim().is_empty()).then_some(text)
}

fn summary(desk: &Desk) -> String {
    let rules = desk.specification.rules.values().filter(|rule| rule.status != Status::Retired).count();
    format!(
        "{}, {}, {}",
        counted(rules, "rule"),
        counted(desk.specification.systems.len(), "system"),
        counted(desk.files.files.len(), "file")
    )
}

/// The document of `--format json`.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    ok: bool,
    specification: Summary<'a>,
    faults: Vec<Row<'a>>,
    advice: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Summary<'a> {
    name: &'a str,
    version: &'a str,
    folder: &'a str,
    files: usize,
    rules: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    severity: Severity,
    code: &'a str,
    file: String,
    line: u32,
    column: u32,
    message: &'a str,
    help: &'a str,
}

/// Prints the same for programs.
pub(super) fn json(desk: &Desk, found: &Findings, faulty: bool) -> Result<(), Error> {
    let faults = found.faults.iter().map(|fault| {
        let place = fault.frame.as_ref().map(|frame| frame.place).unwrap_or_default();
        let file = fault.frame.as_ref().map(|frame| frame.file.clone()).unwrap_or_default();
        let severity = Severity::Error;
        Row {
            severity,
            code: "fault",
            file,
            line: place.line,
            column: place.column,
            message: &fault.title,
            help: &fault.help,
        }
    });
    let advice = found.advice.iter().map(|advice| Row {
        severity: advice.severity,
        code: advice.code,
        file: desk.files.shown(&advice.file),
        line: advice.line,
        column: 0,
        message: &advice.message,
        help: &advice.help,
    });
    let manifest = &desk.specification.manifest;
    let document = Document {
        schema: "portcullis.spec-lint/v1",
        ok: !faulty,
        specification: Summary {
            name: &manifest.name,
            version: &manifest.version,
            folder: &desk.files.folder,
            files: desk.files.files.len(),
            rules: desk.specification.rules.len(),
        },
        faults: faults.collect(),
        advice: advice.collect(),
    };
    let mut out = std::io::stdout().lock();
    write_json(&document, &mut out).or_else(closed)
}
