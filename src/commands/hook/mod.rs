//! `hook`: the gate before a push.
//!
//! Owns which of the three is meant. A hook is a courtesy to whoever pushes: it can be left out with one flag, so nothing
//! may rest on it.

mod installed;
mod pushed;

use crate::cli::hook::{HookArguments, HookCommand};
use crate::commands::surroundings::Surroundings;
use crate::error::Error;

/// Runs `hook`.
pub(super) fn run(arguments: &HookArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    match &arguments.command {
        HookCommand::Install(place) => installed::install(place, surroundings),
        HookCommand::Run(arguments) => pushed::run(arguments, surroundings),
        HookCommand::Uninstall(place) => installed::uninstall(place, surroundings),
    }
}
