//! `spec`: care for the specification; one file a subcommand.
//!
//! Owns the edge between those commands and the work tree. Must not decide on a change.

mod baseline;
pub(in crate::commands) mod desk;
mod diff;
mod export;
mod fetch;
mod lint;
pub(in crate::commands) mod listing;
mod pin;
pub(in crate::commands) mod show;
mod test;

use crate::cli::spec::{SpecArguments, SpecCommand};
use crate::commands::surroundings::Surroundings;
use crate::error::Error;

/// The exit code when a fault was found, a test failed, or a file is out of date.
const FAULTY: u8 = 1;

/// Runs a subcommand of `spec` and returns the exit code.
pub(super) fn run(arguments: &SpecArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    match &arguments.command {
        SpecCommand::Lint(arguments) => lint::run(arguments, surroundings),
        SpecCommand::Show(arguments) => show::run(arguments, surroundings),
        SpecCommand::Diff(arguments) => diff::run(arguments, surroundings),
        SpecCommand::Export(arguments) => export::run(arguments, surroundings),
        SpecCommand::Test(arguments) => test::run(arguments, surroundings),
        SpecCommand::Pin(arguments) => pin::run(arguments, surroundings),
        SpecCommand::Fetch(arguments) => fetch::run(arguments, surroundings),
        SpecCommand::Baseline(arguments) => baseline::run(arguments, surroundings),
    }
}
