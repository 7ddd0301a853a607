//! Every rule over the change: violations -> findings, touched scopes -> requests for review.
//!
//! Owns what status, scope, authorship of lines and layer do to a violation; the same for every kind.

use std::collections::BTreeMap;

use super::agents::names_an_agent;
use super::reach::{Reach, Reached};
use super::{EnforcedRule, RuleBook, Subject, SystemGraphs, Violation};
use crate::configuration::UnknownLines;
use crate::finding::draft::{Draft, Judged, Spot, Texts};
use crate::finding::{Finding, Related, RuleId, Source, SourceKind, Status};
use crate::policies::RuleResult;
use crate::policies::input::{FileEntry, InputDocument};
use crate::provenance::{Attribution, Span};
use crate::review::ReviewRequest;
use crate::specification::rule::AppliesTo;
use crate::untrusted::Untrusted;

/// What all rules together say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Enforced {
    /// Findings without their fingerprints yet.
    pub drafts: Vec<Draft>,
    /// Requests for review.
    pub requests: Vec<ReviewRequest>,
    /// Rules whose scope the change touches, sorted.
    pub touched: Vec<RuleId>,
}

/// Judges the change by every rule of the book; `results` are those of the rules' policies, by rule, and
/// `graphs` the import graph where a rule needs it and the change can touch it.
#[must_use]
pub fn judge(
    book: &RuleBook,
    input: &InputDocument,
    results: &BTreeMap<RuleId, Vec<RuleResult>>,
    unknown: UnknownLines,
    texts: &Texts<'_>,
    graphs: Option<&SystemGraphs>,
) -> Enforced {
    let files: BTreeMap<&str, &FileEntry> = input.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let unknown = if names_an_agent(&book.specification, input) { UnknownLines::Ai } else { unknown };
    let mut enforced = Enforced::default();
    let mut reach = Reach::of(book, input);
    for rule in book.rules.values() {
        let results = results.get(&rule.rule.id).map(Vec::as_slice).unwrap_or_default();
        let Reached { touched, in_scope, hits } = reach.take(&rule.rule.id);
        let subject = Subject {
            rule,
            specification: &book.specification,
            hosted: &book.hosted,
            input,
            files: &files,
            in_scope: &in_scope,
            hits: &hits,
            results,
            texts,
        };
        if touched {
            enforced.touched.push(rule.rule.id.clone());
            enforced.requests.extend(question(&subject));
            enforced.requests.extend(asks(&subject));
        }
        let on_graph = graphs.filter(|_| rule.enforcement.needs_graph()).map(|graphs| graphs.judge(rule));
        for violation in rule.enforcement.judge(&subject).into_iter().chain(on_graph.into_iter().flatten()) {
            let Some(status) = covered(&subject, &violation, unknown) else { continue };
            enforced.requests.extend(request(rule, &violation, status));
            enforced.drafts.push(draft(&subject, violation, status));
        }
    }
    enforced.requests.sort();
    enforced.requests.dedup();
    enforced
}

/// Returns the rule's status at the violation, or none when the rule does not cover it.
fn covered(subject: &Subject<'_>, violation: &Violation, unknown: UnknownLines) -> Option<Status> {
    let EnforcedRule { rule, scope, .. } = subject.rule;
    if violation.path.is_empty() {
        return scope.status();
    }
    // In one system of the repository the rule may be enforced, in another a draft.
    let (_, status) = scope.covers(violation.scope_path()).filter(|(_, status)| status.runs())?;
    if rule.applies_to == AppliesTo::Ai && !by_ai(subject, violation, unknown) {
        return None;
    }
    Some(status)
}

/// Says whether a line that the violation adds has evidence of an AI tool, or is of unknown making and counts as such.
///
/// A violation that adds no line (what was taken away made it one) is of unknown making.
fn by_ai(subject: &Subject<'_>, violation: &Violation, unknown: UnknownLines) -> bool {
    let counts = unknown == UnknownLines::Ai;
    let Some(file) = subject.files.get(violation.path.as_str()) else { return counts };
    let (first, _, last, _) = violation.place;
    let (first, last) = if first == 0 { (1, u32::MAX) } else { (first, last.max(first)) };
    let added: Vec<(u32, u32)> = file
        .hunks
        .iter()
        .map(|hunk| (hunk.start.max(first), hunk.end.min(last)))
        .filter(|(start, end)| start <= end)
        .collect();
    let spans = &file.provenance.spans;
    let meets = |span: &Span| added.iter().any(|(start, end)| span.start <= *end && *start <= span.end);
    if spans.iter().any(|span| span.origin == Attribution::Ai && meets(span)) {
        return true;
    }
    counts && (added.is_empty() || added.iter().any(|range| !covered_by(spans, *range)))
}

/// Says whether spans cover every line of a range.
fn covered_by(spans: &[Span], (mut start, end): (u32, u32)) -> bool {
    let mut spans: Vec<(u32, u32)> = spans.iter().map(|span| (span.start, span.end)).collect();
    spans.sort_unstable();
    for span in spans.into_iter().filter(|span| span.1 >= span.0) {
        if span.0 <= start && start <= span.1 {
            if span.1 >= end {
                return true;
            }
            start = span.1.saturating_add(1);
        }
    }
    false
}

