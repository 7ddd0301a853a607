//! The outcome -> what is written to a forge.
//!
//! Owns the words of status, check and labels. Must not judge: it says in other places what the verdict says. A red or
//! green mark stands only for what was decided; while people are awaited, nothing is green that could be required.

use crate::finding::{Finding, Severity, Status as RuleStatus};
use crate::forge::publication::{Annotation, Check, LABEL_PREFIX, Publication, Reviewers, Sarif, Status, StatusState};
use crate::outcome::Outcome;
use crate::reports::markdown::{CHECK_BYTES, comment, page_of};
use crate::reports::{Style, sarif};
use crate::review::Requirement;
use crate::untrusted::{markdown_prose, terminal, terminal_lines};
use crate::verdict::Verdict;

/// Longest description of a commit status, in characters.
const DESCRIPTION: usize = 140;

/// Longest title of an annotation, in characters.
const TITLE: usize = 200;

/// Longest text of an annotation, in characters; GitHub takes 64 KB.
const MESSAGE: usize = 4_000;

/// The most annotations that are sent.
const ANNOTATIONS: usize = 500;

/// Which parts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The commit status `portcullis/review`.
    pub status: bool,
    /// A check run with annotations (GitHub), notes on lines (GitLab).
    pub checks: bool,
    /// The one comment.
    pub comment: bool,
    /// The gate's own labels.
    pub labels: bool,
    /// Requests for review.
    pub reviewers: bool,
    /// The SARIF document.
    pub sarif: bool,
}

impl Parts {
    /// Says whether anything is written at all.
    #[must_use]
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// Where it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// `github` or `gitlab`.
    pub kind: &'static str,
    /// Number of the request, or 0.
    pub number: u64,
    /// Full id of the commit that status and check stand at.
    pub head: String,
    /// Full id of the commit that it was compared with.
    pub base: String,
    /// Where more is said (the CI job), or empty.
    pub more: String,
    /// Git reference of the request's head.
    pub reference: String,
    /// Why the commit is not shown as good, or as waiting for people only, although its change may be; or none.
    pub withheld: Option<String>,
}

/// Returns what is written.
#[must_use]
pub fn compose(outcome: &Outcome, parts: Parts, place: &Place) -> Publication {
    Publication {
        number: place.number,
        head: place.head.clone(),
        base: place.base.clone(),
        status: parts.status.then(|| status(outcome, place)),
        check: (parts.checks && place.kind != "gitlab").then(|| check(outcome, place)),
        comment: parts.comment.then(|| comment(outcome)),
        labels: parts.labels.then(|| labels(outcome)),
        reviewers: parts.reviewers.then(|| reviewers(outcome)),
        sarif: parts.sarif.then(|| document(outcome, place)),
        line_notes: (parts.checks && place.kind == "gitlab").then(|| annotations(outcome, markdown_prose)),
    }
}

/// Returns what takes back an older success while the change is judged anew.
#[must_use]
pub fn retraction(place: &Place) -> Publication {
    let status = Status {
        state: StatusState::Pending,
        description: "being judged again".to_owned(),
        target_url: place.more.clone(),
        retracts: true,
    };
    Publication { number: place.number, head: place.head.clone(), status: Some(status), ..Publication::default() }
}

/// Returns what is written where a run ended without a verdict: what was said of the commit before is true no more.
#[must_use]
pub fn unjudged(parts: Parts, place: &Place) -> Publication {
    let title = "it could not be judged; see the job";
    let summary = "The run ended before there was a verdict. The log of the job says why.";
    let status = || Status {
        state: StatusState::Error,
        description: title.to_owned(),
        target_url: place.more.clone(),
        retracts: false,
    };
    let check = || Check {
        conclusion: "failure",
        title: title.to_owned(),
        summary: summary.to_owned(),
        annotations: Vec::new(),
    };
    Publication {
        number: place.number,
        head: place.head.clone(),
        status: parts.status.then(status),
        check: (parts.checks && place.kind != "gitlab").then(check),
        ..Publication::default()
    }
}

fn status(outcome: &Outcome, place: &Place) -> Status {
    let document = &outcome.document;
    let unmet: Vec<&Requirement> = document.review.requirements.iter().filter(|one| !one.met).collect();
    let (state, description) = match document.verdict {
        Verdict::Pass | Verdict::Review if place.withheld.is_some() => {
            (StatusState::Error, place.withheld.clone().unwrap_or_default())
        }
        Verdict::Pass if document.review.requirements.is_empty() => {
            (StatusState::Success, "no review beyond the gate is needed".to_owned())
        }
        Verdict::Pass => (StatusState::Success, "everyone who must approve has approved".to_owned()),
        Verdict::Review => (StatusState::Pending, format!("waiting for {}", awaited(&unmet))),
        Verdict::Fail => (StatusState::Failure, "a rule is violated; see the findings".to_owned()),
        Verdict::Undecided => (StatusState::Error, "something could not be checked; see the reasons".to_owned()),
    };
    let description = clipped(&description, DESCRIPTION);
    Status { state, description, target_url: place.more.clone(), retracts: false }
}

