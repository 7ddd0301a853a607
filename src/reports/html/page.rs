//! The sections of the page: verdict, what could not be checked, who must approve, findings, the change, what was checked.

use std::collections::BTreeSet;

use super::findings;
use crate::outcome::{Handover, Outcome};
use crate::reports::layout::next::{next, summary};
use crate::reports::layout::others;
use crate::reports::layout::tally::Tally;
use crate::reports::layout::text::clip;
use crate::reports::layout::words;
use crate::review::Requirement;
use crate::untrusted::html;
use crate::verdict::Verdict;

/// So many rows of one list are shown.
const LISTED: usize = 100;
/// More reasons of one requirement wait until somebody opens them.
const OPEN: usize = 2;
/// No text from outside takes more characters than this in one place.
const LONGEST: usize = 2_000;
/// The page ends behind the first block with which it would be longer, in bytes.
const BYTES: usize = 10_000_000;

/// The page while it grows.
#[derive(Default)]
pub(super) struct Body {
    text: String,
}

impl Body {
    /// Adds a block, which is escaped already. Blocks are small, so the page is hardly longer than its limit.
    pub(super) fn add(&mut self, block: &str) {
        self.text.push_str(block);
    }

    /// Says whether another block may be added.
    pub(super) fn has_room(&self) -> bool {
        self.text.len() < BYTES
    }

    /// Begins a section.
    pub(super) fn open(&mut self, title: &str) {
        self.add(&format!("<h2>{title}</h2>\n"));
    }

    /// Adds a list with one row for each item, and says how many are not there.
    fn list<T>(&mut self, items: &[T], noun: &str, row: impl Fn(&T) -> String) {
        self.add("<ul>\n");
        items.iter().take(LISTED).for_each(|item| self.add(&format!("<li>{}</li>\n", row(item))));
        self.add("</ul>\n");
        self.rest(items.len(), LISTED, noun);
    }

    /// Adds "n more" when fewer than all were shown.
    pub(super) fn rest(&mut self, all: usize, shown: usize, noun: &str) {
        if all > shown {
            self.add(&format!("<p>{} more {noun} are not shown here; the JSON report has all.</p>\n", all - shown));
        }
    }
}

/// Returns text from outside as one run that keeps its direction to itself; what stands between two back-ticks is code.
pub(super) fn text(text: &str) -> String {
    let joined = clip(&text.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST);
    let parts: Vec<&str> = joined.split('`').collect();
    let paired = parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(|part| !part.trim().is_empty());
    if !paired {
        return format!("<bdi>{}</bdi>", html(&joined));
    }
    let coded =
        |(at, part): (usize, &&str)| if at % 2 == 1 { format!("<code>{}</code>", html(part)) } else { html(part) };
    format!("<bdi>{}</bdi>", parts.iter().enumerate().map(coded).collect::<String>())
}

/// Returns a path, an id or a command.
pub(super) fn quoted(text: &str) -> String {
    format!("<code><bdi>{}</bdi></code>", html(&clip(text, LONGEST)))
}

/// Returns `1 file`, `2 files`.
pub(super) fn count_text(number: usize, noun: &str) -> String {
    words::count(number, noun)
}

/// Returns what stands in the body of the page.
pub(super) fn body(outcome: &Outcome) -> String {
    let tally = Tally::of(outcome);
    let mut body = Body::default();
    header(&mut body, outcome, &tally);
    body.add("<main>\n");
    undecided(&mut body, outcome);
    review(&mut body, outcome);
    findings::add(&mut body, outcome, &tally);
    change(&mut body, &outcome.handover);
    waivers(&mut body, outcome);
    checked(&mut body, outcome, &tally);
    body.add("</main>\n");
    body.text
}

fn header(body: &mut Body, outcome: &Outcome, tally: &Tally<'_>) {
    let document = &outcome.document;
    let (class, sign) = match document.verdict {
        Verdict::Pass => ("good", "\u{2713}"),
        Verdict::Review => ("careful", "\u{25F7}"),
        Verdict::Fail => ("bad", "\u{2717}"),
        Verdict::Undecided => ("bad", "?"),
    };
    let word = words::verdict(document.verdict).to_lowercase();
    body.add(&format!(
        "<header class=\"{class}\">\n<p class=\"tool\">portcullis</p>\n<h1><span>{sign}</span> {word}</h1>\n"
    ));
    body.add(&format!("<p>{}.</p>\n", text(&summary(outcome, tally))));
    if let Some(step) = next(outcome, tally) {
        let step = step.strip_prefix("first: ").unwrap_or(&step);
        body.add(&format!("<p class=\"next\"><b>Next</b> {}</p>\n", text(step)));
    }
    body.add("</header>\n");
}

