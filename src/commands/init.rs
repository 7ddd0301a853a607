//! `init`: begins a specification.
use crate::cli::init::InitArguments;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;

/// Runs `init`.
pub(super) fn run(arguments: &InitArguments, _surroundings: &Surroundings) -> Result<u8, Error> {
    let _ = arguments;
    Err(UsageError::new("plain `init` does not work yet", "Run `portcullis init --spec`.").into())
}
