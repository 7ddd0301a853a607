//! `completions`: what a shell needs to complete the command line.

use std::io::Write as _;

use clap::CommandFactory as _;

use crate::cli::Cli;
use crate::cli::completions::CompletionsArguments;
use crate::commands::output::closed;
use crate::error::Error;

/// Runs `completions`.
pub(super) fn run(arguments: &CompletionsArguments) -> Result<u8, Error> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "portcullis", &mut script);
    let mut out = std::io::stdout().lock();
    out.write_all(&script).and_then(|()| out.flush()).or_else(closed)?;
    Ok(0)
}
