//! The command line as types; one file a subcommand.
//!
//! Owns names, values and help texts. Must not do anything.

pub mod check;
pub mod decide;
pub mod demo;
pub mod facts;
pub mod schema;
mod values;

use clap::{Parser, Subcommand};

/// A gate at the pull request: facts and policies in, one verdict out.
#[derive(Debug, Parser)]
#[command(
    name = "portcullis",
    version,
    about,
    long_about = None,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 pass, 1 fail, 2 wrong command line or configuration, 3 review required, 4 undecided.\n\n\
                  Start with `portcullis demo`, then run `portcullis check` on a branch of your own."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Decide on a change.
    Check(check::CheckArguments),
    /// Decide again from a saved input, offline.
    Decide(decide::DecideArguments),
    /// Tell the whole story on a built-in sample, offline.
    Demo(demo::DemoArguments),
    /// Print what policies can see of a change: the input document.
    Facts(facts::FactsArguments),
    /// Print a JSON Schema.
    Schema(schema::SchemaArguments),
    /// The process in which hostile bytes are read; started by the other subcommands.
    #[command(hide = true)]
    Worker,
}
