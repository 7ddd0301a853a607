//! Findings by file, worst file first: what is wrong, the code, why, and how to satisfy the rule.

use std::collections::{BTreeMap, BTreeSet};

use super::code;
use super::page::{Body, count_text, quoted, text};
use crate::finding::{Finding, RuleId, Severity, Status};
use crate::outcome::Outcome;
use crate::reports::layout::tally::Tally;
use crate::reports::layout::words;
use crate::untrusted::Untrusted;

/// So many findings are shown; the rest is counted and stands in the other formats.
const SHOWN: usize = 500;
/// So many other places of one finding are shown.
const RELATED: usize = 50;
/// So many lines of advice and of an example are shown.
const LINES: usize = 40;

/// Adds the section; nothing where there are none.
pub(super) fn add(body: &mut Body, outcome: &Outcome, tally: &Tally<'_>) {
    if tally.shown.is_empty() {
        return;
    }
    body.open("Findings");
    let mut explained = BTreeSet::new();
    let mut file: Option<&Option<Untrusted>> = None;
    let mut shown = 0;
    for finding in tally.shown.iter().take(SHOWN) {
        if !body.has_room() {
            break;
        }
        shown += 1;
        if file != Some(&finding.path) {
            body.add(if file.is_some() { "</section>\n<section>\n" } else { "<section>\n" });
            file = Some(&finding.path);
            body.add(&format!("<h3>{}</h3>\n", heading(finding)));
        }
        body.add(&article(finding, outcome, explained.insert(&finding.rule), shown));
    }
    if file.is_some() {
        body.add("</section>\n");
    }
    body.rest(tally.shown.len(), shown, "findings");
    rules(body, outcome, tally);
}

fn heading(finding: &Finding) -> String {
    finding.path.as_ref().map_or_else(|| "The whole change".to_owned(), |path| quoted(path.raw()))
}

fn article(finding: &Finding, outcome: &Outcome, first: bool, number: usize) -> String {
    let advisory = if finding.status == Status::Advisory { " advisory" } else { "" };
    let (class, word) = (class(finding), finding.severity.word());
    let place = match finding.start.filter(|_| !words::is_whole_file(finding)) {
        Some(start) => format!("line {}, column {}", start.line, start.column),
        None if finding.path.is_some() => "the whole file".to_owned(),
        None => "no single file".to_owned(),
    };
    let mut block = format!(
        "<article class=\"{class}\" id=\"f{number}\">\n<p class=\"what\"><b>{word}{advisory}</b> {}</p>\n\
         <p class=\"where\">{place} \u{b7} <code>{}</code></p>\n",
        text(finding.message.raw()),
        finding.rule
    );
    block.push_str(&code::of_finding(finding, outcome));
    block.push_str(&related(finding));
    if first && !finding.rationale.is_empty() {
        block.push_str(&format!("<p><b>Why</b> {}</p>\n", text(finding.rationale.raw())));
    }
    if finding.fix.raw().trim_end().contains('\n') {
        block.push_str(&format!("<p><b>Fix</b></p>\n{}", code::block(finding.fix.raw(), LINES)));
    } else if !finding.fix.is_empty() {
        block.push_str(&format!("<p><b>Fix</b> {}</p>\n", text(finding.fix.raw())));
    }
    if first && !finding.owner.is_empty() {
        block.push_str(&format!("<p><b>Ask</b> {}</p>\n", text(finding.owner.raw())));
    }
    block + "</article>\n"
}

fn class(finding: &Finding) -> &'static str {
    match (finding.status, finding.severity) {
        (Status::Enforced, Severity::Error) => "bad",
        (Status::Enforced, Severity::Warning) => "careful",
        _ => "known",
    }
}

fn related(finding: &Finding) -> String {
    if finding.related.is_empty() {
        return String::new();
    }
    let row = |place: &crate::finding::Related| {
        format!("<li>{} {}</li>\n", quoted(&format!("{}:{}", place.path.raw(), place.line)), text(place.message.raw()))
    };
    let rows: String = finding.related.iter().take(RELATED).map(row).collect();
    let more = match finding.related.len().checked_sub(RELATED) {
        Some(more) if more > 0 => format!("<li>and {}</li>\n", count_text(more, "more place")),
        _ => String::new(),
    };
    format!("<ol class=\"places\">\n{rows}{more}</ol>\n")
}

/// Adds the rules that fired, with an example of each.
fn rules(body: &mut Body, outcome: &Outcome, tally: &Tally<'_>) {
    let mut fired: BTreeMap<&RuleId, &Finding> = BTreeMap::new();
    for finding in &tally.shown {
        fired.entry(&finding.rule).or_insert(finding);
    }
    let known = |id: &&RuleId| outcome.rules.get(*id).is_some_and(|note| !note.bad.is_empty() || !note.good.is_empty());
    if fired.keys().all(|id| !known(id)) {
        return;
    }
    body.open("The rules, by example");
    for (id, finding) in fired.iter().filter(|(id, _)| known(id)).take(SHOWN) {
        let Some(note) = outcome.rules.get(*id) else { continue };
        let title = if finding.title.is_empty() { String::new() } else { format!(" {}", text(finding.title.raw())) };
        let mut block = format!("<details>\n<summary><code>{id}</code>{title}</summary>\n");
        for (head, example) in [("Breaks it", &note.bad), ("Is fine", &note.good)] {
            if !example.is_empty() {
                block.push_str(&format!("<p><b>{head}</b></p>\n{}", code::block(example.raw(), LINES)));
            }
        }
        if !note.controls.is_empty() {
            let controls: Vec<String> = note.controls.iter().map(|control| text(control.raw())).collect();
            block.push_str(&format!("<p><b>Serves</b> {}</p>\n", controls.join(", ")));
        }
        if !finding.links.is_empty() {
            // As text: nothing on this page leads anywhere.
            let links: Vec<String> = finding.links.iter().take(LINES).map(|link| text(link.raw())).collect();
            block.push_str(&format!("<p><b>Read on</b> {}</p>\n", links.join(", ")));
        }
        body.add(&(block + "</details>\n"));
    }
}
