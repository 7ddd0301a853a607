//! `policy`: write, check and test policies, and bring the ones you have; one file a subcommand.
//!
//! Owns the edge between those commands and the work tree. Must not decide on a change.

mod check;
mod import;
mod new;
mod place;
mod test;
mod workbench;

pub(super) use check::check_schema;
pub(super) use test::test_schema;

use crate::cli::policy::{PolicyArguments, PolicyCommand};
use crate::commands::surroundings::Surroundings;
use crate::error::Error;

/// The exit code when a fault was found or a test failed.
const FAULTY: u8 = 1;

/// Runs a subcommand of `policy` and returns the exit code.
pub(super) fn run(arguments: &PolicyArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    match &arguments.command {
        PolicyCommand::New(arguments) => new::run(arguments, surroundings),
        PolicyCommand::Check(arguments) => check::run(arguments, surroundings),
        PolicyCommand::Import(arguments) => import::run(arguments, surroundings),
        PolicyCommand::Test(arguments) => test::run(arguments, surroundings),
    }
}
