//! The kinds of task: what each may take, and what may answer it.

use super::protocol::{Answer, BATCH_MS, Task};
use crate::limits::Limits;

/// The kind of a task, for its time limit and the kind of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    Read,
    Imports,
    Load,
    Evaluate,
    Plan,
    Try,
    Probe,
    Report,
}

impl Job {
    /// Returns the kind of a task.
    pub(super) fn of(task: &Task) -> Self {
        match task {
            Task::Read(_) => Self::Read,
            Task::Imports(_) => Self::Imports,
            Task::Load => Self::Load,
            Task::Evaluate { .. } => Self::Evaluate,
            Task::Plan => Self::Plan,
            Task::Try(_) => Self::Try,
            Task::Probe(_) => Self::Probe,
            Task::Report(_) => Self::Report,
        }
    }

    /// Says whether that is an answer to this kind of task.
    pub(super) fn answered_by(self, answer: &Answer) -> bool {
        match answer {
            Answer::Read(_) => self == Self::Read,
            Answer::Imports(_) => self == Self::Imports,
            Answer::Loaded(_) => self == Self::Load,
            Answer::Evaluated(..) => self == Self::Evaluate,
            Answer::Planned(_) => self == Self::Plan,
            Answer::Tried(_) => self == Self::Try,
            Answer::Probed(_) => self == Self::Probe,
            Answer::Reported(_) => self == Self::Report,
        }
    }

    /// Returns the hard limit in milliseconds of wall time, above the soft one that the worker holds itself to. In a
    /// process that has not loaded the policies, an evaluation loads them first.
    pub(super) fn limit_ms(self, limits: &Limits, loaded: bool) -> u64 {
        match self {
            Self::Read | Self::Imports | Self::Report => limits.file_ms.saturating_mul(3).saturating_add(2_000),
            Self::Load | Self::Plan => limits.load_ms.saturating_add(1_000),
            Self::Evaluate => {
                let evaluation = limits.evaluation_ms.saturating_add(limits.evaluation_ms / 2).saturating_add(1_000);
                evaluation.saturating_add(BATCH_MS).saturating_add(if loaded { 0 } else { limits.load_ms })
            }
            // In a process of its own a test is read first; why it failed is found by evaluating parts of it.
            Self::Try => limits.evaluation_ms.saturating_mul(3).saturating_add(limits.load_ms).saturating_add(2_000),
            // The modules that a question names are read for it, whatever has been loaded.
            // A trace of scope `document` evaluates both sides before it looks closer.
            Self::Probe => {
                let twice = limits.evaluation_ms.saturating_mul(2);
                let evaluation = twice.saturating_add(limits.evaluation_ms / 2).saturating_add(1_000);
                evaluation.saturating_add(limits.load_ms.saturating_mul(2))
            }
        }
    }
}
