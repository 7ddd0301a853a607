//! Arguments of `demo`.
//!
//! Owns their names and help. Must not do anything.

use clap::Args;

use super::values;
use crate::reports::Format;

/// Arguments of `demo`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis demo
  portcullis demo --keep               and leave the sample there, to look around in it
  portcullis demo --format markdown    as a comment on a pull request

Exit code: 0, whatever the sample's verdict.")]
pub struct DemoArguments {
    /// Leave the sample repository there and say where.
    #[arg(long)]
    pub keep: bool,
    /// Report on standard output: agent, github, gitlab, html, human, json, junit, markdown or sarif [default: human].
    #[arg(long, value_parser = values::format)]
    pub format: Option<&'static Format>,
    /// Tokens that a report for an agent may take [default: 8000]; a token is counted as four bytes.
    #[arg(long, value_name = "TOKENS", value_parser = values::tokens)]
    pub budget: Option<usize>,
}
