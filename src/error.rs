//! What stops a run before there is a verdict.
//!
//! Owns the top error type that `gate` returns and `main` turns into an exit code. A fault that leaves a verdict
//! possible is no error: it is a `completeness::Reason`, and the run is undecided.

use crate::diagnostic::{Colour, UsageError, render};

/// Why there is no verdict document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line or the configuration is wrong; all faults at once.
    #[error("the command line or the configuration is wrong")]
    Usage(Vec<UsageError>),
    /// The verdict was reached but could not be written; nothing may pass because of that.
    #[error("cannot write {target}: {source}")]
    Output {
        /// What was written to: a file name or `standard output`.
        target: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// What must be known before anything can be judged was asked of the forge, and it did not answer.
    #[error("{why}")]
    Unanswered {
        /// What was asked and why there was no answer, as a sentence.
        why: String,
    },
}

impl Error {
    /// Returns the exit code: 2 for wrong usage, 4 when nothing could be judged or the verdict could not be written.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Output { .. } | Self::Unanswered { .. } => 4,
        }
    }

    /// Renders the error for standard error.
    #[must_use]
    pub fn render(&self, colour: Colour) -> String {
        match self {
            Self::Usage(errors) => render(errors, colour),
            Self::Output { .. } => {
                let help = "The change counts as undecided. Check the path and the free space.";
                render(&[UsageError::new(self.to_string(), help)], colour)
            }
            Self::Unanswered { .. } => {
                let help = "The change counts as undecided. Run it again when the forge answers.";
                render(&[UsageError::new(self.to_string(), help)], colour)
            }
        }
    }

    /// Says it in one line.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Usage(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            Self::Output { .. } | Self::Unanswered { .. } => self.to_string(),
        }
    }
}

impl From<UsageError> for Error {
    fn from(error: UsageError) -> Self {
        Self::Usage(vec![error])
    }
}

impl From<Vec<UsageError>> for Error {
    fn from(errors: Vec<UsageError>) -> Self {
        Self::Usage(errors)
    }
}
