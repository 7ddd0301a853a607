//! What policies of scope `review` see beside the document.
//!
//! Owns which of what was judged becomes which key. Must not judge; it is sent to the worker as it is.

use std::collections::BTreeSet;

use crate::completeness::Reason;
use crate::configuration::UnknownLines;
use crate::enforcement::RuleBook;
use crate::finding::{Finding, RuleId};
use crate::gate::saved::SavedInput;
use crate::policies::review_input::{AgentEntry, FindingEntry, InvariantEntry, OpinionEntry, ReviewEntry, ReviewInput};
use crate::review::reached::Reached;
use crate::review::state::{Opinion, Stance};
use crate::worker::Supervisor;

/// What has been judged before scope `review` is asked.
pub(super) struct Before<'a> {
    pub(super) findings: Vec<&'a Finding>,
    pub(super) touched: &'a [RuleId],
    pub(super) agents: &'a [String],
    /// The deepest layer asked for so far.
    pub(super) layer: u8,
    /// Who answers for changed files.
    pub(super) reached: &'a Reached,
    /// Decision records that the change cites.
    pub(super) records: Vec<String>,
}

/// Returns what scope `review` adds to the document.
pub(super) fn review_input(saved: &SavedInput, book: &RuleBook, before: &Before<'_>) -> ReviewInput {
    let opinions = saved.forge.obtained().map(|state| state.opinions.as_slice()).unwrap_or_default();
    let unknown = match saved.configuration.unknown {
        UnknownLines::Ai => "ai",
        UnknownLines::Human => "human",
    };
    ReviewInput {
        findings: before.findings.iter().map(|finding| entry(finding)).collect(),
        invariants: invariants(book, before),
        agents: before.agents.iter().filter_map(|id| agent(book, id)).collect(),
        review: ReviewEntry {
            layer: before.layer.max(1),
            teams: before.reached.owners.keys().cloned().collect(),
            unknown: unknown.to_owned(),
            records: before.records.clone(),
            approvals: opinions.iter().map(opinion).collect(),
        },
    }
}

/// Sends it to the worker.
pub(super) fn send(review: &ReviewInput, supervisor: &mut Supervisor) -> Option<Reason> {
    match serde_json::to_vec(review) {
        Ok(json) => supervisor.review(json).err().map(|error| error.reason()),
        Err(error) => {
            let remedy = "report this as a defect of portcullis";
            Some(Reason::new("input-document", format!("scope `review` cannot be written: {error}"), remedy))
        }
    }
}

fn entry(finding: &Finding) -> FindingEntry {
    FindingEntry {
        rule: finding.rule.to_string(),
        severity: finding.severity,
        status: finding.status,
        path: finding.path.as_ref().map(|path| path.raw().to_owned()).unwrap_or_default(),
        line: finding.start.map_or(0, |start| start.line),
        waived: finding.waived_by.is_some(),
        source: finding.source.kind,
    }
}

fn invariants(book: &RuleBook, before: &Before<'_>) -> Vec<InvariantEntry> {
    let fired: BTreeSet<&RuleId> = before.findings.iter().map(|finding| &finding.rule).collect();
    let touched: BTreeSet<&RuleId> = before.touched.iter().collect();
    let rules = book.rules.values().map(|enforced| &enforced.rule);
    rules
        .filter(|rule| fired.contains(&rule.id) || touched.contains(&rule.id))
        .map(|rule| InvariantEntry {
            id: rule.id.to_string(),
            fired: fired.contains(&rule.id),
            touched: touched.contains(&rule.id),
            kind: rule.enforce.kind.value.clone(),
            owner: rule.owner.clone(),
            status: rule.status,
            layer: rule.layer,
        })
        .collect()
}

fn agent(book: &RuleBook, id: &str) -> Option<AgentEntry> {
    let agent = book.specification.agents.get(id)?;
    let (id, owner) = (agent.id.clone(), agent.owner.clone());
    Some(AgentEntry { id, phase: agent.phase, min_layer: agent.min_layer, owner })
}

fn opinion(opinion: &Opinion) -> OpinionEntry {
    let stance = match opinion.stance {
        Stance::Approved => "approved",
        Stance::ChangesRequested => "changes-requested",
        Stance::Dismissed => "dismissed",
        Stance::Commented => "commented",
        Stance::Unknown => "unknown",
    };
    OpinionEntry { login: opinion.login.clone(), stance: stance.to_owned(), commit: opinion.commit.clone() }
}
