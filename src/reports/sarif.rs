//! SARIF 2.1.0, for GitHub code scanning and every other reader of the standard.
//!
//! What the standard has no word for (verdict, requirements) stands in `properties` and as notifications of the
//! invocation. Observed findings are left out: a reader would show them as open.

use std::io;

use super::layout::text::clip;
use super::layout::words;
use super::{Format, Style};
use crate::finding::{Finding, Related, Severity, Status};
use crate::outcome::Outcome;
use crate::untrusted::{terminal_lines, write_json};
use crate::verdict::Verdict;

mod fitting;
mod model;
mod rule;
mod uri;

use fitting::{Fitted, fitted};
use model::{
    ArtifactLocation, CodeFlow, Descriptor, Driver, Fingerprints, Invocation, Level, Location, Log, Message,
    Notification, PhysicalLocation, Region, Result as SarifResult, ResultProperties, Run, RunProperties, Suppression,
    ThreadFlow, ThreadFlowLocation, Tool,
};

/// The row of the list of formats.
pub const FORMAT: Format = Format { name: "sarif", about: "SARIF 2.1.0, for code scanning", render };

/// GitHub keeps so many other places of one result.
const RELATED: usize = 100;
/// GitHub keeps so many steps of a walk through places; more than a reader follows are not written.
const FLOW: usize = 100;
/// So many reasons and so many requirements are told; the JSON report has all.
const NOTIFICATIONS: usize = 500;
/// No text takes more characters than this.
const LONGEST: usize = 2_000;
/// GitHub refuses a result without a place, so a finding about the whole change has one with this name.
const WHOLE_CHANGE: &str = "whole-change";

fn render(outcome: &Outcome, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    write_json(&log(outcome), out)
}

fn log(outcome: &Outcome) -> Log {
    let document = &outcome.document;
    let mut findings: Vec<&Finding> = document.findings.iter().filter(|f| f.status >= Status::Advisory).collect();
    findings.sort_by_cached_key(|finding| (finding.waived_by.is_some(), finding.order()));
    let all = findings.len();
    let Fitted { results, rules } = fitted(&findings, outcome);
    let (name, version) = document.inputs.tool.split_once(' ').unwrap_or((&document.inputs.tool, ""));
    let properties = RunProperties {
        verdict: document.verdict,
        review_layer: document.review.layer,
        findings: document.findings.len(),
        results_shown: results.len(),
    };
    let run = Run {
        tool: Tool { driver: Driver { name: text(name), version: text(version), rules } },
        column_kind: "unicodeCodePoints",
        invocations: vec![Invocation {
            execution_successful: document.verdict != Verdict::Undecided,
            exit_code: document.exit_code,
            tool_execution_notifications: notifications(outcome, all, results.len()),
        }],
        results,
        properties,
    };
    Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: vec![run] }
}

/// Returns the result of a finding; which row its rule has is filled in when all rules are known.
fn result(finding: &Finding) -> SarifResult {
    let id = finding.rule.as_str();
    let waiver = |waiver: &String| Suppression { kind: "external", status: "accepted", justification: text(waiver) };
    SarifResult {
        rule_id: id.to_owned(),
        rule_index: 0,
        level: level(finding),
        message: message(finding.message.raw()),
        locations: vec![location(finding)],
        related_locations: finding.related.iter().take(RELATED).map(related).collect(),
        code_flows: flow(finding).into_iter().collect(),
        partial_fingerprints: Fingerprints { v1: finding.fingerprint.clone() },
        suppressions: finding.waived_by.iter().map(waiver).collect(),
        properties: ResultProperties {
            status: finding.status,
            severity: finding.severity,
            fix: text(finding.fix.raw()),
            owner: text(finding.owner.raw()),
            links: finding.links.iter().map(|link| text(link.raw())).collect(),
        },
    }
}

/// Advisory findings never gate, and code scanning fails a check for errors, so they are notes.
fn level(finding: &Finding) -> Level {
    match finding.severity {
        _ if finding.status != Status::Enforced => Level::Note,
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Info => Level::Note,
    }
}

fn location(finding: &Finding) -> Location {
    let uri = finding.path.as_ref().map_or_else(|| WHOLE_CHANGE.to_owned(), |path| uri::relative(path.raw()));
    let places = (finding.start, finding.end);
    let region = match places {
        (Some(start), Some(end)) if !words::is_whole_file(finding) => Region {
            start_line: start.line.max(1),
            start_column: Some(start.column.max(1)),
            end_line: Some(end.line.max(start.line).max(1)),
            end_column: Some(if end.line > start.line {
                end.column.max(1)
            } else {
                end.column.max(start.column).max(1)
            }),
        },
        _ => Region { start_line: 1, start_column: None, end_line: None, end_column: None },
    };
    Location {
        physical_location: PhysicalLocation { artifact_location: ArtifactLocation { uri }, region },
        message: None,
    }
}

/// Returns the places of a finding that has more than one as a walk through them, in the order in which they are best read.
fn flow(finding: &Finding) -> Option<CodeFlow> {
    if finding.related.is_empty() {
        return None;
    }
    let first = Location { message: Some(message(finding.message.raw())), ..location(finding) };
    let mut locations = vec![ThreadFlowLocation { location: first }];
    let next = finding.related.iter().take(FLOW - 1);
    locations.extend(next.map(|place| ThreadFlowLocation { location: related(place) }));
    Some(CodeFlow { thread_flows: vec![ThreadFlow { locations }] })
}

fn related(place: &Related) -> Location {
    let uri = uri::relative(place.path.raw());
    let region = Region { start_line: place.line.max(1), start_column: None, end_line: None, end_column: None };
    Location {
        physical_location: PhysicalLocation { artifact_location: ArtifactLocation { uri }, region },
        message: Some(message(place.message.raw())),
    }
}

/// Returns what could not be checked, who must approve, and what was left out of this file.
fn notifications(outcome: &Outcome, all: usize, shown: usize) -> Vec<Notification> {
    let document = &outcome.document;
    let mut notifications = Vec::new();
    for reason in document.completeness.reasons.iter().take(NOTIFICATIONS) {
        let about = format!("{}\nDo: {}", reason.message.raw(), reason.remedy.raw());
        let place = Some(&reason.path).filter(|path| !path.is_empty()).map(|path| Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri::relative(path.raw()) },
                region: Region { start_line: 1, start_column: None, end_line: None, end_column: None },
            },
            message: None,
        });
        notifications.push(notification(&reason.code, Level::Error, &about, place));
    }
    for requirement in document.review.requirements.iter().filter(|requirement| !requirement.met).take(NOTIFICATIONS) {
        let (layer, step) = (words::layer(requirement.layer), words::step(requirement));
        let about = format!("{layer} needed, {step}: {}", requirement.reason.raw());
        notifications.push(notification("review-required", Level::Warning, &about, None));
    }
    if all > shown {
        let about = format!("{} of {all} results, the least severe ones, were left out of this file", all - shown);
        notifications.push(notification("results-limit", Level::Warning, &about, None));
    }
    notifications
}

fn notification(code: &str, level: Level, about: &str, place: Option<Location>) -> Notification {
    let id = text(code);
    Notification {
        descriptor: Descriptor { id },
        level,
        message: message(about),
        locations: place.into_iter().collect(),
    }
}

fn message(about: &str) -> Message {
    Message { text: text(about) }
}

/// Returns text in lines with hidden characters visible; viewers show what JSON escapes. `](` would be a link in SARIF.
fn text(about: &str) -> String {
    clip(&terminal_lines(about).join("\n").replace("](", "] ("), LONGEST)
}
