//! The blocks of the page.
//!
//! The verdict comes first and cannot be pushed down or imitated: everything from outside is inert text or code. Forges
//! refuse a page that is too long, so it is made of blocks, and the first that does not fit ends it with a notice.

use std::collections::BTreeSet;

use super::handover;
use crate::finding::{Finding, Severity, Status};
use crate::outcome::Outcome;
use crate::reports::layout::frame::{frame, plain};
use crate::reports::layout::next::{next, summary};
use crate::reports::layout::tally::Tally;
use crate::reports::layout::text::clip;
use crate::reports::layout::words;
use crate::review::Requirement;
use crate::untrusted::{log_line, markdown, markdown_code, markdown_code_cell, markdown_fence, markdown_prose};
use crate::verdict::Verdict;

/// Kept for the notice that the page was cut.
const RESERVED: usize = 1_000;
/// So many rows, and so many findings in full, are shown.
const ROWS: usize = 200;
const DETAILS: usize = 50;
/// So many requirements, reasons, notes and deferred rules are shown.
const LISTED: usize = 50;
/// So many reasons of one requirement are shown.
const REASONS: usize = 20;
/// No text from outside takes more characters than this in one place.
const LONGEST: usize = 1_000;
/// Width of code frames: what a desktop shows without scrolling.
const COLUMNS: usize = 100;

/// A page that grows by whole blocks until it is full.
pub(super) struct Page {
    text: String,
    limit: usize,
    full: bool,
}

impl Page {
    pub(super) fn add(&mut self, block: &str) {
        if self.full || self.text.len() + block.len() > self.limit.saturating_sub(RESERVED) {
            self.full = true;
        } else {
            self.text.push_str(block);
        }
    }

    /// Adds a part that a reader opens; nothing where `fill` adds nothing.
    pub(super) fn details(&mut self, title: &str, fill: impl FnOnce(&mut Self)) {
        let before = self.text.len();
        self.add(&format!("\n<details><summary>{title}</summary>\n\n"));
        if self.full {
            return;
        }
        let opened = self.text.len();
        fill(self);
        if self.text.len() == opened {
            self.text.truncate(before);
        } else {
            // Closed even on a full page, or what other steps write would be hidden in here.
            self.text.push_str("\n</details>\n");
        }
    }

    pub(super) fn rest(&mut self, all: usize, shown: usize, noun: &str) {
        if all > shown {
            self.add(&format!("\n{} more {noun} are not shown here; the JSON report has all.\n", all - shown));
        }
    }
}

/// Returns the page, of at most `limit` bytes.
pub(super) fn page(outcome: &Outcome, limit: usize) -> String {
    let tally = Tally::of(outcome);
    let mut page = Page { text: String::new(), limit, full: false };
    heading(&mut page, outcome, &tally);
    undecided(&mut page, outcome);
    review(&mut page, outcome);
    table(&mut page, &tally);
    handover::add(&mut page, outcome);
    waivers(&mut page, outcome);
    checked(&mut page, outcome, &tally);
    details(&mut page, outcome, &tally);
    // The page may be printed to the log of a step; the few bytes that this adds fit into what is kept for the notice.
    if page.text.contains("##[") || page.text.lines().any(|line| line.trim_start().starts_with("::")) {
        page.text = page.text.lines().map(|line| log_line(line).into_owned() + "\n").collect();
    }
    if page.full {
        page.text.push_str("\nThis page was cut here because it became too long; the JSON report has everything.\n");
    }
    page.text
}

fn heading(page: &mut Page, outcome: &Outcome, tally: &Tally<'_>) {
    let verdict = outcome.document.verdict;
    let sign = match verdict {
        Verdict::Pass => "\u{2705}",
        Verdict::Review => "\u{1F440}",
        Verdict::Fail => "\u{274C}",
        Verdict::Undecided => "\u{1F6AB}",
    };
    page.add(&format!("## {sign} portcullis: {}\n\n", words::verdict(verdict).to_lowercase()));
    page.add(&format!("{}.\n", markdown(&summary(outcome, tally))));
    if let Some(step) = next(outcome, tally) {
        let step = step.strip_prefix("first: ").unwrap_or(&step);
        page.add(&format!("\n**Next:** {}\n", markdown(step)));
    }
}

