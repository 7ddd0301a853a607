//! `spec lint`: everything that is wrong with a specification, and what deserves a second look, in one run.
//!
//! Owns the order of the checks, and what counts as a fault. A check of content runs only over what could be read, so
//! that one fault does not start a cascade.

mod advice;
mod report;
mod scopes;
mod times;
mod unused;

use self::advice::Advice;
use super::desk::Desk;
use crate::cli::spec::{LintArguments, TextFormat};
use crate::clock;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{Colour, UsageError};
use crate::enforcement::RuleBook;
use crate::error::Error;
use crate::specification::Specification;

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
    let warned = arguments.strict && !findings.advice.is_empty();
    let faulty = !findings.faults.is_empty() || warned;
    match arguments.format {
        TextFormat::Json => report::json(&desk, &findings, faulty)?,
        TextFormat::Human => {
            let colour = if surroundings.colour { Colour::Always } else { Colour::Never };
            report::human(&desk, &findings, arguments.strict, colour, surroundings.width)?;
        }
    }
    Ok(if faulty { super::FAULTY } else { 0 })
}

fn findings(desk: &Desk, as_of: &str) -> Findings {
    let mut faults = desk.faults.clone();
    faults.extend(demands(desk));
    let mut advice = times::advice(&desk.specification, as_of);
    if let Some(application) = &desk.application {
        faults.extend(application.faults.iter().cloned());
        advice.extend(scopes::advice(&desk.specification, application));
    }
    // Where something could not be read, it may be what uses the rest.
    if desk.faults.is_empty() {
        advice.extend(unused::advice(&desk.specification));
    }
    advice.sort();
    advice.dedup();
    Findings { faults, advice }
}

/// Returns what is wrong below `enforce`.
///
/// Names of modules, contracts and policies are looked up, so nothing is said while one of their files is faulty.
fn demands(desk: &Desk) -> Vec<UsageError> {
    let concerned = ["systems.yaml", "contracts/", "policies/", "portcullis-spec.yaml"];
    let concerned: Vec<String> = concerned.iter().map(|path| desk.files.shown(path)).collect();
    let faulty = desk.faults.iter().filter_map(|fault| fault.frame.as_ref());
    if faulty.clone().any(|frame| concerned.iter().any(|path| frame.file.starts_with(path.as_str()))) {
        return Vec::new();
    }
    let mut specification: Specification = desk.specification.clone();
    // Rules whose systems do not exist have been reported.
    let systems = &desk.specification.systems;
    specification.rules.retain(|_, rule| rule.scope.systems.iter().all(|id| systems.contains_key(id)));
    let (_, mut errors) = RuleBook::of(specification, Vec::new());
    for frame in errors.iter_mut().filter_map(|error| error.frame.as_mut()) {
        frame.file = desk.files.shown(&frame.file);
    }
    errors
}
