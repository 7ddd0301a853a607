//! `init`: the first files of a repository that begins to use the gate.
//!
//! Owns which of the two beginnings is meant. Never overwrites, and never follows a link out of the repository.

mod begin;
mod configuration;
mod conftest;
mod found;
mod left;
mod paths;
mod pipeline;
mod specification;
mod starter;
mod survey;
mod written;

use crate::cli::init::InitArguments;
use crate::commands::surroundings::Surroundings;
use crate::error::Error;

/// Runs `init`.
pub(super) fn run(arguments: &InitArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    if arguments.spec { specification::run(arguments, surroundings) } else { begin::run(arguments, surroundings) }
}