/// Asks the rule's question at the first changed path at which the rule is enforced.
fn question(subject: &Subject<'_>) -> Option<ReviewRequest> {
    let question = subject.rule.enforcement.question()?;
    let mut paths = subject.in_scope.iter().flat_map(|file| [file.path.as_str(), file.old_path.as_str()]);
    let enforced = |path: &&str| subject.rule.scope.covers(path).is_some_and(|(_, status)| status == Status::Enforced);
    paths.find(enforced).map(|path| ask(subject.rule, format!("{question} ({path})")))
}

/// What the rule asks for although it found nothing.
fn asks(subject: &Subject<'_>) -> Vec<ReviewRequest> {
    let EnforcedRule { rule: _, scope, enforcement } = subject.rule;
    let mut asks = enforcement.asks(subject);
    asks.retain(|wanted| scope.covers(&wanted.path).is_some_and(|(_, status)| status == Status::Enforced));
    asks.retain(|wanted| wanted.layer > 1);
    asks.into_iter().map(|wanted| ReviewRequest { layer: wanted.layer, ..ask(subject.rule, wanted.reason) }).collect()
}

/// A rule asks for the review of its layer when it fires enforced.
fn request(rule: &EnforcedRule, violation: &Violation, status: Status) -> Option<ReviewRequest> {
    let place = if violation.path.is_empty() { String::new() } else { format!(" ({})", violation.path) };
    (status == Status::Enforced && rule.rule.layer > 1).then(|| ask(rule, format!("{}{place}", rule.rule.title)))
}

fn ask(rule: &EnforcedRule, reason: String) -> ReviewRequest {
    ReviewRequest {
        rule: rule.rule.id.clone(),
        reason: Untrusted::new(reason),
        layer: rule.rule.layer,
        // Layer 3 is asked of anyone who may approve it; layer 2 of the team that answers for the rule.
        team: if rule.rule.layer == 2 { Untrusted::new(rule.rule.owner.clone()) } else { Untrusted::default() },
        count: 1,
        certified: String::new(),
        paths: Vec::new(),
        record: false,
    }
}

fn draft(subject: &Subject<'_>, violation: Violation, status: Status) -> Draft {
    let Violation { path, place, message, anchor, fix, related, held_by: _ } = violation;
    let rule = &subject.rule.rule;
    let text = if path.is_empty() { None } else { (subject.texts)(&path) };
    let spot = (!path.is_empty()).then(|| Spot::of(place, text.as_deref()));
    let snippet = spot.as_ref().map(|spot| spot.snippet.clone()).unwrap_or_default();
    let fix = if fix.is_empty() { rule.instead.clone().unwrap_or_default() } else { fix };
    let pure_rename = subject.files.get(path.as_str()).filter(|file| file.path != file.old_path);
    // In another folder an import may break another part of a rule than the one that was accepted.
    let stays =
        |file: &&&FileEntry| !subject.rule.enforcement.needs_graph() || folder(&file.path) == folder(&file.old_path);
    let pure_rename = pure_rename.filter(|file| file.added + file.removed == 0).filter(stays);
    let finding = Finding {
        rule: rule.id.clone(),
        title: Untrusted::new(rule.title.clone()),
        message: Untrusted::new(message),
        severity: rule.severity,
        status,
        path: spot.as_ref().map(|_| Untrusted::new(path.clone())),
        start: spot.as_ref().map(|spot| spot.start),
        end: spot.as_ref().map(|spot| spot.end),
        fix: Untrusted::new(fix),
        rationale: Untrusted::new(rule.rationale.clone()),
        source: Source {
            kind: SourceKind::Specification,
            path: Untrusted::new(subject.specification.shown(&rule.file)),
            line: rule.line,
        },
        owner: Untrusted::new(rule.owner.clone()),
        links: links(subject),
        related: related.into_iter().map(placed).collect(),
        fingerprint: String::new(),
        metadata: BTreeMap::new(),
        waived_by: None,
    };
    let fingerprint_path = pure_rename.map_or(path, |file| file.old_path.clone());
    let anchor = if anchor.is_empty() { snippet } else { anchor };
    Draft { judged: Judged { finding, gates: true }, fingerprint_path, anchor }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn placed((path, line, message): (String, u32, String)) -> Related {
    Related { path: Untrusted::new(path), line, message: Untrusted::new(message) }
}

/// The decision record first, then what the rule links to.
fn links(subject: &Subject<'_>) -> Vec<Untrusted> {
    let rule = &subject.rule.rule;
    let decision = rule.decision.as_ref().map(|id| match subject.specification.decisions.get(id) {
        Some(decision) => format!("{id} ({})", subject.specification.shown(&decision.file)),
        None => id.clone(),
    });
    decision.into_iter().chain(rule.links.iter().cloned()).map(Untrusted::new).collect()
}