fn undecided(body: &mut Body, outcome: &Outcome) {
    let reasons = &outcome.document.completeness.reasons;
    if reasons.is_empty() {
        return;
    }
    body.open("What could not be checked");
    for reason in reasons.iter().take(LISTED) {
        let path = if reason.path.is_empty() { String::new() } else { format!(" in {}", quoted(reason.path.raw())) };
        body.add(&format!(
            "<article class=\"bad\">\n<p class=\"what\"><b>{}</b> {}</p>\n",
            html(&reason.code),
            text(reason.message.raw())
        ));
        body.add(&format!("<p class=\"where\">undecided{path}</p>\n"));
        if !reason.remedy.is_empty() {
            body.add(&format!("<p><b>Do</b> {}</p>\n", text(reason.remedy.raw())));
        }
        body.add("</article>\n");
    }
    body.rest(reasons.len(), LISTED, "reasons");
}

fn review(body: &mut Body, outcome: &Outcome) {
    let review = &outcome.document.review;
    if review.requirements.is_empty() {
        return;
    }
    let met = review.requirements.iter().all(|requirement| requirement.met);
    let had = if met { "Has had its" } else { "Needs" };
    body.open(&format!("{had} {}", words::layer(review.layer)));
    let mut told = BTreeSet::new();
    for requirement in review.requirements.iter().take(LISTED) {
        let class = if requirement.met { "good" } else { "careful" };
        body.add(&format!("<article class=\"{class}\">\n<p class=\"what\">{}</p>\n", demanded(requirement)));
        let rules: Vec<&str> = requirement.rules.iter().take(LISTED).map(crate::finding::RuleId::as_str).collect();
        body.add(&format!(
            "<p class=\"where\">{} \u{b7} asked by {}</p>\n",
            words::layer(requirement.layer),
            quoted(&rules.join(", "))
        ));
        let reasons: Vec<&str> = requirement.reason.raw().lines().collect();
        if reasons.len() > OPEN {
            body.add(&format!("<details>\n<summary>{} reasons</summary>\n", reasons.len()));
        }
        body.list(&reasons, "reasons", |reason| text(reason));
        if reasons.len() > OPEN {
            body.add("</details>\n");
        }
        for approval in words::refused(requirement, &mut told).into_iter().take(LISTED) {
            let (login, why) = (text(approval.login.raw()), text(approval.why_not.raw()));
            body.add(&format!("<p>The approval of {login} does not count: {why}</p>\n"));
        }
        body.add("</article>\n");
    }
    body.rest(review.requirements.len(), LISTED, "requirements");
}

/// Says what is demanded of whom, and by whom it is met already.
fn demanded(requirement: &Requirement) -> String {
    let who = text(&words::who(requirement));
    let by: Vec<String> = words::approvers(requirement).iter().take(LISTED).map(|login| text(login)).collect();
    let by = if by.is_empty() { String::new() } else { format!(", approved by {}", by.join(", ")) };
    match (requirement.met, words::is_record(requirement)) {
        (true, _) => format!("<b>met</b> {who}{by}"),
        (false, true) => format!("<b>cite</b> {who}"),
        (false, false) => format!("<b>ask</b> {who}{by}"),
    }
}

/// Adds what a reviewer has to know of the change itself.
fn change(body: &mut Body, handover: &Handover) {
    others(body, handover);
    if handover.files.is_empty() && handover.symbols.is_empty() && handover.contracts.is_empty() {
        return;
    }
    body.open("The change");
    let tools: Vec<String> = handover.tools.iter().take(LISTED).map(|tool| text(tool.raw())).collect();
    let (added, ai, unknown) = (handover.added, handover.ai_added, handover.unknown_added);
    body.add(&match ai {
        0 => format!("<p>No mark of an AI tool; {unknown} of {added} added lines are of unknown making.</p>\n"),
        _ => format!(
            "<p><b>AI-assisted</b> {}: {ai} of {added} added lines; {unknown} are of unknown making.</p>\n",
            tools.join(", ")
        ),
    });
    part(body, &handover.contracts, "contracts", "Contracts", |contract| {
        let users: Vec<String> = contract.consumers.iter().take(LISTED).map(|user| text(user.raw())).collect();
        format!("{}: {}; used by {}", quoted(contract.id.raw()), text(&contract.verdict), users.join(", "))
    });
    part(body, &handover.modules, "modules", "Modules that others rely on", |module| {
        let users: Vec<String> = module.used_by.iter().take(LISTED).map(|user| text(user.raw())).collect();
        let users = if users.is_empty() { String::new() } else { format!("; teams: {}", users.join(", ")) };
        format!("{}: {}{users}", quoted(module.id.raw()), words::relying(module.dependents))
    });
    part(body, &handover.files, "files", "Files made with AI", |file| {
        let sessions: Vec<String> = file.sessions.iter().take(5).map(|session| quoted(session.raw())).collect();
        let sessions = if sessions.is_empty() { String::new() } else { format!("; {}", sessions.join(", ")) };
        format!("{}: {} of {} lines{sessions}", quoted(file.path.raw()), file.ai, file.added)
    });
    part(body, &handover.symbols, "symbols", "Symbols changed", |symbol| {
        let exported = if symbol.exported { "exported " } else { "" };
        let place = quoted(&format!("{}:{}", symbol.path.raw(), symbol.line));
        format!("{exported}{} {} {}, {place}", text(&symbol.kind), quoted(symbol.name.raw()), text(&symbol.change))
    });
}

