//! `waivers/*.yaml`: accepted exceptions by a person, with an end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One waiver; `from` and `until` are both included, in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Waiver {
    /// `WVR-…`.
    pub id: String,
    /// The one rule.
    pub rule: String,
    /// The one system.
    pub system: String,
    /// The instances.
    pub at: Vec<Instance>,
    /// Why.
    pub reason: String,
    /// A ticket, or empty.
    pub ticket: String,
    /// The team that asked, and owns it.
    pub requested_by: String,
    /// The team that agreed.
    pub approved_by: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, `YYYY-MM-DD`.
    pub until: String,
    /// The file, relative to the root of the specification.
    pub file: String,
    /// Line in that file, from 1.
    pub line: u32,
}

/// One instance of a waived finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Instance {
    /// The file, relative to the root of the application repository.
    pub path: String,
    /// The finding's fingerprint, 32 hexadecimal digits.
    pub fingerprint: String,
}

/// A waiver that let findings of this change through: a green run still shows its waivers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct WaiverUse {
    /// `WVR-...`.
    pub id: String,
    /// The rule that it waives.
    pub rule: String,
    /// Its last day, `YYYY-MM-DD`.
    pub until: String,
    /// The team that asked for it, and owns it.
    pub owner: String,
    /// How many findings it let through.
    pub findings: u32,
}
