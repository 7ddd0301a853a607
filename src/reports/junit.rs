//! JUnit XML: findings as failed test cases, for the page of tests that CI systems have.
//!
//! Owns which case a finding, a requirement or a reason becomes. One suite a rule; the class of a case is the rule and its
//! name the place, because GitLab shows and compares exactly these two. The shape is that of Jenkins' `junit-10.xsd`, so
//! there is no attribute beyond it. A report has a failed case exactly when the verdict is not `pass`.

use std::collections::BTreeMap;
use std::io;

use super::layout::next::summary;
use super::layout::tally::Tally;
use super::layout::text::clip;
use super::layout::words;
use super::{Format, Style};
use crate::finding::{Finding, Severity, Status};
use crate::outcome::Outcome;
use crate::review::Requirement;
use crate::untrusted::{terminal, terminal_lines, xml};
use crate::verdict::Verdict;

/// The row of the list of formats.
pub const FORMAT: Format = Format { name: "junit", about: "JUnit XML, for a CI system's page of tests", render };

/// No text from outside takes more characters than this in one place.
const LONGEST: usize = 2_000;
/// No name of a case takes more characters than this.
const NAME: usize = 500;
/// No more bytes of cases are written; GitLab reads files of up to 30 MB.
const BYTES: usize = 20_000_000;

/// How a case ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Passed,
    Skipped,
    Failed,
    Error,
}

/// One test case, not escaped yet.
struct Case {
    class: String,
    name: String,
    end: End,
    /// A word for the kind of failure.
    kind: &'static str,
    message: String,
    text: String,
}

fn render(outcome: &Outcome, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(document(outcome).as_bytes())
}

/// Returns the document: what could not be checked, then who must approve, then findings, and what was checked at all.
fn document(outcome: &Outcome) -> String {
    let tally = Tally::of(outcome);
    let mut cases: Vec<Case> = outcome.document.completeness.reasons.iter().map(undecided).collect();
    cases.extend(outcome.document.review.requirements.iter().map(requirement));
    let mut findings: Vec<&Finding> = tally.shown.clone();
    findings.sort_by_cached_key(|finding| finding.order());
    cases.extend(findings.into_iter().map(|finding| of_finding(finding, outcome)));
    cases.push(checked(outcome, &tally));
    if outcome.document.verdict != Verdict::Pass
        && cases.iter().all(|case| !matches!(case.end, End::Failed | End::Error))
    {
        cases.push(verdict(outcome, &tally));
    }
    written(&named_apart(cases))
}

/// Returns the cases with no class and name twice: GitLab would show the first and drop the others.
fn named_apart(mut cases: Vec<Case>) -> Vec<Case> {
    let mut taken: BTreeMap<(String, String), u32> = BTreeMap::new();
    for case in &mut cases {
        // What differs only where it is cut, or before it is made visible, is the same name to a reader.
        (case.class, case.name) = (clip(&terminal(&case.class), NAME), clip(&terminal(&case.name), NAME));
        let plain = case.name.clone();
        // Counted on from the last one, or thousands of equal names would be tried thousands of times.
        let mut number = taken.get(&(case.class.clone(), plain.clone())).copied().unwrap_or(0);
        while taken.contains_key(&(case.class.clone(), case.name.clone())) {
            number += 1;
            case.name = format!("{plain} ({})", number + 1);
        }
        taken.insert((case.class.clone(), plain), number);
        taken.entry((case.class.clone(), case.name.clone())).or_insert(0);
    }
    cases
}

/// One suite's rows and how they ended.
#[derive(Default)]
struct Suite {
    rows: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Suite {
    fn add(&mut self, case: &Case, row: &str) {
        self.rows.push_str(row);
        self.tests += 1;
        match case.end {
            End::Passed => {}
            End::Skipped => self.skipped += 1,
            End::Failed => self.failures += 1,
            End::Error => self.errors += 1,
        }
    }
}

fn written(cases: &[Case]) -> String {
    let mut suites: BTreeMap<&str, Suite> = BTreeMap::new();
    let (mut bytes, mut left_out) = (0, 0);
    for case in cases {
        let row = row(case);
        // The cases that say what was checked, and how it ended, are short and always there.
        if bytes + row.len() > BYTES && case.class != OWN {
            left_out += 1;
            continue;
        }
        bytes += row.len();
        suites.entry(&case.class).or_default().add(case, &row);
    }
    if left_out > 0 {
        let about = format!("{left_out} of {} cases, the least severe ones, were left out of this file", cases.len());
        let case = own("what was left out", End::Skipped, about);
        suites.entry(OWN).or_default().add(&case, &row(&case));
    }
    let sum = |count: fn(&Suite) -> usize| suites.values().map(count).sum::<usize>();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!(
        "<testsuites name=\"portcullis\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
        sum(|suite| suite.tests),
        sum(|suite| suite.failures),
        sum(|suite| suite.errors)
    ));
    for (name, Suite { rows, tests, failures, errors, skipped }) in &suites {
        out.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
             skipped=\"{skipped}\">\n{rows}  </testsuite>\n",
            xml(name)
        ));
    }
    out + "</testsuites>\n"
}

