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
    /// Whose approval counts could not be asked, so that people are still awaited.
    #[error("whether people have approved cannot be asked: {why}")]
    Unasked {
        /// Why nobody was asked, with what to do.
        why: String,
    },
    /// What must be known before anything can be judged was asked of the forge, and it did not answer.
    #[error("{why}")]
    Unanswered {
        /// What was asked and why there was no answer, as a sentence.
        why: String,
    },
}

impl Error {
    /// Returns the exit code: 2 for wrong usage, 3 when approvals could not be asked, 4 when nothing could be judged or the verdict could not be written.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Unasked { .. } => 3,
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
            Self::Unasked { .. } => {
                let help = "The change counts as awaiting review. Pass a token to the step, then run it again.";
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
            Self::Output { .. } | Self::Unasked { .. } | Self::Unanswered { .. } => self.to_string(),
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

#[cfg(test)]
mod tests {
    use super::Error;
    use crate::diagnostic::{Colour, UsageError};

    #[test]
    fn every_error_says_what_to_do() {
        let source = std::io::Error::other("full");
        let errors = [
            (Error::from(UsageError::new("wrong", "Do this.")), 2),
            (Error::Unasked { why: "there is no token".to_owned() }, 3),
            (Error::Output { target: "a.sarif".to_owned(), source }, 4),
            (Error::Unanswered { why: "it is silent".to_owned() }, 4),
        ];
        for (error, code) in errors {
            let shown = error.render(Colour::Never);
            assert!(shown.contains("help:"), "{shown}");
            assert_eq!(error.exit_code(), code, "{shown}");
        }
    }
}
