//! What each subcommand does: arguments -> pipeline -> reports -> exit code; one file a subcommand.
//!
//! Owns the edge to the operating system: environment, standard streams, files that the caller names. Must not decide.

mod check;
mod completions;
mod decide;
mod demo;
mod doctor;
mod explain;
mod facts;
mod forge;
mod hook;
mod init;
mod man;
mod output;
mod page;
mod policy;
mod probed;
mod progress;
mod replay;
mod review;
mod schema;
mod spec;
mod standing;
mod surroundings;

use std::ffi::OsString;

use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::error::Error;
use crate::gate::Gatehouse;
use crate::worker::serve_standard_streams;
use surroundings::Surroundings;

/// The exit code of a wrong command line or configuration.
const USAGE: u8 = 2;

/// The exit code of what could not be done; a gate that broke never says pass.
const UNDECIDED: u8 = 4;

/// Runs the command line and returns the exit code.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> u8 {
    let surroundings = Surroundings::new(variables);
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Standard output or error may be gone; the code still says what happened.
            let _ = error.print();
            return if error.use_stderr() { USAGE } else { 0 };
        }
    };
    let ended = match &cli.command {
        Command::Check(arguments) => check::run(arguments, &surroundings),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Decide(arguments) => decide::run(arguments, &surroundings),
        Command::Demo(arguments) => demo::run(arguments, &surroundings),
        Command::Doctor(arguments) => doctor::run(arguments, &surroundings),
        Command::Facts(arguments) => facts::run(arguments, &surroundings),
        Command::Explain(arguments) => explain::run(arguments, &surroundings),
        Command::Hook(arguments) => hook::run(arguments, &surroundings),
        Command::Init(arguments) => init::run(arguments, &surroundings),
        Command::Man(arguments) => man::run(arguments),
        Command::Policy(arguments) => policy::run(arguments, &surroundings),
        Command::Spec(arguments) => spec::run(arguments, &surroundings),
        Command::Replay(arguments) => replay::run(arguments, &surroundings),
        Command::Review(arguments) => review::review(arguments, &surroundings),
        Command::Sweep(arguments) => review::sweep(arguments, &surroundings),
        Command::Schema(arguments) => schema::run(arguments.name),
        Command::Worker => return worker(&surroundings),
    };
    ended.unwrap_or_else(|error| complain(&error, &surroundings))
}

fn worker(surroundings: &Surroundings) -> u8 {
    match serve_standard_streams(Gatehouse::new) {
        Ok(()) => 0,
        Err(error) => {
            surroundings.complain(&error.to_string());
            UNDECIDED
        }
    }
}

/// Says on standard error why there is no verdict.
fn complain(error: &Error, surroundings: &Surroundings) -> u8 {
    surroundings.say(&error.render(surroundings.error_colour()));
    error.exit_code()
}
