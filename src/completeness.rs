//! What could not be checked, and what to do about it.
//!
//! Owns the type that an error becomes when it must not stop the run: a `Reason`. A run with a blocking reason is
//! `undecided`. Must not decide the verdict.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::untrusted::Untrusted;

/// One thing that could not be checked, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// Stable kebab-case word, e.g. `missing-object`, `policy-fault`, `file-timeout`.
    pub code: String,
    /// The file concerned, or empty.
    pub path: Untrusted,
    /// What happened.
    pub message: Untrusted,
    /// What to do, as a command where there is one.
    pub remedy: Untrusted,
}

impl Reason {
    /// Returns a reason that concerns no single file.
    pub fn new(code: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            path: Untrusted::default(),
            message: Untrusted::new(message),
            remedy: Untrusted::new(remedy),
        }
    }

    /// Returns the same reason about one file.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Untrusted::new(path);
        self
    }
}

/// Whether everything that the decision needs was there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Completeness {
    /// True when nothing is missing.
    pub complete: bool,
    /// What is missing, sorted.
    pub reasons: Vec<Reason>,
}

impl Completeness {
    /// Returns the answer for a list of reasons: complete only when there is none.
    #[must_use]
    pub fn of(mut reasons: Vec<Reason>) -> Self {
        reasons.sort();
        reasons.dedup();
        Self { complete: reasons.is_empty(), reasons }
    }
}
