//! The verdict in numbers, and the one thing to do next; the heart of every report for people. Terminal form.

use super::tally::Tally;
use super::text::clip;
use super::words::{self, count};
use crate::finding::Severity;
use crate::outcome::Outcome;
use crate::verdict::Verdict;

/// No part of the line takes more characters than this.
pub(in crate::reports) const LONGEST: usize = 200;

/// Returns the numbers that matter for this verdict.
pub(in crate::reports) fn summary(outcome: &Outcome, tally: &Tally<'_>) -> String {
    let document = &outcome.document;
    let mut parts = Vec::new();
    let reasons = document.completeness.reasons.len();
    if document.verdict == Verdict::Undecided {
        let things = if reasons == 1 { "thing".to_owned() } else { "things".to_owned() };
        parts.push(format!("{reasons} {things} could not be checked"));
    }
    let errors = tally.enforced(Severity::Error);
    let files = tally.files_with_errors();
    match (errors, files) {
        (0, _) => {}
        (_, 0) => parts.push(count(errors, "error")),
        _ => parts.push(format!("{} in {}", count(errors, "error"), count(files, "file"))),
    }
    let warnings = tally.enforced(Severity::Warning);
    if warnings > 0 {
        parts.push(count(warnings, "warning"));
    }
    let infos = tally.enforced(Severity::Info);
    if infos > 0 {
        parts.push(format!("{infos} to know"));
    }
    if tally.advisory() > 0 {
        parts.push(format!("{} advisory", tally.advisory()));
    }
    if document.verdict == Verdict::Pass {
        let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let (files, rules) = (number(document.evaluated.files), number(document.evaluated.rules));
        parts.insert(0, format!("{} held against {}", count(files, "file"), count(rules, "rule")));
    }
    if parts.is_empty() { "no violation, but people must look".to_owned() } else { parts.join(", ") }
}

/// Returns what to do next, in a few words; none when there is nothing to do.
pub(in crate::reports) fn next(outcome: &Outcome, tally: &Tally<'_>) -> Option<String> {
    let document = &outcome.document;
    let step = match document.verdict {
        Verdict::Pass => return None,
        Verdict::Fail => {
            let first = tally.shown.first()?;
            let place = words::place(first);
            if place.is_empty() { format!("fix {} first", first.rule) } else { format!("fix {place} first") }
        }
        Verdict::Review => {
            let unmet: Vec<_> = document.review.requirements.iter().filter(|requirement| !requirement.met).collect();
            let first = unmet.first()?;
            let named = !first.team.is_empty();
            let layer = if named { format!(" for {}", words::layer(first.layer)) } else { String::new() };
            let more = if unmet.len() > 1 { format!(" and {} more", unmet.len() - 1) } else { String::new() };
            format!("{}{layer}{more}", words::step(first))
        }
        Verdict::Undecided => {
            let first = document.completeness.reasons.iter().find(|reason| !reason.remedy.is_empty())?;
            format!("first: {}", first.remedy.terminal_lines().first()?)
        }
    };
    Some(clip(&step, LONGEST))
}