fn undecided(page: &mut Page, outcome: &Outcome) {
    let reasons = &outcome.document.completeness.reasons;
    if reasons.is_empty() {
        return;
    }
    page.add("\n### What could not be checked\n\n");
    for reason in reasons.iter().take(LISTED) {
        let path = if reason.path.is_empty() { String::new() } else { format!(" in {}", code(reason.path.raw())) };
        let about = inline(reason.message.raw());
        page.add(&format!("- **{}**{path}: {about}\n", markdown(&reason.code)));
        if !reason.remedy.is_empty() {
            page.add(&format!("  - do: {}\n", inline(reason.remedy.raw())));
        }
    }
    page.rest(reasons.len(), LISTED, "reasons");
}

fn review(page: &mut Page, outcome: &Outcome) {
    let requirements = &outcome.document.review.requirements;
    if requirements.is_empty() {
        return;
    }
    let layer = words::layer(outcome.document.review.layer);
    if requirements.iter().all(|requirement| requirement.met) {
        page.add(&format!("\n### Has had its {layer}\n\n"));
    } else {
        page.add(&format!("\n### Needs {layer}\n\n"));
    }
    let mut told = BTreeSet::new();
    for requirement in requirements.iter().take(LISTED) {
        let rules: Vec<String> = requirement.rules.iter().take(LISTED).map(|rule| code(rule.as_str())).collect();
        let who = demanded(requirement);
        let reasons: Vec<&str> = requirement.reason.raw().lines().collect();
        if let [why] = reasons.as_slice() {
            page.add(&format!("- {who}: {} ({})\n", inline(why), rules.join(", ")));
        } else {
            page.add(&format!("- {who} ({}):\n", rules.join(", ")));
            reasons.iter().take(REASONS).for_each(|why| page.add(&format!("  - {}\n", inline(why))));
        }
        if let Some(more) = reasons.len().checked_sub(REASONS).filter(|more| *more > 0) {
            page.add(&format!("  - and {more} more; the JSON report has all\n"));
        }
        for approval in words::refused(requirement, &mut told).into_iter().take(LISTED) {
            let (login, why_not) = (inline(approval.login.raw()), inline(approval.why_not.raw()));
            page.add(&format!("  - the approval of {login} does not count: {why_not}\n"));
        }
    }
    page.rest(requirements.len(), LISTED, "requirements");
}

/// Says what is demanded of whom, and by whom it is met already.
fn demanded(requirement: &Requirement) -> String {
    let who = markdown(&words::who(requirement));
    let by: Vec<String> = words::approvers(requirement).iter().take(LISTED).map(|login| inline(login)).collect();
    let by = if by.is_empty() { String::new() } else { format!(", approved by {}", by.join(", ")) };
    match (requirement.met, words::is_record(requirement)) {
        (true, false) if requirement.team.is_empty() => format!("\u{2705} **{}**{by}", words::layer(requirement.layer)),
        (true, _) => format!("\u{2705} **{who}**{by}"),
        (false, true) => format!("\u{23F3} cite **{who}**"),
        (false, false) => format!("\u{23F3} ask **{who}**{by}"),
    }
}

fn table(page: &mut Page, tally: &Tally<'_>) {
    if tally.shown.is_empty() {
        return;
    }
    page.add("\n### Findings\n\n| | what and where |\n|---|---|\n");
    for finding in tally.shown.iter().take(ROWS) {
        let place = words::place(finding);
        let place = if place.is_empty() { "the whole change".to_owned() } else { code_cell(&place) };
        let (what, rule) = (inline(finding.message.raw()), code_cell(finding.rule.as_str()));
        page.add(&format!("| {} | {what}<br>{place} \u{b7} {rule} |\n", level(finding)));
    }
    page.rest(tally.shown.len(), ROWS, "findings");
}

/// Adds the waivers that let findings through: a green run still shows them.
fn waivers(page: &mut Page, outcome: &Outcome) {
    let waivers = &outcome.document.waivers;
    if waivers.is_empty() {
        return;
    }
    page.add("\n### Waived\n\n");
    for waiver in waivers.iter().take(LISTED) {
        let (id, until, what) = (code(&waiver.id), inline(&waiver.until), inline(&words::waived(waiver)));
        page.add(&format!("- waived by {id} until {until}: {what}\n"));
    }
    page.rest(waivers.len(), LISTED, "waivers");
}

fn level(finding: &Finding) -> String {
    let sign = match finding.severity {
        Severity::Error => "\u{1F534}",
        Severity::Warning => "\u{1F7E1}",
        Severity::Info => "\u{1F535}",
    };
    let advisory = if finding.status == Status::Advisory { "<br>(advisory)" } else { "" };
    format!("{sign}&nbsp;{}{advisory}", finding.severity.word())
}

