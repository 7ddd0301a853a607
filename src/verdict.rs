//! Findings, requirements and completeness -> one verdict. A pure function in numbered steps.
//!
//! Owns the decision. Must not read, write, or know any rule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The answer, least strict first; two are combined by `max`. There is no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing stands against the change.
    Pass,
    /// People must look at it first.
    Review,
    /// A rule is violated.
    Fail,
    /// Something could not be checked.
    Undecided,
}

impl Verdict {
    /// Returns the exit code; 2 is kept for a wrong command line or configuration.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Review => 3,
            Self::Undecided => 4,
        }
    }
}

/// From which severity on an enforced finding fails the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Warnings too.
    Warning,
    /// Nothing fails; findings are shown.
    Never,
}
