//! Arguments of `demo`.
//!
//! Owns their names and help. Must not do anything.

use clap::Args;

use super::values;
use crate::reports::Format;

/// Tell the whole story on a built-in sample, offline.
///
/// Writes a shop of three services as a git repository into a temporary folder, with an AI-assisted change, and runs
/// the real check on it.
#[derive(Args, Clone, Debug)]
pub struct DemoArguments {
    /// Leave the sample repository there and say where.
    #[arg(long)]
    pub keep: bool,
    /// Report on standard output: github, human, json or sarif [default: human].
    #[arg(long, value_parser = values::format)]
    pub format: Option<&'static Format>,
}