/// Names who is awaited, deepest layer first.
fn awaited(unmet: &[&Requirement]) -> String {
    let names = unmet.iter().map(|requirement| {
        let given = requirement.approvals.iter().filter(|approval| approval.counts).count();
        let who = match (requirement.count, requirement.team.is_empty()) {
            (0, _) => return "a decision record".to_owned(),
            (_, true) if requirement.layer > 2 => "architecture review".to_owned(),
            (_, true) => "team review".to_owned(),
            (_, false) => requirement.team.terminal(),
        };
        if requirement.count > 1 { format!("{who} ({given} of {})", requirement.count) } else { who }
    });
    names.collect::<Vec<_>>().join(", ")
}

fn check(outcome: &Outcome, place: &Place) -> Check {
    // A check run shows its annotations as plain text.
    let annotations = annotations(outcome, |text| terminal_lines(text).join("\n"));
    let verdict = outcome.document.verdict;
    let withheld = place.withheld.as_ref().filter(|_| matches!(verdict, Verdict::Pass | Verdict::Review));
    let conclusion = match verdict {
        _ if withheld.is_some() => "failure",
        Verdict::Pass => "success",
        // Neither green nor neutral: both would let a change through where only this check is required.
        Verdict::Review => "action_required",
        Verdict::Fail | Verdict::Undecided => "failure",
    };
    let unmet: Vec<&Requirement> = outcome.document.review.requirements.iter().filter(|one| !one.met).collect();
    let errors = outcome.document.findings.iter().filter(|finding| blocks(finding)).count();
    let title = match verdict {
        _ if withheld.is_some() => withheld.cloned().unwrap_or_default(),
        Verdict::Pass => "pass".to_owned(),
        Verdict::Review => format!("waiting for {}", awaited(&unmet)),
        Verdict::Fail => format!("{errors} to fix"),
        Verdict::Undecided => "something could not be checked".to_owned(),
    };
    Check { conclusion, title: clipped(&title, TITLE), summary: page_of(outcome, CHECK_BYTES), annotations }
}

fn blocks(finding: &Finding) -> bool {
    finding.status == RuleStatus::Enforced && finding.waived_by.is_none() && finding.severity == Severity::Error
}

/// `escape` makes a text harmless where the annotation is shown.
fn annotations(outcome: &Outcome, escape: impl Fn(&str) -> String) -> Vec<Annotation> {
    let findings = outcome.document.findings.iter();
    let shown = findings.filter(|finding| finding.waived_by.is_none() && finding.status >= RuleStatus::Advisory);
    shown.filter_map(|finding| annotation(finding, &escape)).take(ANNOTATIONS).collect()
}

fn annotation(finding: &Finding, escape: &dyn Fn(&str) -> String) -> Option<Annotation> {
    let (path, start) = (finding.path.as_ref()?, finding.start?);
    let end = finding.end.unwrap_or(start);
    let last = if end.column <= 1 && end.line > start.line { end.line.saturating_sub(1) } else { end.line };
    let one_line = end.line == start.line && end.column > start.column;
    let level = match finding.severity {
        _ if finding.status != RuleStatus::Enforced => "notice",
        Severity::Error => "failure",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let fix = if finding.fix.is_empty() { String::new() } else { format!("\nfix: {}", finding.fix.raw()) };
    Some(Annotation {
        path: path.raw().to_owned(),
        old_path: path.raw().to_owned(),
        start_line: start.line,
        end_line: last.max(start.line),
        start_column: if one_line { start.column } else { 0 },
        end_column: if one_line { end.column.saturating_sub(1) } else { 0 },
        level,
        title: clipped(&terminal(finding.rule.as_str()), TITLE),
        message: escape(&clipped(&format!("{}{fix}", finding.message.raw()), MESSAGE)),
        fingerprint: finding.fingerprint.clone(),
    })
}

fn labels(outcome: &Outcome) -> Vec<String> {
    let document = &outcome.document;
    let verdict = document.verdict.word();
    let mut labels = vec![format!("{LABEL_PREFIX}{verdict}"), format!("{LABEL_PREFIX}layer-{}", document.review.layer)];
    if outcome.handover.ai_added > 0 {
        labels.push(format!("{LABEL_PREFIX}ai-assisted"));
    }
    labels.sort();
    labels
}

/// Returns who is asked: the handles of those whose approval is still missing.
fn reviewers(outcome: &Outcome) -> Reviewers {
    let mut reviewers = Reviewers::default();
    for handle in &outcome.ask {
        let Some(name) = handle.raw().strip_prefix('@') else { continue };
        let list = if name.contains('/') { &mut reviewers.teams } else { &mut reviewers.people };
        list.push(name.to_owned());
    }
    for list in [&mut reviewers.people, &mut reviewers.teams] {
        list.sort();
        list.dedup();
    }
    reviewers
}

fn document(outcome: &Outcome, place: &Place) -> Sarif {
    let mut bytes = Vec::new();
    let style = Style::default();
    // Writing into memory does not fail; an empty document would be refused by the forge, with a line that says so.
    let text = match (sarif::FORMAT.render)(outcome, &style, &mut bytes) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => String::new(),
    };
    Sarif { text, reference: place.reference.clone() }
}

fn clipped(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest.saturating_sub(1)).chain(['\u{2026}']).collect()
}