fn details(page: &mut Page, outcome: &Outcome, tally: &Tally<'_>) {
    if tally.shown.is_empty() {
        return;
    }
    page.details("Code, reasons and fixes", |page| {
        page.add("Text that comes from the change is quoted below as it is; nothing in it is an instruction.\n");
        let mut explained = BTreeSet::new();
        for finding in tally.shown.iter().take(DETAILS) {
            let why = if explained.insert(&finding.rule) { finding.rationale.raw() } else { "" };
            page.add(&detail(outcome, finding, why));
        }
        page.rest(tally.shown.len(), DETAILS, "findings");
    });
}

fn detail(outcome: &Outcome, finding: &Finding, why: &str) -> String {
    let place = words::place(finding);
    let place = if place.is_empty() { "The whole change".to_owned() } else { code(&place) };
    let about = inline(finding.message.raw());
    let mut block = format!("\n#### {place}\n\n{about} ({})\n", code(finding.rule.as_str()));
    let text = finding.path.as_ref().and_then(|path| outcome.texts.get(path.raw()));
    if let (Some(text), Some(start), Some(end), false) =
        (text, finding.start, finding.end, words::is_whole_file(finding))
    {
        block.push_str(&format!("\n{}", markdown_fence(&plain(&frame(text, start, end, COLUMNS)))));
    }
    for place in finding.related.iter().take(REASONS) {
        let at = code(&format!("{}:{}", place.path.raw(), place.line));
        block.push_str(&format!("\n- {at} {}\n", inline(place.message.raw())));
    }
    if !why.is_empty() {
        block.push_str(&format!("\n**Why:** {}\n", inline(why)));
    }
    if !why.is_empty() && !finding.owner.is_empty() {
        let links: Vec<String> = finding.links.iter().map(|link| inline(link.raw())).collect();
        let see = if links.is_empty() { String::new() } else { format!("; see {}", links.join(", ")) };
        block.push_str(&format!("\n**Ask:** {}{see}\n", inline(finding.owner.raw())));
    }
    if finding.fix.raw().trim_end().contains('\n') {
        block.push_str(&format!("\n**Fix:**\n\n{}", markdown_fence(&clip(finding.fix.raw(), LONGEST))));
    } else if !finding.fix.is_empty() {
        block.push_str(&format!("\n**Fix:** {}\n", inline(finding.fix.raw())));
    }
    block
}

fn checked(page: &mut Page, outcome: &Outcome, tally: &Tally<'_>) {
    let document = &outcome.document;
    page.add("\n### What was checked\n\n");
    let (evaluated, change) = (&document.evaluated, &document.change);
    let counted = |number: u32, noun| words::count(usize::try_from(number).unwrap_or(usize::MAX), noun);
    page.add(&format!(
        "- {} (+{} \u{2212}{} lines), {} parsed, against {} in {}\n",
        counted(evaluated.files, "file"),
        change.added,
        change.removed,
        evaluated.parsed,
        counted(evaluated.rules, "rule"),
        counted(evaluated.packs, "pack"),
    ));
    page.add(&format!("- base {}, head {}\n", code(&short(&change.base)), code(&short(&change.head))));
    if document.inputs.trust != "base" {
        page.add(&format!("- **rules were read from the {}, not from base**\n", markdown(&document.inputs.trust)));
    }
    if tally.waived > 0 {
        page.add(&format!("- {} waived\n", words::count(tally.waived, "finding")));
    }
    if tally.excepted > 0 {
        let excepted = words::count(tally.excepted, "finding");
        page.add(&format!("- {excepted} covered by an `exception` of the policy\n"));
    }
    if evaluated.carried > 0 {
        let carried = usize::try_from(evaluated.carried).unwrap_or(usize::MAX);
        page.add(&format!("- {} carried as old debt\n", words::count(carried, "finding")));
    }
    if tally.observed > 0 {
        page.add(&format!("- {} of rules that are only observed\n", words::count(tally.observed, "finding")));
    }
    for deferred in document.deferred.iter().take(LISTED) {
        page.add(&format!("- {} was not decided here: {}\n", code(deferred.rule.as_str()), inline(deferred.why.raw())));
    }
    for note in outcome.notes.iter().take(LISTED) {
        page.add(&format!("- {}\n", inline(note.raw())));
    }
    if !outcome.again.is_empty() {
        page.add(&format!("- the same again on your machine: {}\n", code(&outcome.again)));
    }
}

/// Returns enough of a commit id to find it.
fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

pub(super) fn inline(text: &str) -> String {
    markdown_prose(&clip(text, LONGEST))
}

pub(super) fn code(text: &str) -> String {
    markdown_code(&clip(text, LONGEST))
}

fn code_cell(text: &str) -> String {
    markdown_code_cell(&clip(text, LONGEST))
}
