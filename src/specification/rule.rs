//! A rule: an invariant or a prohibited pattern, as written.
//!
//! Owns the type and how one is read. What stands under `enforce` stays a node: the kind that is named there reads it,
//! so that a new kind is one file under `enforcement/`.

use serde::Serialize;

use crate::finding::{RuleId, Severity, Status};
use crate::yaml::{Node, Placed};

/// An invariant, or a prohibited pattern when `instead` is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `INV-…` or `PRO-…`.
    pub id: RuleId,
    /// The rule in one line.
    pub title: String,
    /// How far it has been rolled out, unless `status_by_system` says otherwise.
    pub status: Status,
    /// Roll-out by system.
    pub status_by_system: std::collections::BTreeMap<String, Status>,
    /// How bad a violation is.
    pub severity: Severity,
    /// The review asked for when an enforced rule fires: 1 to 3.
    pub layer: u8,
    /// The team that answers for it.
    pub owner: String,
    /// Why it exists.
    pub rationale: String,
    /// What to do instead; of a prohibited pattern always there.
    pub instead: Option<String>,
    /// The decision record behind it.
    pub decision: Option<String>,
    /// Whose lines it covers.
    pub applies_to: AppliesTo,
    /// Where it holds.
    pub scope: Scope,
    /// What must fire and what must not.
    pub examples: Examples,
    /// Found debt may be carried in the baseline of an application repository.
    pub baseline: bool,
    /// Addresses for further reading.
    pub links: Vec<String>,
    /// How it is enforced.
    pub enforce: Enforce,
    /// The file, relative to the root of the specification.
    pub file: String,
    /// Line of the rule in its file, from 1.
    pub line: u32,
}

impl Rule {
    /// Returns the status in one system.
    #[must_use]
    pub fn status_in(&self, system: &str) -> Status {
        self.status_by_system.get(system).copied().unwrap_or(self.status)
    }
}

/// Whose lines a rule covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AppliesTo {
    /// Every line.
    #[default]
    All,
    /// Lines with evidence of an AI tool and, unless base configuration says otherwise, lines of unknown making.
    Ai,
}

/// Where a rule holds; globs are relative to the root of the system, and `*` never crosses a `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Systems, sorted; never empty.
    pub systems: Vec<String>,
    /// Globs; empty means every path.
    pub paths: Vec<String>,
    /// Globs taken out.
    pub exclude: Vec<String>,
}

/// What must fire (`fail`) and what must not (`pass`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Examples {
    /// Each must fire in at least one language of the rule, or in its own.
    pub fail: Vec<Example>,
    /// None may fire.
    pub pass: Vec<Example>,
}

/// One example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its language, or none: then each language of the rule is tried.
    pub language: Option<String>,
    /// The text.
    pub code: String,
    /// Line of the example in its file, from 1.
    pub line: u32,
}

/// The one key of `enforce` and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enforce {
    /// The kind: `layers`, `ast`, …
    pub kind: Placed<String>,
    /// What stands under it; the kind reads it.
    pub value: Node,
}
