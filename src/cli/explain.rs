//! Arguments of `explain`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::Args;

use super::spec::TextFormat;

/// Arguments of `explain`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis explain INV-PAY-002
  portcullis explain dangerous-calls/sql-from-strings
  portcullis explain shop/no-print --format json

Exit codes: 0 explained, 2 there is no such rule here.")]
pub struct ExplainArguments {
    /// The rule, as a finding names it.
    #[arg(value_name = "RULE-ID")]
    pub id: String,
    /// The folder of the specification [default: that of the repository around here].
    #[arg(long = "spec", value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}
