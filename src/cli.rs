//! The command line: what may be typed, and what `--help` says.
//!
//! Owns the argument types, one file per subcommand, and the syntax of their values. No logic: whether a revision
//! exists or a file can be written is for the stages. Must not read the environment.

mod check;
mod decide;
mod demo;
mod facts;
mod schema;
mod values;

use clap::{Parser, Subcommand};

pub use self::check::{Check, ReviewMode};
pub use self::decide::Decide;
pub use self::demo::Demo;
pub use self::facts::Facts;
pub use self::schema::{Schema, SchemaName};
pub use self::values::{Date, Format, Progress, Report, Trust};

const EXIT_CODES: &str = "\
Exit codes, whatever the output format:
  0  pass, warnings included
  1  fail: a rule is violated
  2  the command line or .portcullis.yaml is wrong
  3  review required and not yet given
  4  undecided: something could not be checked";

/// A gate at the pull request: reads a change, holds it against policies, gives one verdict and its reasons.
#[derive(Clone, Debug, Parser)]
#[command(name = "portcullis", version, after_help = EXIT_CODES)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true, term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Decide on a change: the main job.
    ///
    /// Reads both sides as git objects, never a checkout. Rules are read from the merge base, so a change cannot relax
    /// the rules that it is judged by. The exit code is 0 pass, 1 fail, 2 wrong command line or .portcullis.yaml, 3
    /// review required, 4 undecided, whatever the output format.
    Check(Box<Check>),
    /// Show the whole story on a built-in sample, offline.
    ///
    /// Writes a small shop as a real git repository into a temporary folder and runs the real `check` on an AI-assisted
    /// change to it. Exits 0 whatever the verdict.
    Demo(Demo),
    /// Print what policies can see: the input document.
    Facts(Facts),
    /// Decide again from a saved input, offline.
    Decide(Decide),
    /// Print a JSON Schema, generated from the types.
    Schema(Schema),
    /// Parse and evaluate for a supervising `portcullis`; not for people.
    #[command(hide = true)]
    Worker,
}
