//! `waivers/*.yaml`: accepted exceptions by a person, with an end.

use serde::Serialize;

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
