//! `policy check`: everything that is wrong with policies, and what deserves a second look, in one run.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::FAULTY;
use super::place::framed;
use super::workbench::{Workbench, within_any};
use crate::cli::policy::CheckArguments;
use crate::cli::spec::TextFormat;
use crate::commands::output::closed;
use crate::commands::page::{Sheet, counted};
use crate::commands::surroundings::Surroundings;
use crate::configuration::FILE_NAME;
use crate::diagnostic::{Colour, UsageError, render};
use crate::error::Error;
use crate::finding::Severity;
use crate::gate::rehearsal::self_check;
use crate::policies::Fault;
use crate::policies::inspect::{Inspection, Remark, Subject, inspect};
use crate::untrusted::write_json;

/// Runs `policy check`; exits 1 when a fault was found.
pub(super) fn run(arguments: &CheckArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let bench = Workbench::open(&arguments.folders)?;
    let inspection = inspected(&bench, surroundings)?;
    let counts =
        |remark: &Remark| remark.severity >= if arguments.strict { Severity::Warning } else { Severity::Error };
    let faulty = inspection.remarks.iter().any(counts);
    match arguments.format {
        TextFormat::Json => json(&bench, &inspection, faulty)?,
        TextFormat::Human => human(&bench, &inspection, surroundings)?,
    }
    Ok(if faulty { FAULTY } else { 0 })
}

/// Asks every question; whether the rules can run at all is tried only where nothing else is wrong.
fn inspected(bench: &Workbench, surroundings: &Surroundings) -> Result<Inspection, Error> {
    let taken = bench.taken();
    let subject =
        Subject { set: &bench.set, tests: &bench.tests, cases: &bench.cases, taken: &taken, asked: &bench.asked };
    let mut inspection = on_a_large_stack(|| inspect(&subject, &bench.configuration.limits))?;
    let own = bench.faults.iter().cloned().map(|fault| Remark { fault, severity: Severity::Error });
    inspection.remarks.extend(own);
    if inspection.remarks.iter().all(|remark| remark.severity < Severity::Error) {
        let faults = self_check(&bench.set, &bench.configuration.limits, surroundings.worker())
            .map_err(|error| Error::Unanswered { why: error.to_string() })?;
        let here = |fault: &Fault| within_any(&fault.path, &bench.asked);
        inspection
            .remarks
            .extend(faults.into_iter().filter(here).map(|fault| Remark { fault, severity: Severity::Error }));
    }
    inspection.remarks.sort();
    inspection.remarks.dedup();
    Ok(inspection)
}

/// Runs where deep expressions have room: the engine's own analysis follows them down.
fn on_a_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    const BYTES: usize = 64 << 20;
    let failed = || Error::Unanswered { why: "reading the policies failed inside the engine".to_owned() };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(BYTES).spawn_scoped(scope, work);
        thread.map_err(|_| failed())?.join().map_err(|_| failed())
    })
}

fn human(bench: &Workbench, found: &Inspection, surroundings: &Surroundings) -> Result<(), Error> {
    let texts = bench.texts();
    let colour = if surroundings.colour { Colour::Always } else { Colour::Never };
    let of = |severity: Severity| -> Vec<&Remark> {
        found.remarks.iter().filter(|remark| remark.severity == severity).collect()
    };
    let (errors, warnings, notes) = (of(Severity::Error), of(Severity::Warning), of(Severity::Info));
    let mut sheet = Sheet::new(surroundings.width);
    sheet.rendered(&render(&shown(&errors, &texts, ""), colour));
    sheet.rendered(&render(&shown(&warnings, &texts, "warning: "), colour));
    if !notes.is_empty() {
        sheet.gap();
        sheet.line("Not checked, so test it:");
        for note in &notes {
            sheet.prose(2, &format!("{}:{}  {}", note.fault.path, note.fault.line, note.fault.message));
        }
        sheet.gap();
    }
    for folder in &bench.unnamed {
        sheet.line(&format!(
            "note: {FILE_NAME} does not name `{folder}`; add `policies: [{folder}]`, or `check` never runs it"
        ));
    }
    let rules = counted(found.rules.len(), "rule");
    let files = counted(bench.files(), "file");
    let place = |remark: &Remark| {
        let Fault { path, line, .. } = &remark.fault;
        if *line > 0 { format!("{path}:{line}") } else { path.clone() }
    };
    let counts = (counted(errors.len(), "fault"), counted(warnings.len(), "warning"));
    sheet.line(&match (errors.first(), warnings.first()) {
        (Some(first), _) => format!("{}, {} in {rules}, {files}; begin at {}", counts.0, counts.1, place(first)),
        (None, Some(first)) => format!("no fault, {} in {rules}, {files}; begin at {}", counts.1, place(first)),
        (None, None) => format!("no fault in {rules}, {files}; next: portcullis policy test"),
    });
    sheet.print()
}

fn shown(remarks: &[&Remark], texts: &BTreeMap<&str, &str>, word: &str) -> Vec<UsageError> {
    let one = |remark: &&Remark| {
        let fault = &remark.fault;
        framed(fault, format!("{word}{}", fault.message), texts.get(fault.path.as_str()).copied())
    };
    remarks.iter().map(one).collect()
}

/// What `policy check --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "portcullis.policy-check/v1")]
struct Document<'a> {
    /// `portcullis.policy-check/v1`.
    schema: &'static str,
    /// False when the exit code is 1.
    ok: bool,
    /// The folders that were asked for, from the root of the repository.
    folders: &'a [String],
    /// How many files of policies and tests they hold.
    files: usize,
    /// The ids of their decision rules, sorted.
    rules: Vec<&'a str>,
    /// What is said, sorted by place.
    remarks: Vec<Row<'a>>,
}

/// One thing that is said about a place.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Remark")]
struct Row<'a> {
    /// `error`: the gate would be undecided, or the rule never says what it should. `warning`: it deserves a second
    /// look. `info`: what nobody could check.
    severity: Severity,
    /// A stable word.
    code: &'a str,
    /// The file.
    path: &'a str,
    /// From 1; 0 where it is about the whole file.
    line: u32,
    /// From 1; 0 where there is none.
    column: u32,
    /// What is wrong.
    message: &'a str,
    /// What to write instead, or empty.
    help: &'a str,
}

/// Returns the JSON Schema of the document.
#[must_use]
pub(in crate::commands) fn check_schema() -> serde_json::Value {
    schemars::schema_for!(Document<'static>).to_value()
}

impl<'a> Row<'a> {
    fn of(remark: &'a Remark) -> Self {
        let Fault { path, line, column, code, message, hint } = &remark.fault;
        Self { severity: remark.severity, code, path, line: *line, column: *column, message, help: hint }
    }
}

fn json(bench: &Workbench, found: &Inspection, faulty: bool) -> Result<(), Error> {
    let document = Document {
        schema: "portcullis.policy-check/v1",
        ok: !faulty,
        folders: &bench.asked,
        files: bench.files(),
        rules: found.rules.iter().map(|rule| rule.id.as_str()).collect(),
        remarks: found.remarks.iter().map(Row::of).collect(),
    };
    let mut out = std::io::stdout().lock();
    write_json(&document, &mut out).or_else(closed)
}
