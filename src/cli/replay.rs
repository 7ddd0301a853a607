//! Arguments of `replay`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::check::ProgressChoice;
use super::values;
use crate::replay::EXAMPLES;

/// Arguments of `replay`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis replay                                 the rules of the work tree over the last 100 changes
  portcullis replay --last 500 --policy policies    one folder of policies, nothing else
  portcullis replay v1.0..main --pack size          a built-in pack over a release
  portcullis replay --against main                  what my edit of the policies changes
  portcullis replay --last 2000 --resume r.jsonl    stop it at any time, and run the same again to go on

A change is a commit on the first-parent line of the branch, held against its first parent. Rules that ask the forge do not
run, and the specification and its baseline play no part. Exit codes: 0 done, 2 wrong command line or configuration,
4 the policies or the history could not be read.")]
pub struct ReplayArguments {
    /// AFTER..UNTIL, or the last revision [default: HEAD].
    #[arg(value_name = "RANGE", value_parser = values::revision)]
    pub range: Option<String>,
    /// At most so many changes, newest first [default: 100, all of a range].
    #[arg(long, value_name = "N", value_parser = values::count)]
    pub last: Option<usize>,
    /// Try this policy folder, and only what is named; may be repeated.
    #[arg(long = "policy", value_name = "DIR")]
    pub policies: Vec<PathBuf>,
    /// Try this built-in pack, and only what is named; may be repeated.
    #[arg(long = "pack", value_name = "PACK")]
    pub packs: Vec<String>,
    /// Compare with the same rules as they are at this revision.
    #[arg(long, value_name = "REV", value_parser = values::revision)]
    pub against: Option<String>,
    /// At most so many examples of each rule, the newest.
    #[arg(long, value_name = "N", value_parser = values::count, default_value_t = EXAMPLES)]
    pub examples: usize,
    /// What is printed.
    #[arg(long, value_enum, default_value_t = ReplayFormat::Human)]
    pub format: ReplayFormat,
    /// Keep every answer in this file, and ask only for those that are not there.
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
    /// Decide as on this date [default: today, UTC].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date)]
    pub as_of: Option<String>,
    /// Changes that are judged side by side [default: processors, at most 16]; never changes an answer.
    #[arg(long, value_name = "N", value_parser = values::threads)]
    pub threads: Option<u32>,
    /// Show a progress bar on a terminal when it takes longer than a second.
    #[arg(long, value_enum, default_value_t = ProgressChoice::Auto)]
    pub progress: ProgressChoice,
}

/// What `replay` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReplayFormat {
    /// One row a rule, for a spreadsheet.
    Csv,
    /// For people.
    Human,
    /// Everything, as `portcullis.replay/v1`.
    Json,
}
