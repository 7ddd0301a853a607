//! `portcullis facts`.

use std::path::PathBuf;

use clap::Args;

use super::values::revision;

const EXAMPLES: &str = "\
Examples:
  portcullis facts                       the change that `portcullis check` would judge
  portcullis facts origin/main..HEAD     a range
  portcullis facts src/payments.py       one file of that change";

/// The arguments of `facts`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Facts {
    /// A range BASE..HEAD, or a path to show only that file or folder
    #[arg(value_name = "RANGE|PATH", value_parser = revision)]
    pub what: Option<String>,
    /// Compare with the merge base of head and this revision
    #[arg(long, value_name = "REV", value_parser = revision)]
    pub base: Option<String>,
    /// The revision under judgement
    #[arg(long, value_name = "REV", value_parser = revision)]
    pub head: Option<String>,
    /// The repository, bare or not
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}