fn row(case: &Case) -> String {
    let Case { class, name, kind, message, text, .. } = case;
    let head = format!("    <testcase classname=\"{}\" name=\"{}\"", xml(class), xml(name));
    let lines = |text: &str| terminal_lines(text).iter().map(|line| xml(line)).collect::<Vec<_>>().join("\n");
    let ended = |word: &str| {
        let (message, text) = (xml(&clip(message, LONGEST)), lines(text));
        format!("{head}>\n      <{word} type=\"{kind}\" message=\"{message}\">{text}</{word}>\n    </testcase>\n")
    };
    match case.end {
        End::Passed if text.is_empty() => format!("{head}/>\n"),
        End::Passed => format!("{head}>\n      <system-out>{}</system-out>\n    </testcase>\n", lines(text)),
        End::Skipped => ended("skipped"),
        End::Failed => ended("failure"),
        End::Error => ended("error"),
    }
}

/// The class of cases about the run itself.
const OWN: &str = "portcullis";

fn own(name: &str, end: End, about: String) -> Case {
    Case { class: OWN.to_owned(), name: name.to_owned(), end, kind: "verdict", message: about.clone(), text: about }
}

/// A run without findings has a case too, or CI systems would call it a run without tests.
fn checked(outcome: &Outcome, tally: &Tally<'_>) -> Case {
    let (evaluated, change) = (&outcome.document.evaluated, &outcome.document.change);
    let mut about = vec![format!(
        "{} files (+{} -{} lines), {} parsed, against {} rules in {} packs",
        evaluated.files, change.added, change.removed, evaluated.parsed, evaluated.rules, evaluated.packs
    )];
    let counts = [
        (tally.waived, "waived"),
        (tally.excepted, "excepted"),
        (tally.observed, "only observed"),
        (usize::try_from(evaluated.carried).unwrap_or(usize::MAX), "carried as old debt"),
        (outcome.document.deferred.len(), "left to CI"),
    ];
    about.extend(counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    own("what was checked", End::Passed, about.join("\n"))
}

/// A verdict that no single case stands for: warnings fail the change where the configuration says so.
fn verdict(outcome: &Outcome, tally: &Tally<'_>) -> Case {
    let about = format!("{}: {}", words::verdict(outcome.document.verdict), summary(outcome, tally));
    own("verdict", End::Failed, about)
}

fn undecided(reason: &crate::completeness::Reason) -> Case {
    let place = if reason.path.is_empty() { "the whole change" } else { reason.path.raw() };
    let (message, remedy) = (clip(reason.message.raw(), LONGEST), clip(reason.remedy.raw(), LONGEST));
    Case {
        class: format!("undecided/{}", reason.code),
        name: place.to_owned(),
        end: End::Error,
        kind: "undecided",
        text: format!("{place}\n{message}\ndo: {remedy}"),
        message,
    }
}

/// An unmet requirement is a failed case: somebody must act before the change may be merged.
fn requirement(requirement: &Requirement) -> Case {
    let layer = words::layer(requirement.layer);
    let rules: Vec<&str> = requirement.rules.iter().map(crate::finding::RuleId::as_str).collect();
    let mut text = format!(
        "{layer}: {}\n{}\nasked by: {}",
        clip(&words::step(requirement), LONGEST),
        clip(requirement.reason.raw(), LONGEST),
        clip(&rules.join(", "), LONGEST)
    );
    for approval in requirement.approvals.iter().filter(|approval| !approval.counts).take(20) {
        text.push_str(&clip(&format!("\ndoes not count: {}: {}", approval.login.raw(), approval.why_not.raw()), NAME));
    }
    Case {
        class: "review".to_owned(),
        name: format!("{layer} by {}", words::who(requirement)),
        end: if requirement.met { End::Passed } else { End::Failed },
        kind: "review-required",
        message: format!("{layer} needed: {}", words::step(requirement)),
        text,
    }
}

/// Only an enforced error in a change that fails is a failed case; what does not gate is skipped, with its text.
fn of_finding(finding: &Finding, outcome: &Outcome) -> Case {
    let gates = finding.status == Status::Enforced
        && finding.severity == Severity::Error
        && matches!(outcome.document.verdict, Verdict::Fail | Verdict::Undecided);
    let advisory = if finding.status == Status::Advisory { "advisory " } else { "" };
    let place = words::place(finding);
    let place = if place.is_empty() { "the whole change".to_owned() } else { place };
    let message = clip(finding.message.raw(), LONGEST);
    let mut text = format!("{place}\n{advisory}{}: {message}", finding.severity.word());
    for also in finding.related.iter().take(20) {
        text.push_str(&clip(&format!("\nand {}:{} {}", also.path.raw(), also.line, also.message.raw()), NAME));
    }
    for (head, about) in [("why", &finding.rationale), ("fix", &finding.fix)] {
        if !about.is_empty() {
            text.push_str(&format!("\n{head}: {}", clip(about.raw(), LONGEST)));
        }
    }
    Case {
        class: finding.rule.as_str().to_owned(),
        name: place,
        end: if gates { End::Failed } else { End::Skipped },
        kind: finding.severity.word(),
        message: format!("{advisory}{}: {message}", finding.severity.word()),
        text,
    }
}
