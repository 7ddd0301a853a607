//! How deep the review of this change must be, and who must give it.
//!
//! Owns requirements and the judgement of approvals: `reached` says whom a change concerns, `requirements` what must be
//! met, `decision_record` what a change of the architecture must cite, `unread` what the gate itself asks people to look
//! at, `approvals` whose word counts. Must not ask a forge: what it said arrives as the plain values of `state`.

pub mod approvals;
pub mod decision_record;
pub mod reached;
mod requirements;
#[cfg(test)]
pub(crate) mod sample;
pub mod state;
pub mod unread;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::requirements::required;
use crate::finding::RuleId;
use crate::untrusted::Untrusted;

/// The id of the requirement that a decision record is cited.
pub const DECISION_RECORD: &str = "decision-record";

/// A policy's wish that people look at the change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReviewRequest {
    /// The rule that asks.
    pub rule: RuleId,
    /// Why, as a sentence.
    pub reason: Untrusted,
    /// 1 automated, 2 team, 3 architecture.
    pub layer: u8,
    /// The team asked, or empty for anyone who may approve this layer.
    pub team: Untrusted,
    /// How many approvals.
    pub count: u32,
    /// The certificate that those who approve must hold, or empty.
    pub certified: String,
    /// The files that it is about, in wire form, sorted; empty for the whole change.
    pub paths: Vec<String>,
    /// Whether the change must cite a decision record.
    pub record: bool,
}

/// Who must approve, why, and whether that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// Stable id: `layer-<n>`, `layer-<n>/<team>`, either with `+<certificate>` behind it, or `decision-record`.
    pub id: String,
    /// 1 automated, 2 team, 3 architecture.
    pub layer: u8,
    /// The team asked, or empty for anyone who may approve this layer. Owners that only CODEOWNERS knows are handles, with
    /// `@` as written there; of several names, joined by ` | `, any one is enough.
    pub team: Untrusted,
    /// How many approvals, each of another person; 0 where something else is asked for. One more than was asked for where
    /// the forge does not tell who pushed last.
    pub count: u32,
    /// The certificate that those who approve must hold, or empty.
    pub certified: Untrusted,
    /// The files that it is about, sorted; empty for the whole change.
    pub paths: Vec<Untrusted>,
    /// Why: one line a reason, sorted.
    pub reason: Untrusted,
    /// The rules that asked, sorted.
    pub rules: Vec<RuleId>,
    /// Whether enough approvals count.
    pub met: bool,
    /// Approvals seen, counted or not, sorted by login.
    pub approvals: Vec<Approval>,
}

/// One approval and whether it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// Who.
    pub login: Untrusted,
    /// Whether it counts.
    pub counts: bool,
    /// Why not, or empty.
    pub why_not: Untrusted,
}

/// The review that this change needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// The deepest layer asked for, at least 1.
    pub layer: u8,
    /// What must be met, deepest layer first.
    pub requirements: Vec<Requirement>,
}

impl Review {
    /// Returns the review that `requests` add up to where nothing is known about owners; see [`required`].
    #[must_use]
    pub fn of(requests: &[ReviewRequest]) -> Self {
        required(requests, &reached::Reached::default(), &decision_record::Records::default())
    }
}
