//! The answer of one run: the contract `portcullis.verdict/v1`, and what reports need beside it.
//!
//! Owns the document's types. Must not decide; `verdict` does. Must not render; `reports` do.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::completeness::Completeness;
use crate::finding::{Finding, RuleId};
use crate::review::Review;
use crate::specification::waiver::WaiverUse;
use crate::untrusted::Untrusted;
use crate::verdict::Verdict;

/// Name and version of the document.
pub const SCHEMA: &str = "portcullis.verdict/v1";

/// The JSON contract of design part 5; every other report is derived from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictDocument {
    /// Always `portcullis.verdict/v1`.
    pub schema: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The exit code: 0 pass, 1 fail, 3 review, 4 undecided.
    pub exit_code: u8,
    /// What was judged.
    pub change: ChangeSummary,
    /// All findings, observed and waived ones included, worst first.
    pub findings: Vec<Finding>,
    /// The waivers that let findings through, sorted by id.
    pub waivers: Vec<WaiverUse>,
    /// The review this change needs.
    pub review: Review,
    /// Rules that need facts of the forge and so wait for CI, sorted.
    pub deferred: Vec<Deferred>,
    /// What could not be checked.
    pub completeness: Completeness,
    /// How much was evaluated; nothing evaluated is never a pass.
    pub evaluated: Evaluated,
    /// What the decision was made from.
    pub inputs: Inputs,
}

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeSummary {
    /// The base commit.
    pub base: String,
    /// The head commit, or `worktree` or `index`.
    pub head: String,
    /// The commit compared with, or empty when there is none.
    pub merge_base: String,
    /// Changed files.
    pub files: u32,
    /// Added lines.
    pub added: u32,
    /// Removed lines.
    pub removed: u32,
}

/// A rule that waits for CI.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Deferred {
    /// The rule.
    pub rule: RuleId,
    /// Why it waits.
    pub why: Untrusted,
}

/// How much was evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evaluated {
    /// Packs and policy folders.
    pub packs: u32,
    /// Rego packages.
    pub packages: u32,
    /// Rules that ran.
    pub rules: u32,
    /// Changed files judged.
    pub files: u32,
    /// Files that were parsed by a grammar.
    pub parsed: u32,
    /// Findings that are old debt of the baseline, and stand in no list.
    pub carried: u32,
}

/// What the decision was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inputs {
    /// `portcullis` and its version.
    pub tool: String,
    /// Where rules were read from: `base` or `worktree`.
    pub trust: String,
    /// SHA-256 over all policies, patterns and data.
    pub policies_digest: String,
    /// The specification's commit or digest, or empty.
    pub specification: String,
    /// SHA-256 over the input document.
    pub input_digest: String,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: String,
}

/// Everything that reports render.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The contract.
    pub document: VerdictDocument,
    /// Head text (base text for deleted files) of files with findings, for code frames, by path in wire form.
    pub texts: BTreeMap<String, String>,
    /// One-line notes: uncommitted files not checked, no change, a file that was not parsed.
    pub notes: Vec<Untrusted>,
    /// The command that shows the same verdict again, or empty.
    pub again: String,
}