/// Adds the other open changes that do something to the same.
fn others(body: &mut Body, handover: &Handover) {
    if handover.others.is_empty() {
        return;
    }
    body.open("Also open");
    let (near, all) = others::near(handover);
    let rows = near.map(|other| {
        let label = text(other.label.raw());
        // The page has no link: whoever reads it may be anywhere.
        let url = others::address(other).map_or(String::new(), |url| format!(" {}", quoted(url)));
        let draft = if other.draft { ", draft" } else { "" };
        let shared = others::shared(other).into_iter().map(|(word, names, more)| {
            let names: Vec<String> = names.iter().map(|name| quoted(name.raw())).collect();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("{word} {}{more}", names.join(", "))
        });
        let shared = shared.collect::<Vec<_>>().join("; ");
        format!("{label} {} ({}{draft}): {shared}{url}", text(other.title.raw()), text(other.author.raw()))
    });
    let rows: Vec<String> = rows.chain(others::far(handover)).collect();
    body.list(&rows, "rows", String::clone);
    body.rest(all, others::SHOWN, "open changes");
}

/// Adds a list that a reader opens; nothing where it is empty.
fn part<T>(body: &mut Body, items: &[T], noun: &str, title: &str, row: impl Fn(&T) -> String) {
    if !items.is_empty() {
        body.add(&format!("<details>\n<summary>{title} ({})</summary>\n", items.len()));
        body.list(items, noun, row);
        body.add("</details>\n");
    }
}

/// Adds the waivers that let findings through: a green run still shows them.
fn waivers(body: &mut Body, outcome: &Outcome) {
    let waivers = &outcome.document.waivers;
    if !waivers.is_empty() {
        body.open("Waived");
        body.list(waivers, "waivers", |waiver| {
            format!("{} until {}: {}", quoted(&waiver.id), text(&waiver.until), text(&words::waived(waiver)))
        });
    }
}

fn checked(body: &mut Body, outcome: &Outcome, tally: &Tally<'_>) {
    let document = &outcome.document;
    let (evaluated, change) = (&document.evaluated, &document.change);
    body.open("What was checked");
    let mut rows = vec![
        format!(
            "{} files (+{} \u{2212}{} lines), {} parsed, against {} rules in {} packs",
            evaluated.files, change.added, change.removed, evaluated.parsed, evaluated.rules, evaluated.packs
        ),
        format!("base {}", quoted(&change.base)),
        format!("head {}", quoted(&change.head)),
        format!("{}, as of {}", text(&document.inputs.tool), text(&document.inputs.as_of)),
    ];
    if document.inputs.trust != "base" {
        rows.push(format!("<b>rules were read from the {}, not from base</b>", text(&document.inputs.trust)));
    }
    let carried = usize::try_from(evaluated.carried).unwrap_or(usize::MAX);
    for (count, what) in [
        (tally.waived, "waived"),
        (tally.excepted, "covered by an <code>exception</code> of the policy"),
        (carried, "carried as old debt"),
        (tally.observed, "of rules that are only observed"),
    ] {
        if count > 0 {
            rows.push(format!("{} {what}", words::count(count, "finding")));
        }
    }
    if !outcome.again.is_empty() {
        rows.push(format!("the same again on your machine: {}", quoted(&outcome.again)));
    }
    rows.extend(outcome.notes.iter().take(LISTED).map(|note| text(note.raw())));
    body.list(&rows, "rows", String::clone);
    part(body, &document.deferred, "rules", "Decided in CI", |deferred| {
        format!("<code>{}</code>: {}", deferred.rule, text(deferred.why.raw()))
    });
}
