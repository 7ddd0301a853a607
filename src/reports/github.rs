//! The report inside GitHub Actions: annotations as workflow commands, then the report for a terminal made harmless.
//!
//! The runner shows ten annotations of each kind a step, so the worst come first and the rest is counted. The page that
//! the step appends to `GITHUB_STEP_SUMMARY` is that of `markdown`.

use std::io;

use super::layout::tally::Tally;
use super::layout::text::clip;
use super::layout::words;
use super::{Format, Style, human};
use crate::finding::{Finding, Severity, Status};
use crate::outcome::Outcome;
use crate::untrusted::{workflow_data, workflow_plain, workflow_property};

/// The row of the list of formats.
pub const FORMAT: Format =
    Format { name: "github", about: "for GitHub Actions: annotations and a harmless log", render };

/// The runner shows so many annotations of one kind a step.
const SHOWN: usize = 10;
/// No message takes more characters than this; the runner cuts at 64 KB.
const LONGEST: usize = 2_000;
/// No title takes more characters than this; GitHub cuts at 255.
const TITLE: usize = 200;

/// The kinds of annotation, worst first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Error,
    Warning,
    Notice,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }

    /// Advisory findings never gate, so they are not dressed as errors.
    fn of(finding: &Finding) -> Self {
        match finding.severity {
            _ if finding.status != Status::Enforced => Self::Notice,
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Notice,
        }
    }
}

/// One annotation, not escaped yet.
struct Annotation {
    kind: Kind,
    place: Vec<(&'static str, String)>,
    title: String,
    message: String,
}

impl Annotation {
    /// Returns the command for the runner, one line.
    fn command(&self) -> String {
        let mut properties: Vec<String> =
            self.place.iter().map(|(key, value)| format!("{key}={}", workflow_property(value))).collect();
        properties.push(format!("title={}", workflow_property(&clip(&self.title, TITLE))));
        format!("::{} {}::{}", self.kind.word(), properties.join(","), workflow_data(&clip(&self.message, LONGEST)))
    }
}

fn render(outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut left_out = 0;
    let annotations = annotations(outcome);
    for kind in Kind::ALL {
        // The last notice is kept for the count of what is not shown.
        let room = if kind == Kind::Notice { SHOWN - 1 } else { SHOWN };
        let of_kind: Vec<&Annotation> = annotations.iter().filter(|annotation| annotation.kind == kind).collect();
        left_out += of_kind.len().saturating_sub(room);
        for annotation in of_kind.into_iter().take(room) {
            writeln!(out, "{}", annotation.command())?;
        }
    }
    if left_out > 0 {
        let all = words::count(annotations.len(), "annotation");
        let message = format!("{left_out} of {all} not shown here; the log, the summary and the JSON report have more");
        writeln!(out, "::notice title=portcullis::{}", workflow_data(&message))?;
    }
    let mut log = Vec::new();
    (human::FORMAT.render)(outcome, &Style { colour: false, ..*style }, &mut log)?;
    for line in String::from_utf8_lossy(&log).split_terminator('\n') {
        writeln!(out, "{}", workflow_plain(line))?;
    }
    Ok(())
}

/// Returns what could not be checked, then findings worst first, then who must approve.
fn annotations(outcome: &Outcome) -> Vec<Annotation> {
    let document = &outcome.document;
    let mut annotations = Vec::new();
    for reason in &document.completeness.reasons {
        let place = if reason.path.is_empty() { vec![] } else { vec![("file", reason.path.raw().to_owned())] };
        let title = format!("undecided: {}", reason.code);
        let message = format!("{}\ndo: {}", reason.message.raw(), reason.remedy.raw());
        annotations.push(Annotation { kind: Kind::Error, place, title, message });
    }
    annotations.extend(Tally::of(outcome).shown.into_iter().map(of_finding));
    for requirement in document.review.requirements.iter().filter(|requirement| !requirement.met) {
        let title = format!("{} needed", words::layer(requirement.layer));
        let message = format!("{}\n{}", words::step(requirement), requirement.reason.raw());
        annotations.push(Annotation { kind: Kind::Warning, place: Vec::new(), title, message });
    }
    annotations
}

fn of_finding(finding: &Finding) -> Annotation {
    let advisory = if finding.status == Status::Advisory { "advisory: " } else { "" };
    let fix = if finding.fix.is_empty() { String::new() } else { format!("\nfix: {}", finding.fix.raw()) };
    Annotation {
        kind: Kind::of(finding),
        place: place(finding),
        title: format!("{advisory}{}", finding.rule),
        message: format!("{}{fix}", finding.message.raw()),
    }
}

/// Returns the properties that place an annotation; GitHub takes columns only within one line.
fn place(finding: &Finding) -> Vec<(&'static str, String)> {
    let Some(path) = &finding.path else { return Vec::new() };
    let mut place = vec![("file", path.raw().to_owned())];
    let Some(start) = finding.start else { return place };
    place.push(("line", start.line.to_string()));
    let end = finding.end.unwrap_or(start);
    let last = if end.column <= 1 && end.line > start.line { end.line - 1 } else { end.line };
    place.push(("endLine", last.max(start.line).to_string()));
    if end.line == start.line && end.column > start.column {
        place.push(("col", start.column.to_string()));
        place.push(("endColumn", end.column.to_string()));
    }
    place
}
