//! The report for a terminal: findings worst first, then who must look, then what could not be checked, then what was
//! checked, and one last line that a busy person can act on.

use std::collections::BTreeSet;
use std::io;

use super::layout::others;
use super::layout::paint::{Ink, Paint};
use super::layout::tally::Tally;
use super::layout::text::{clip, hang};
use super::layout::words;
use super::{Format, Style};
use crate::outcome::Outcome;
use crate::untrusted::log_line;

mod finding;
mod last_line;

/// The row of the list of formats.
pub const FORMAT: Format = Format { name: "human", about: "for a terminal: code frames, why, how to fix", render };

/// So many findings are shown in full; the rest is counted and stands in the other formats.
const SHOWN: usize = 50;
/// So many undecided reasons, deferred rules and notes are shown; the rest is counted.
const LISTED: usize = 20;
/// So many reasons of one requirement are shown; the rest is counted.
const REASONS: usize = 8;
/// No text from outside takes more characters than this in one place.
pub(super) const LONGEST: usize = 2_000;
/// No line is narrower or wider than this, whatever the terminal says.
const NARROWEST: usize = 40;
const WIDEST: usize = 120;

/// The page being written.
pub(super) struct Page {
    paint: Paint,
    width: usize,
    text: String,
}

impl Page {
    fn new(style: &Style) -> Self {
        let width = style.width.clamp(NARROWEST, WIDEST);
        Self { paint: Paint(style.colour), width, text: String::new() }
    }

    /// Adds a line; `line` is escaped already, but may have become the start of a line by being broken.
    fn line(&mut self, line: &str) {
        self.text.push_str(&log_line(line.trim_end()));
        self.text.push('\n');
    }

    /// Adds an empty line, unless the page ends with one.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds `text` below `head`, which is inked.
    fn hang(&mut self, ink: Ink, head: &str, text: &str) {
        for (at, line) in hang(head, &clip(text, LONGEST), self.width).iter().enumerate() {
            let inked = match line.get(head.len()..) {
                Some(rest) if at == 0 => self.paint.ink(ink, head) + rest,
                _ => line.clone(),
            };
            self.line(&inked);
        }
    }

    /// Adds "n more" when fewer than all were shown.
    fn rest(&mut self, all: usize, shown: usize, noun: &str) {
        if all > shown {
            let more = all - shown;
            self.line(&self.paint.ink(Ink::Quiet, &format!("  {more} more {noun} not shown here; see --format json")));
        }
    }
}

fn render(outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let tally = Tally::of(outcome);
    let mut page = Page::new(style);
    finding::all(&mut page, outcome, &tally);
    review(&mut page, outcome);
    undecided(&mut page, outcome);
    deferred(&mut page, outcome);
    waivers(&mut page, outcome);
    others(&mut page, outcome);
    notes(&mut page, outcome);
    page.gap();
    checked(&mut page, outcome, &tally);
    last_line::add(&mut page, outcome, &tally);
    out.write_all(page.text.as_bytes())
}

/// Adds who must approve, and why.
fn review(page: &mut Page, outcome: &Outcome) {
    let requirements = &outcome.document.review.requirements;
    if requirements.is_empty() {
        return;
    }
    page.gap();
    let layer = words::layer(outcome.document.review.layer);
    let had = requirements.iter().all(|requirement| requirement.met);
    let title = if had { format!("This change has had its {layer}:") } else { format!("This change needs {layer}:") };
    page.line(&page.paint.ink(Ink::Strong, &title));
    let mut told = BTreeSet::new();
    for requirement in requirements.iter().take(LISTED) {
        match (requirement.met, words::is_record(requirement)) {
            (true, false) => page.hang(Ink::Good, "  given by ", &approvers(requirement)),
            (true, true) => page.hang(Ink::Good, "  has ", &words::who(requirement)),
            (false, _) => page.hang(Ink::Careful, "  ", &words::step(requirement)),
        }
        why(page, requirement);
        let rules: Vec<&str> = requirement.rules.iter().map(crate::finding::RuleId::as_str).collect();
        page.hang(Ink::Quiet, "      asked by: ", &rules.join(", "));
        for approval in words::refused(requirement, &mut told).into_iter().take(LISTED) {
            let why = format!("{}: {}", approval.login.terminal(), approval.why_not.terminal());
            page.hang(Ink::Quiet, "      does not count: ", &why);
        }
    }
    page.rest(requirements.len(), LISTED, "requirements");
}

/// Adds the reasons, one below the other: a paragraph of twelve is not read.
fn why(page: &mut Page, requirement: &crate::review::Requirement) {
    let reasons = requirement.reason.terminal_lines();
    for (at, reason) in reasons.iter().take(REASONS).enumerate() {
        page.hang(Ink::Quiet, if at == 0 { "      why: " } else { "           " }, reason);
    }
    if let Some(more) = reasons.len().checked_sub(REASONS).filter(|more| *more > 0) {
        page.line(&page.paint.ink(Ink::Quiet, &format!("           and {more} more; see --format json")));
    }
}

