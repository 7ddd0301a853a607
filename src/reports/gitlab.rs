//! GitLab Code Quality: the artifact behind the widget of a merge request.
//!
//! One row a finding that is shown and stands in a file; the format has no place for the rest (the verdict, requirements,
//! what could not be checked), and GitLab compares rows of two reports by fingerprint, so none is left out for length.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::layout::text::clip;
use super::{Format, Style};
use crate::finding::{Finding, Severity, Status, collapse};
use crate::outcome::Outcome;
use crate::untrusted::{terminal, write_json};

/// The row of the list of formats.
pub const FORMAT: Format = Format { name: "gitlab", about: "GitLab Code Quality, for an artifact", render };

/// No description takes more characters than this.
const LONGEST: usize = 2_000;

/// One row, with the keys that GitLab reads.
#[derive(Serialize)]
struct Row {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

fn render(outcome: &Outcome, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    write_json(&rows(outcome), out)
}

/// Returns the rows, worst first. Waived and observed findings are no news for whoever reads the widget.
fn rows(outcome: &Outcome) -> Vec<Row> {
    let open = |finding: &&Finding| finding.waived_by.is_none() && finding.status >= Status::Advisory;
    let mut findings: Vec<&Finding> = outcome.document.findings.iter().filter(open).collect();
    findings.sort_by_cached_key(|finding| finding.order());
    let mut seen = BTreeMap::new();
    findings.into_iter().filter_map(|finding| row(finding, &mut seen)).collect()
}

fn row<'a>(finding: &'a Finding, seen: &mut BTreeMap<&'a str, usize>) -> Option<Row> {
    let path = finding.path.as_ref()?;
    // GitLab wants no fingerprint twice in one file; a second row of the same one keeps its number in the order.
    let earlier = seen.entry(&finding.fingerprint).and_modify(|earlier| *earlier += 1).or_insert(0);
    let fingerprint = match *earlier {
        0 => finding.fingerprint.clone(),
        earlier => format!("{}-{earlier}", finding.fingerprint),
    };
    Some(Row {
        description: description(finding),
        check_name: finding.rule.as_str().to_owned(),
        fingerprint,
        severity: severity(finding),
        location: Location {
            path: in_the_tree(path.raw()),
            lines: Lines { begin: finding.start.map_or(1, |start| start.line.max(1)) },
        },
    })
}

/// Returns what is wrong and what to do, in one line: the widget has no more.
fn description(finding: &Finding) -> String {
    let mut about = collapse(finding.message.raw());
    if about.is_empty() {
        // GitLab wants one in every row.
        about.push_str(finding.rule.as_str());
    }
    if !finding.fix.is_empty() {
        about.push_str(" - fix: ");
        about.push_str(&collapse(finding.fix.raw()));
    }
    clip(&terminal(&about), LONGEST)
}

/// Only what blocks is critical; advisory findings never gate.
fn severity(finding: &Finding) -> &'static str {
    match (finding.status, finding.severity) {
        (_, Severity::Info) => "info",
        (Status::Enforced, Severity::Error) => "critical",
        (Status::Enforced, Severity::Warning) => "major",
        (_, Severity::Error | Severity::Warning) => "minor",
    }
}

/// Returns the name as git has it, so that GitLab finds the file; bytes that are no text stay `\xNN`.
fn in_the_tree(wire: &str) -> String {
    wire.replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::in_the_tree;

    #[test]
    fn a_backslash_is_one_again_and_a_byte_that_is_no_text_stays_escaped() {
        assert_eq!(in_the_tree("a\\\\b"), "a\\b");
        assert_eq!(in_the_tree("a\\xFFb"), "a\\xFFb");
    }
}
