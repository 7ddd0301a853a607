//! Questions that authors ask about policies, and the answers, as they cross the wire.
//!
//! Owns the types only. No verdict depends on them.

use serde::{Deserialize, Serialize};

use super::Fault;
use super::trace::Tracing;
use crate::worker::protocol::Target;

/// The name under which a question is shown in places of faults.
pub const QUERY: &str = "query";

/// One question about the input document and the policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Probe {
    /// What is the value of this expression?
    Query {
        /// Rego: one expression, or the statements of a body.
        text: String,
        /// What `input` is.
        target: Target,
    },
    /// Where does this rule stop on this target?
    Trace {
        /// Index into `Loaded::packages`.
        package: u32,
        /// Index into the package's rules.
        rule: u32,
        /// What `input` is.
        target: Target,
        /// Leave out what is about other files than this.
        focus: Option<String>,
    },
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Probed {
    /// To `Probe::Query`.
    Query(Found),
    /// To `Probe::Trace`.
    Trace(Tracing),
}

/// What an expression gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// A JSON array of the distinct values, in their order; empty where there is a fault.
    pub json: String,
    /// How many values those are.
    pub count: u64,
    /// What deserves a second look: paths that the input document does not have.
    pub notes: Vec<Fault>,
    /// Why there is no answer.
    pub faults: Vec<Fault>,
}
