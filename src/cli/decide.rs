//! Arguments of `decide`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::Args;

use super::values;
use crate::reports::Format;

/// Arguments of `decide`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:
  portcullis check --save-input change.json --format json >first.json
  portcullis decide change.json --format json >second.json
  cmp first.json second.json")]
pub struct DecideArguments {
    /// What `check --save-input` wrote.
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    /// Report on standard output: agent, github, gitlab, html, human, json, junit, markdown or sarif [default: human].
    #[arg(long, value_parser = values::format)]
    pub format: Option<&'static Format>,
    /// A further report into a file; may be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = values::report)]
    pub reports: Vec<(&'static Format, PathBuf)>,
    /// Tokens that a report for an agent may take [default: 8000]; a token is counted as four bytes.
    #[arg(long, value_name = "TOKENS", value_parser = values::tokens)]
    pub budget: Option<usize>,
    /// Exit with 0 whatever the verdict.
    #[arg(long)]
    pub exit_zero: bool,
    /// Threads of the worker [default: processors, at most 16].
    #[arg(long, value_name = "N", value_parser = values::threads)]
    pub threads: Option<u32>,
}
