//! A row of the list of rules: what code scanning shows beside an alert.

use super::model::{Configuration, Markup, Rule, RuleProperties};
use super::{LONGEST, level, message, text};
use crate::finding::{Finding, Severity, SourceKind, Status};
use crate::outcome::{Outcome, RuleNote};
use crate::reports::layout::text::clip;
use crate::untrusted::{Untrusted, markdown_code, markdown_fence, markdown_prose};

/// GitHub keeps so many tags of a rule.
const TAGS: usize = 10;
/// No tag takes more characters than this.
const TAG: usize = 100;
/// GitHub takes so many characters of a description.
const DESCRIPTION: usize = 1_000;
/// So many addresses are named.
const LINKS: usize = 10;
/// No address takes more characters than this.
const ADDRESS: usize = 500;

/// Returns the row of a finding's rule.
pub(super) fn of(finding: &Finding, outcome: &Outcome) -> Rule {
    let id = finding.rule.as_str();
    let unknown = RuleNote::default();
    let note = outcome.rules.get(&finding.rule).unwrap_or(&unknown);
    let title = if finding.title.is_empty() { id } else { finding.title.raw() };
    let why = if finding.rationale.is_empty() { title } else { finding.rationale.raw() };
    Rule {
        id: id.to_owned(),
        name: pascal(id.rsplit('/').next().unwrap_or(id)),
        short_description: message(&clip(title, DESCRIPTION)),
        full_description: message(&clip(why, DESCRIPTION)),
        help_uri: note.links.iter().find_map(address),
        help: help(finding, note, why),
        default_configuration: Configuration { level: level(finding) },
        properties: RuleProperties {
            tags: tags(finding, note),
            precision: if finding.status == Status::Enforced { "high" } else { "medium" },
            problem_severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
        },
    }
}

/// Returns `python-eval` as `PythonEval`: the form that viewers expect of a rule's name.
fn pascal(id: &str) -> String {
    let words = id.split(|c: char| !c.is_ascii_alphanumeric()).map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    words.collect()
}

/// Returns the pack, where the rule is written, its status, and the controls that it serves.
fn tags(finding: &Finding, note: &RuleNote) -> Vec<String> {
    let id = finding.rule.as_str();
    let kind = match finding.source.kind {
        SourceKind::Builtin => "builtin",
        SourceKind::Policy => "policy",
        SourceKind::Specification => "specification",
        SourceKind::Import => "import",
    };
    let mut tags: Vec<String> = Vec::new();
    let own = [id.split('/').next().unwrap_or(id), kind, finding.status.word()].map(str::to_owned);
    for tag in own.into_iter().chain(note.controls.iter().map(|control| clip(&text(control.raw()), TAG))) {
        if !tag.is_empty() && !tags.contains(&tag) && tags.len() < TAGS {
            tags.push(tag);
        }
    }
    tags
}

/// Returns the address where it is one that a viewer may offer to open; it comes from the rule, never from the change.
fn address(link: &Untrusted) -> Option<String> {
    let rest = link.raw().strip_prefix("https://")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/?#&=%+,:".contains(c);
    let whole = !rest.is_empty() && rest.len() <= ADDRESS && rest.chars().all(plain);
    whole.then(|| link.raw().to_owned())
}

fn help(finding: &Finding, note: &RuleNote, why: &str) -> Markup {
    let fix = if note.fix.is_empty() { &finding.fix } else { &note.fix };
    let mut plain = text(why);
    let mut page = format!("{}\n", markdown_prose(&clip(why, LONGEST)));
    if !fix.is_empty() {
        plain.push_str(&format!("\n\nHow to satisfy it: {}", text(fix.raw())));
        page.push_str(&match fix.raw().trim_end().contains('\n') {
            true => format!("\n**How to satisfy it:**\n\n{}", markdown_fence(&clip(fix.raw(), LONGEST))),
            false => format!("\n**How to satisfy it:** {}\n", markdown_prose(&clip(fix.raw(), LONGEST))),
        });
    }
    for (head, example) in [("Breaks it", &note.bad), ("Is fine", &note.good)] {
        if !example.is_empty() {
            plain.push_str(&format!("\n\n{head}:\n{}", text(example.raw())));
            page.push_str(&format!("\n**{head}:**\n\n{}", markdown_fence(&clip(example.raw(), LONGEST))));
        }
    }
    if !finding.owner.is_empty() {
        plain.push_str(&format!("\n\nAsk: {}", text(finding.owner.raw())));
        page.push_str(&format!("\n**Ask:** {}\n", markdown_prose(&clip(finding.owner.raw(), LONGEST))));
    }
    // As text: what a viewer may open stands under `helpUri` alone.
    let links: Vec<String> = finding.links.iter().take(LINKS).map(|link| clip(link.raw(), ADDRESS)).collect();
    if !links.is_empty() {
        plain.push_str(&format!("\n\nRead on: {}", text(&links.join(", "))));
        page.push_str(&format!("\n**Read on:** {}\n", markdown_prose(&links.join(", "))));
    }
    let explain = format!("portcullis explain {}", finding.rule);
    plain.push_str(&format!("\n\nMore: {explain}"));
    page.push_str(&format!("\n**More:** {}\n", markdown_code(&explain)));
    Markup { text: plain, markdown: page }
}
