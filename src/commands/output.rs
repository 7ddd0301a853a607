//! An outcome on standard output and into report files; the exit code is the verdict's, whatever was written.
//!
//! Owns which format goes where. Must not decide.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::commands::surroundings::Surroundings;
use crate::error::Error;
use crate::gate::SavedInput;
use crate::outcome::Outcome;
use crate::reports::markdown::step_summary;
use crate::reports::{Format, Style};
use crate::verdict::Verdict;

/// Returns the format of standard output where none is asked for.
pub(super) fn usual_format(surroundings: &Surroundings) -> &'static Format {
    let inside_actions = surroundings.variable("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    let usual = if inside_actions { "github" } else { "human" };
    Format::named(usual).unwrap_or(&crate::reports::human::FORMAT)
}

/// The exit code where something could not be judged, or nobody can read the judgement.
pub(super) const UNJUDGED: u8 = 4;

/// Where reports go.
pub(super) struct Destination {
    /// The format of standard output.
    pub(super) format: &'static Format,
    /// Further reports: format and file.
    pub(super) reports: Vec<(&'static Format, PathBuf)>,
    /// How many tokens a report for an agent may take; none means its usual budget.
    pub(super) tokens: Option<usize>,
    /// Exit with 0 whatever the verdict.
    pub(super) exit_zero: bool,
    /// Exit with 0 when only people are awaited.
    pub(super) review_reports: bool,
}

/// Writes every report and returns the exit code. A report that cannot be written is said on standard error and never
/// turns a verdict into a better one.
pub(super) fn deliver(outcome: &Outcome, destination: &Destination, surroundings: &Surroundings) -> u8 {
    let style = Style { colour: surroundings.colour, width: surroundings.width, tokens: destination.tokens };
    deliver_beside(outcome, destination, surroundings, |out| (destination.format.render)(outcome, &style, out))
}

/// As [`deliver`], with something else on standard output.
pub(super) fn deliver_beside(
    outcome: &Outcome,
    destination: &Destination,
    surroundings: &Surroundings,
    print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> u8 {
    let mut unwritten = false;
    // A reader that went away (`| head`) is no fault: the exit code still says the verdict.
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = print(&mut out).and_then(|()| out.flush());
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        unwritten = true;
        surroundings.complain(&format!("cannot write to standard output: {error}"));
    }
    for (format, path) in &destination.reports {
        if let Err(error) = write_file(outcome, format, path, destination.tokens) {
            unwritten = true;
            surroundings.complain(&format!("cannot write the {} report to {}: {error}", format.name, path.display()));
        }
    }
    if destination.format.name == "github" {
        summarise(outcome, surroundings);
    }
    exit_code(outcome.document.verdict, destination, unwritten)
}

fn write_file(outcome: &Outcome, format: &Format, path: &PathBuf, tokens: Option<usize>) -> io::Result<()> {
    let mut bytes = Vec::new();
    (format.render)(outcome, &Style { tokens, ..Style::default() }, &mut bytes)?;
    std::fs::write(path, bytes)
}

/// Appends to the page that the runner shows; a missing page is a warning and changes nothing.
fn summarise(outcome: &Outcome, surroundings: &Surroundings) {
    let Some(page) = surroundings.variable("GITHUB_STEP_SUMMARY") else { return };
    let append = std::fs::OpenOptions::new().append(true).create(true).open(page);
    if let Err(error) = append.and_then(|mut file| file.write_all(step_summary(outcome).as_bytes())) {
        surroundings.complain(&format!("cannot write the step summary: {error}"));
    }
}

/// Writes a saved input; a decision that cannot be replayed although somebody asked for that is an error.
pub(super) fn write_saved(saved: &SavedInput, file: &Path) -> Result<(), Error> {
    let failed = |source| Error::Output { target: file.display().to_string(), source };
    let mut out = io::BufWriter::new(std::fs::File::create(file).map_err(failed)?);
    serde_json::to_writer(&mut out, saved).map_err(|error| failed(error.into()))?;
    out.flush().map_err(failed)
}

/// A reader that went away is no fault of what was written.
pub(super) fn closed(error: io::Error) -> Result<(), Error> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Error::Output { target: "standard output".to_owned(), source: error }),
    }
}

/// A pass whose reports could not be written is undecided: somebody counted on them.
fn exit_code(verdict: Verdict, destination: &Destination, unwritten: bool) -> u8 {
    let reported = verdict == Verdict::Review && destination.review_reports;
    let verdict = if reported { Verdict::Pass } else { verdict };
    let verdict = if verdict == Verdict::Pass && unwritten { Verdict::Undecided } else { verdict };
    if destination.exit_zero { 0 } else { verdict.exit_code() }
}
