//! `portcullis-spec.yaml`: schema number, release and defaults.

use serde::Serialize;

/// The specification's own header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Manifest {
    /// The schema number; this tool reads 1.
    pub schema: u32,
    /// Name of the specification.
    pub name: String,
    /// Its release, `major.minor.patch`.
    pub version: String,
    /// Lower bound on the tool, such as `>=0.3`; or empty.
    pub requires_tool: String,
    /// Defaults of other files.
    pub defaults: Defaults,
}

/// Defaults of other files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Defaults {
    /// Longest waiver in days, both ends included.
    pub waiver_max_days: u32,
    /// The certificate that people need who approve AI-assisted changes; or empty.
    pub certification: String,
    /// How many days a certificate holds.
    pub certification_max_age_days: u32,
    /// What an agent without a contract may do.
    pub unknown_agent: UnknownAgent,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            waiver_max_days: 90,
            certification: String::new(),
            certification_max_age_days: 365,
            unknown_agent: UnknownAgent::Review,
        }
    }
}

/// What a change made by an agent without a contract meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownAgent {
    /// Nothing of its own.
    Allow,
    /// It asks for the review of a team.
    Review,
    /// It is a finding.
    Deny,
}
