//! `portcullis decide`.

use std::path::PathBuf;

use clap::Args;

use super::values::{Format, Report};

const EXAMPLES: &str = "\
Examples:
  portcullis check --save-input decision.json
  portcullis decide decision.json --format json    the same bytes as check gave, offline";

/// The arguments of `decide`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Decide {
    /// A file written by `portcullis check --save-input`
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    /// Report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    /// Write a report to a file as well; may be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub reports: Vec<Report>,
    /// Exit 0 whatever the verdict
    #[arg(long)]
    pub exit_zero: bool,
}
