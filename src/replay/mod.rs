//! What rules would have said about the changes of the past: one answer a change, counted by rule.
//!
//! Owns the answers' types and how they add up. Must not judge: `gate` does; must not read git or the clock.

pub mod csv;
pub mod journal;
mod tally;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::completeness::Reason;
use crate::finding::{RuleId, Severity, Status};
use crate::outcome::Outcome;
use crate::untrusted::Untrusted;
use crate::verdict::Verdict;

pub use tally::{Ruled, report};

/// Name and version of the document.
pub const SCHEMA: &str = "portcullis.replay/v1";

/// Examples that are kept of each rule where nothing says how many, newest first.
pub const EXAMPLES: usize = 3;

/// What one set of rules says about one change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The verdict there would have been.
    pub verdict: Verdict,
    /// What the rules found or asked for, sorted.
    pub hits: Vec<Hit>,
    /// What could not be checked.
    pub reasons: Vec<Reason>,
}

/// One finding, or one request for review.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hit {
    /// The rule.
    pub rule: RuleId,
    /// The finding's fingerprint, or the requirement's id.
    pub identity: String,
    /// The file, or empty for the whole change.
    pub path: Untrusted,
    /// Line from 1, or 0.
    pub line: u32,
    /// What it says.
    pub message: Untrusted,
}

/// Returns the JSON Schema of the document.
#[must_use]
pub fn replay_schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}

impl Answer {
    /// Takes from an outcome what a replay counts.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let document = &outcome.document;
        let found = document.findings.iter().map(|finding| Hit {
            rule: finding.rule.clone(),
            identity: finding.fingerprint.clone(),
            path: finding.path.clone().unwrap_or_default(),
            line: finding.start.map_or(0, |start| start.line),
            message: finding.message.clone(),
        });
        let asked = document.review.requirements.iter().flat_map(|requirement| {
            requirement.rules.iter().map(|rule| Hit {
                rule: rule.clone(),
                identity: requirement.id.clone(),
                path: requirement.paths.first().cloned().unwrap_or_default(),
                line: 0,
                message: Untrusted::new(requirement.reason.raw().lines().collect::<Vec<_>>().join("; ")),
            })
        });
        // A rule whose findings ask for review too has fired once, not twice.
        let fired: std::collections::BTreeSet<&RuleId> =
            document.findings.iter().map(|finding| &finding.rule).collect();
        let mut hits: Vec<Hit> = asked.filter(|hit| !fired.contains(&hit.rule)).chain(found).collect();
        hits.sort();
        hits.dedup();
        Self { verdict: document.verdict, hits, reasons: document.completeness.reasons.clone() }
    }

    /// Returns the answer about a change that could not be judged at all.
    #[must_use]
    pub fn unjudged(reason: Reason) -> Self {
        Self { verdict: Verdict::Undecided, hits: Vec::new(), reasons: vec![reason] }
    }
}

/// A change of the past, as reports name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Past {
    /// The commit, a full id.
    pub commit: String,
    /// The day that the commit says, in UTC.
    pub date: String,
    /// First line of its message.
    pub subject: Untrusted,
}

/// The document: what a set of rules would have said.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// Always `portcullis.replay/v1`.
    pub schema: String,
    /// `portcullis` and its version.
    pub tool: String,
    /// SHA-256 over the rules and what the configuration says about them.
    pub policies_digest: String,
    /// Changes that were judged.
    pub changes: u32,
    /// The newest of them, or null.
    pub newest: Option<Past>,
    /// The oldest of them, or null.
    pub oldest: Option<Past>,
    /// Changes by the verdict there would have been.
    pub verdicts: BTreeMap<String, u32>,
    /// All rules, the one that fired on most changes first.
    pub rules: Vec<Tally>,
    /// Changes that could not be judged in full, newest first.
    pub undecided: Vec<Undecided>,
    /// How another version of the rules differs, or null.
    pub against: Option<Against>,
}

/// How often one rule fired.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Tally {
    /// The rule.
    pub rule: RuleId,
    /// How bad its violations are.
    pub severity: Severity,
    /// How far it has been rolled out.
    pub status: Status,
    /// True when it reads the forge, which a replay cannot ask: it did not run.
    pub needs_forge: bool,
    /// Findings and requests for review.
    pub fired: u32,
    /// Changes on which it fired.
    pub changes: u32,
    /// Those in percent of all changes, to a tenth.
    pub share: f64,
    /// Milliseconds that its package took over all changes; differs from run to run.
    pub package_ms: u64,
    /// The newest changes on which it fired.
    pub newest: Vec<Example>,
}

/// One place at which a rule fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Example {
    /// The change.
    #[serde(flatten)]
    pub past: Past,
    /// The file, or empty for the whole change.
    pub path: Untrusted,
    /// Line from 1, or 0.
    pub line: u32,
    /// What it says.
    pub message: Untrusted,
}

/// A change that could not be judged in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Undecided {
    /// The change.
    #[serde(flatten)]
    pub past: Past,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// How another version of the rules differs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Against {
    /// Where the other version was read.
    pub revision: Untrusted,
    /// Its digest.
    pub policies_digest: String,
    /// Changes by the verdict there would have been with it.
    pub verdicts: BTreeMap<String, u32>,
    /// Changes whose verdict differs, newest first.
    pub turned: Vec<Turned>,
    /// The rules that say something else, sorted by id.
    pub rules: Vec<Difference>,
}

/// A change whose verdict differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Turned {
    /// The change.
    #[serde(flatten)]
    pub past: Past,
    /// The verdict with the other version.
    pub before: Verdict,
    /// The verdict with this one.
    pub now: Verdict,
}

/// What a rule says in one version only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// The rule.
    pub rule: RuleId,
    /// Findings and requests in the other version.
    pub before: u32,
    /// Findings and requests in this one.
    pub now: u32,
    /// How many are in this version only.
    pub appeared: u32,
    /// How many are in the other version only.
    pub vanished: u32,
    /// The newest of those that appeared.
    pub newest_appeared: Vec<Example>,
    /// The newest of those that vanished.
    pub newest_vanished: Vec<Example>,
}
