//! Why a rule fired, or did not: its statements one after the other, and how many solutions each leaves.

use serde::{Deserialize, Serialize};

use super::evaluate::{Document, Engines};
use super::{Fault, PolicySet};
use crate::worker::protocol::Target;

/// Where a rule stops on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracing {
    /// Why it could not be traced.
    pub faults: Vec<Fault>,
}

impl Engines {
    pub(crate) fn trace(
        &self,
        _set: &PolicySet,
        _at: (usize, usize),
        _document: &Document,
        _target: Target,
        _focus: Option<&str>,
    ) -> Tracing {
        Tracing::default()
    }
}
