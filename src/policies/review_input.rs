//! What a policy of scope `review` sees beside the input document.
//!
//! Owns the types of the four keys that are laid over the document once everything else has been judged. As in the
//! document, no key is ever absent or null.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Severity, SourceKind, Status};

/// The keys that scope `review` adds to the input document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewInput {
    /// Every finding, in the order of the verdict's.
    pub findings: Vec<FindingEntry>,
    /// Every rule of the specification that this change touched or that fired, sorted by id.
    pub invariants: Vec<InvariantEntry>,
    /// The agents whose contracts hold for this change, sorted by id.
    pub agents: Vec<AgentEntry>,
    /// What the review is made of so far.
    pub review: ReviewEntry,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingEntry {
    /// The rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// How far its rule has been rolled out.
    pub status: Status,
    /// The file, or empty for the whole change.
    pub path: String,
    /// Line, from 1, or 0.
    pub line: u32,
    /// Whether a waiver lets it through.
    pub waived: bool,
    /// Where its rule comes from.
    pub source: SourceKind,
}

/// One rule of the specification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvariantEntry {
    /// Its id.
    pub id: String,
    /// Whether it has a finding, waived ones included.
    pub fired: bool,
    /// Whether the change touches its scope.
    pub touched: bool,
    /// The kind of `enforce`.
    pub kind: String,
    /// The team that answers for it.
    pub owner: String,
    /// Its status.
    pub status: Status,
    /// The layer of review that it asks for.
    pub layer: u8,
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AgentEntry {
    /// Its id.
    pub id: String,
    /// 1 to 4.
    pub phase: u8,
    /// The least layer of review that its contract asks for.
    pub min_layer: u8,
    /// The team that answers for it.
    pub owner: String,
}

/// What the review is made of so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewEntry {
    /// The deepest layer asked for by everything before this scope, at least 1.
    pub layer: u8,
    /// Teams (or owners of CODEOWNERS) that answer for changed files, sorted.
    pub teams: Vec<String>,
    /// `ai` where base configuration counts lines of unknown making as made with AI, else `human`.
    pub unknown: String,
    /// Ids of decision records that commit messages, title or text of the change cite, sorted.
    pub records: Vec<String>,
    /// What people said about the change, oldest first (asked from the forge).
    pub approvals: Vec<OpinionEntry>,
}

impl Default for ReviewEntry {
    fn default() -> Self {
        let (teams, records, approvals) = (Vec::new(), Vec::new(), Vec::new());
        Self { layer: 1, teams, unknown: "ai".to_owned(), records, approvals }
    }
}

/// What one person said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpinionEntry {
    /// Who.
    pub login: String,
    /// `approved`, `changes-requested`, `dismissed`, `commented` or `unknown`.
    pub stance: String,
    /// The head at which it was said, or empty.
    pub commit: String,
}
