//! `spec lint`: everything that is wrong with a specification, and what deserves a second look, in one run.
//!
//! Owns the order of the checks, and what counts as a fault. A check of content runs only over what could be read, so
//! that one fault does not start a cascade.

mod report;
mod unused;

use super::desk::Desk;
use crate::cli::spec::{LintArguments, TextFormat};
use crate::clock;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{Colour, UsageError};
use crate::enforcement::rego::faults::faults as policy_faults;
use crate::enforcement::{RuleBook, examples};
use crate::error::Error;
use crate::finding::Severity;
use crate::limits::Limits;
use crate::specification::hosted::HostedSystem;
use crate::specification::lint::Advice;
use crate::specification::{Specification, lint, unmatched};
use crate::yaml::Place;

/// What one run found.
struct Findings {
    /// What is wrong.
    faults: Vec<UsageError>,
    /// What deserves a second look.
    advice: Vec<Advice>,
}

/// Runs `spec lint`; exits 1 when a fault was found.
pub(super) fn run(arguments: &LintArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let desk = Desk::open(arguments.folder.as_deref())?;
    let as_of = arguments.as_of.clone().unwrap_or_else(clock::today);
    let findings = findings(&desk, &as_of);
    let counts =
        |advice: &Advice| advice.severity >= if arguments.strict { Severity::Warning } else { Severity::Error };
    let faulty = !findings.faults.is_empty() || findings.advice.iter().any(counts);
    match arguments.format {
        TextFormat::Json => report::json(&desk, &findings, faulty)?,
        TextFormat::Human => {
            let colour = if surroundings.colour { Colour::Always } else { Colour::Never };
            report::human(&desk, &findings, colour, surroundings.width)?;
        }
    }
    Ok(if faulty { super::FAULTY } else { 0 })
}

fn findings(desk: &Desk, as_of: &str) -> Findings {
    let mut faults = desk.faults.clone();
    faults.extend(demands(desk));
    let mut advice = lint(&desk.specification, as_of);
    if let Some(application) = &desk.application {
        // Which systems there are cannot be told while their file is faulty.
        if !is_faulty(desk, &["systems.yaml"]) {
            faults.extend(application.faults.iter().cloned());
        }
        let paths: Vec<&str> = application.paths.iter().map(String::as_str).collect();
        advice.extend(unmatched(&desk.specification, &application.hosted, &paths));
    }
    // Where something could not be read, it may be what uses the rest.
    if desk.faults.is_empty() {
        advice.extend(unused::advice(&desk.specification));
    }
    if faults.is_empty() {
        advice.extend(unproven(&desk.specification));
    }
    faults.sort_by(|a, b| place_of(a).cmp(&place_of(b)));
    advice.sort_by(|a, b| (b.severity, a).cmp(&(a.severity, b)));
    advice.dedup();
    Findings { faults, advice }
}

fn place_of(fault: &UsageError) -> (&str, Place) {
    fault.frame.as_ref().map_or(("", Place::default()), |frame| (frame.file.as_str(), frame.place))
}

/// Returns rules with a language in which no failing example fires; whether examples do what they must is tested.
fn unproven(specification: &Specification) -> Vec<Advice> {
    let found = examples::run(specification, &Limits::default());
    let rows = found.into_iter().filter(|examples| !examples.unproven.is_empty()).filter_map(|examples| {
        let rule = specification.rules.get(&examples.rule)?;
        let message = format!("{} has no example that fires in {}", rule.id, examples.unproven.join(", "));
        let help = "Add `{language: ..., code: ...}` under `examples: {fail: [...]}`.";
        Some(advised((&rule.file, rule.line), "unproven-language", message, help))
    });
    rows.collect()
}

/// Says whether a fault stands in one of these files, or below one of these folders.
fn is_faulty(desk: &Desk, paths: &[&str]) -> bool {
    let paths: Vec<String> = paths.iter().map(|path| desk.files.shown(path)).collect();
    let mut frames = desk.faults.iter().filter_map(|fault| fault.frame.as_ref());
    frames.any(|frame| paths.iter().any(|path| frame.file.starts_with(path.as_str())))
}

/// Returns what is wrong below `enforce`, and in policies.
///
/// Names of modules, contracts and policies are looked up, so nothing is said while one of their files is faulty.
pub(super) fn demands(desk: &Desk) -> Vec<UsageError> {
    if is_faulty(desk, &["systems.yaml", "contracts/", "policies/", "portcullis-spec.yaml"]) {
        return Vec::new();
    }
    let mut specification: Specification = desk.specification.clone();
    let systems = &desk.specification.systems;
    // Rules whose systems do not exist have been reported.
    specification.rules.retain(|_, rule| rule.scope.systems.iter().all(|id| systems.contains_key(id)));
    let hosted = systems.keys().map(|id| HostedSystem { id: id.clone(), root: String::new() });
    let (book, mut errors) = RuleBook::of(specification, hosted.collect());
    for frame in errors.iter_mut().filter_map(|error| error.frame.as_mut()) {
        frame.file = desk.files.shown(&frame.file);
    }
    errors.extend(policy_faults(&book, &desk.files));
    errors
}

/// Returns a warning at a place.
fn advised(
    (file, line): (&str, u32),
    code: &'static str,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Advice {
    let (message, help) = (message.into(), help.into());
    Advice { file: file.to_owned(), line, code, message, help, severity: Severity::Warning }
}