fn approvers(requirement: &crate::review::Requirement) -> String {
    let logins = words::approvers(requirement).join(", ");
    match (logins.is_empty(), requirement.team.is_empty()) {
        (true, _) => words::who(requirement),
        (false, true) => format!("{logins} as {}", words::layer(requirement.layer)),
        (false, false) => format!("{logins} for {}", words::who(requirement)),
    }
}

/// Adds what could not be checked, each with its remedy.
fn undecided(page: &mut Page, outcome: &Outcome) {
    let reasons = &outcome.document.completeness.reasons;
    if reasons.is_empty() {
        return;
    }
    page.gap();
    page.line(&page.paint.ink(Ink::Strong, "Not everything could be checked, so the change is undecided:"));
    for reason in reasons.iter().take(LISTED) {
        page.gap();
        let about = reason.message.terminal_lines().join(" ");
        page.hang(Ink::Bad, &format!("{}: ", crate::untrusted::terminal(&reason.code)), &about);
        if !reason.path.is_empty() {
            page.hang(Ink::Quiet, "  --> ", &reason.path.terminal());
        }
        for line in reason.remedy.terminal_lines().iter().take(LISTED) {
            page.hang(Ink::Good, "  do: ", line);
        }
    }
    page.rest(reasons.len(), LISTED, "reasons");
}

/// Adds the rules that wait for CI.
fn deferred(page: &mut Page, outcome: &Outcome) {
    let deferred = &outcome.document.deferred;
    if deferred.is_empty() {
        return;
    }
    page.gap();
    let rules: Vec<&str> = deferred.iter().take(LISTED).map(|deferred| deferred.rule.as_str()).collect();
    let head = format!("Decided in CI ({}): ", words::count(deferred.len(), "rule"));
    page.hang(Ink::Quiet, &head, &rules.join(", "));
    page.rest(deferred.len(), LISTED, "rules");
}

/// Adds the waivers that let findings through: a green run still shows them.
fn waivers(page: &mut Page, outcome: &Outcome) {
    let waivers = &outcome.document.waivers;
    page.gap();
    for waiver in waivers.iter().take(LISTED) {
        let until = crate::untrusted::terminal(&waiver.until);
        let head = format!("waived by {} until {until}: ", crate::untrusted::terminal(&waiver.id));
        page.hang(Ink::Careful, &head, &crate::untrusted::terminal(&words::waived(waiver)));
    }
    page.rest(waivers.len(), LISTED, "waivers");
}

/// Adds the other open changes that do something to the same.
fn others(page: &mut Page, outcome: &Outcome) {
    let handover = &outcome.handover;
    page.gap();
    let (near, all) = others::near(handover);
    for other in near {
        let shared = others::shared(other).into_iter().map(|(word, names, more)| {
            let names: Vec<String> = names.iter().map(crate::untrusted::Untrusted::terminal).collect();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("{word} {}{more}", names.join(", "))
        });
        let shared = shared.collect::<Vec<_>>().join("; ");
        let title = if other.title.is_empty() { String::new() } else { format!("{} ", other.title.terminal()) };
        let draft = if other.draft { ", draft" } else { "" };
        let who = format!("{}{draft}", other.author.terminal());
        let url = others::address(other).map_or(String::new(), |url| format!(" {url}"));
        let label = other.label.terminal();
        page.hang(Ink::Known, "also open: ", &format!("{label} {title}({who}): {shared}{url}"));
    }
    page.rest(all, others::SHOWN, "open changes");
    if let Some(far) = others::far(handover) {
        page.hang(Ink::Quiet, "also open: ", &far);
    }
}

fn notes(page: &mut Page, outcome: &Outcome) {
    page.gap();
    for note in outcome.notes.iter().take(LISTED) {
        page.hang(Ink::Known, "note: ", &note.terminal_lines().join(" "));
    }
    page.rest(outcome.notes.len(), LISTED, "notes");
}

/// Adds what was checked: a verdict without this line would be worth little.
fn checked(page: &mut Page, outcome: &Outcome, tally: &Tally<'_>) {
    let document = &outcome.document;
    let evaluated = &document.evaluated;
    let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let mut parts = vec![
        format!(
            "{} (+{} -{} lines)",
            words::count(number(evaluated.files), "file"),
            document.change.added,
            document.change.removed
        ),
        format!("{} parsed", evaluated.parsed),
        format!(
            "{} in {}",
            words::count(number(evaluated.rules), "rule"),
            words::count(number(evaluated.packs), "pack")
        ),
    ];
    if tally.waived > 0 {
        parts.push(format!("{} waived", tally.waived));
    }
    if tally.excepted > 0 {
        parts.push(format!("{} excepted", tally.excepted));
    }
    if evaluated.carried > 0 {
        parts.push(format!("{} carried as old debt", evaluated.carried));
    }
    if tally.observed > 0 {
        parts.push(format!("{} only observed", tally.observed));
    }
    if document.inputs.trust != "base" {
        parts
            .push(format!("rules read from the {}, not from base", crate::untrusted::terminal(&document.inputs.trust)));
    }
    page.hang(Ink::Quiet, "checked ", &parts.join(", "));
}
