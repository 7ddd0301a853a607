//! The findings of the report for a terminal: headline, place, code frame, why, fix.

use std::collections::BTreeMap;

use super::{LONGEST, Page, SHOWN};
use crate::enforcement::waivers::GUARDS;
use crate::finding::{Finding, Position, RuleId, SourceKind, Status};
use crate::outcome::Outcome;
use crate::reports::layout::frame::{Line, frame};
use crate::reports::layout::paint::Ink;
use crate::reports::layout::tally::Tally;
use crate::reports::layout::text::{clip, width, wrap};
use crate::reports::layout::words;

/// So many lines of a fix are shown.
const FIX_LINES: usize = 20;
/// So many other places of one finding are shown.
const RELATED: usize = 20;

/// Adds every shown finding, up to the cap.
pub(super) fn all(page: &mut Page, outcome: &Outcome, tally: &Tally<'_>) {
    // The same rule is explained once; the same advice is not given twice running.
    let mut said: BTreeMap<&RuleId, &str> = BTreeMap::new();
    for finding in tally.shown.iter().copied().take(SHOWN) {
        page.gap();
        headline(page, finding);
        place(page, outcome, finding);
        related(page, finding);
        if !finding.rationale.is_empty() && !said.contains_key(&finding.rule) {
            page.hang(Ink::Strong, "   why: ", &finding.rationale.terminal_lines().join(" "));
        }
        if !finding.fix.is_empty() && said.get(&finding.rule) != Some(&finding.fix.raw()) {
            fix(page, finding);
        }
        if !said.contains_key(&finding.rule) {
            whom(page, finding);
        }
        fingerprint(page, outcome, finding);
        said.insert(&finding.rule, finding.fix.raw());
    }
    if tally.shown.len() > SHOWN {
        page.gap();
        page.rest(tally.shown.len(), SHOWN, "findings");
    }
}

fn headline(page: &mut Page, finding: &Finding) {
    let advisory = if finding.status == Status::Advisory { "advisory " } else { "" };
    let head = format!("{advisory}{}[{}]", finding.severity.word(), finding.rule);
    let message = clip(&finding.message.terminal_lines().join(" "), LONGEST);
    let inked = page.paint.ink(Ink::of_severity(finding.severity), &head);
    // A long rule id leaves no room for the sentence beside it.
    let beside = width(&head) * 2 <= page.width;
    let mut lines =
        if beside { wrap(&format!("{head} {message}"), page.width) } else { wrap(&message, page.width - 2) };
    let first = if beside && !lines.is_empty() { lines.remove(0) } else { String::new() };
    let rest = first.get(head.len()..).unwrap_or_default();
    page.line(&(inked + &page.paint.ink(Ink::Strong, rest)));
    for line in lines {
        page.line(&format!("  {}", page.paint.ink(Ink::Strong, &line)));
    }
}

fn place(page: &mut Page, outcome: &Outcome, finding: &Finding) {
    let Some(path) = &finding.path else { return };
    let where_to = clip(&words::place(finding), LONGEST);
    let lines = match (finding.start, finding.end, outcome.texts.get(path.raw())) {
        (Some(start), Some(end), Some(text)) if !words::is_whole_file(finding) => code(page, text, start, end),
        _ => Vec::new(),
    };
    let digits = lines.iter().filter_map(|line| line.number).max().unwrap_or(0).to_string().len();
    let gutter = " ".repeat(digits);
    page.line(&format!("{gutter}{} {where_to}", page.paint.ink(Ink::Known, "-->")));
    if lines.is_empty() {
        return;
    }
    let bar = page.paint.ink(Ink::Known, "|");
    page.line(&format!("{gutter} {bar}"));
    let label = if finding.title == finding.message { String::new() } else { finding.title.terminal_lines().join(" ") };
    let last = lines.len() - 1;
    for (at, line) in lines.iter().enumerate() {
        let label = if at == last { label.as_str() } else { "" };
        show(page, line, digits, label, Ink::of_severity(finding.severity));
    }
}

fn code(page: &Page, text: &str, start: Position, end: Position) -> Vec<Line> {
    let digits = end.line.max(start.line).to_string().len();
    frame(text, start, end, page.width.saturating_sub(digits + 3))
}

/// Adds one line of a frame and the marks below it; the label stands beside the marks when it fits.
fn show(page: &mut Page, line: &Line, digits: usize, label: &str, ink: Ink) {
    let Some(number) = line.number else {
        page.line(&page.paint.ink(Ink::Known, "..."));
        return;
    };
    let gutter = page.paint.ink(Ink::Known, &format!("{number:>digits$} |"));
    page.line(&format!("{gutter} {}", line.text));
    let room = page.width.saturating_sub(digits + 3 + line.indent + line.marked + 1);
    let label = if width(label) <= room { label } else { "" };
    let marks = format!("{} {label}", "^".repeat(line.marked));
    let gutter = page.paint.ink(Ink::Known, &format!("{} |", " ".repeat(digits)));
    page.line(&format!("{gutter} {}{}", " ".repeat(line.indent), page.paint.ink(ink, marks.trim_end())));
}

/// Adds the other places that belong to it, in their order.
fn related(page: &mut Page, finding: &Finding) {
    for place in finding.related.iter().take(RELATED) {
        let at = format!("{}:{}", place.path.terminal(), place.line);
        page.hang(Ink::Quiet, "   and ", &format!("{at} {}", place.message.terminal_lines().join(" ")));
    }
    page.rest(finding.related.len(), RELATED, "places");
}

/// Adds the team that answers for the rule, and where to read on.
fn whom(page: &mut Page, finding: &Finding) {
    let links: Vec<String> = finding.links.iter().map(|link| link.terminal()).collect();
    if !links.is_empty() && !finding.owner.is_empty() {
        page.hang(Ink::Quiet, "   see: ", &links.join(", "));
    }
    if !finding.owner.is_empty() {
        page.hang(Ink::Quiet, "   ask: ", &finding.owner.terminal());
    }
}

/// Adds what a waiver names, where one could let the finding through.
fn fingerprint(page: &mut Page, outcome: &Outcome, finding: &Finding) {
    if finding.waived_by.is_none() && finding.path.is_some() && is_waivable(outcome, finding) {
        page.hang(Ink::Quiet, "   fingerprint: ", &finding.fingerprint);
    }
}

/// Says whether a waiver could cover the finding, and is worth one: of rules outside the specification only what blocks, and
/// only where a specification governs, for waivers stand there.
fn is_waivable(outcome: &Outcome, finding: &Finding) -> bool {
    let rule = finding.rule.as_str();
    let outside = finding.status == Status::Enforced && !outcome.document.inputs.specification.is_empty();
    match finding.source.kind {
        SourceKind::Specification => ["INV-", "PRO-"].iter().any(|kind| rule.starts_with(kind)),
        SourceKind::Import => outside,
        // Of what the gate itself finds there is no rule that was loaded.
        SourceKind::Builtin | SourceKind::Policy => {
            outside && outcome.rules.contains_key(&finding.rule) && !rule.starts_with(GUARDS)
        }
    }
}

fn fix(page: &mut Page, finding: &Finding) {
    let lines = finding.fix.terminal_lines();
    for (at, line) in lines.iter().take(FIX_LINES).enumerate() {
        let blanks = line.len() - line.trim_start().len();
        let head = if at == 0 { "   fix: ".to_owned() } else { " ".repeat(8 + blanks.min(16)) };
        page.hang(Ink::Good, &head, line);
    }
    page.rest(lines.len(), FIX_LINES, "lines");
}
