//! How deep the review of this change must be, and who must give it.
//!
//! Owns requirements and (later) the judgement of approvals. Must not ask a forge: approvals arrive as plain values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::RuleId;
use crate::untrusted::Untrusted;

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
}

/// Who must approve, why, and whether that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// Stable id: `layer-<n>` or `layer-<n>/<team>`.
    pub id: String,
    /// 1 automated, 2 team, 3 architecture.
    pub layer: u8,
    /// The team asked, or empty for anyone who may approve this layer.
    pub team: Untrusted,
    /// How many approvals.
    pub count: u32,
    /// Why, one sentence a rule.
    pub reason: Untrusted,
    /// The rules that asked, sorted.
    pub rules: Vec<RuleId>,
    /// Whether enough approvals count.
    pub met: bool,
    /// Approvals seen, counted or not.
    pub approvals: Vec<Approval>,
}

/// One approval and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
