//! `decide`: decide again from a saved input, offline.

use std::path::Path;

use crate::cli::decide::DecideArguments;
use crate::commands::check::threads;
use crate::commands::output::{Destination, deliver};
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::gate::{SavedInput, decide_again};

/// The largest saved input that is read.
const MAX_BYTES: u64 = 2 << 30;

/// Runs `decide` and returns the exit code.
pub(super) fn run(arguments: &DecideArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let saved = read(&arguments.input)?;
    let outcome = decide_again(&saved, surroundings.worker(), arguments.threads.unwrap_or_else(threads));
    let destination = Destination {
        format: arguments.format.unwrap_or(&crate::reports::human::FORMAT),
        reports: arguments.reports.clone(),
        tokens: arguments.budget,
        exit_zero: arguments.exit_zero,
        review_reports: false,
    };
    Ok(deliver(&outcome, &destination, surroundings))
}

pub(super) fn read(path: &Path) -> Result<SavedInput, Error> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| UsageError::new(format!("cannot read {shown}: {error}"), MADE_BY);
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_BYTES {
        return Err(UsageError::new(format!("{shown} has {size} bytes, over {MAX_BYTES}"), MADE_BY).into());
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let saved: SavedInput = serde_json::from_slice(&bytes).map_err(|error| {
        UsageError::new(format!("{shown}:{}:{}: not a saved input: {error}", error.line(), error.column()), MADE_BY)
    })?;
    let known = crate::gate::SAVED_SCHEMA;
    if saved.schema != known {
        let message = format!("{shown} says schema `{}`; this version reads `{known}`", saved.schema);
        return Err(UsageError::new(message, "decide with the version that saved it").into());
    }
    Ok(saved)
}

const MADE_BY: &str = "make one with `portcullis check --save-input FILE`";
