//! Arguments of `review` and `sweep`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::Args;

use super::check::ReviewChoice;
use super::forge::ForgeArguments;
use super::values;
use crate::reports::Format;

/// Arguments of `review`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis review --input change.json --publish status,comment
  portcullis review --number 12                     judge the change of request 12 as a whole again

The input must come from a job to whose files the author of the change cannot write: its facts are
believed. Its rules are compared with those of the merge base, its head with that of the request.

Exit codes: 0 pass, 1 fail, 2 wrong command line or configuration, 3 review required, 4 undecided.
docs/forges.md has whole workflows.")]
pub struct ReviewArguments {
    /// What `check --save-input` wrote; where it is of another head, or left out, the change is judged as a whole.
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// The number of the pull or merge request [default: the one that CI says this job is about].
    #[arg(long, value_name = "N")]
    pub number: Option<u64>,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
    /// Which forge, and what is written there.
    #[command(flatten)]
    pub forge: ForgeArguments,
    /// Report on standard output [default: human; github inside Actions].
    #[arg(long, value_parser = values::format)]
    pub format: Option<&'static Format>,
    /// A further report into a file; may be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = values::report)]
    pub reports: Vec<(&'static Format, PathBuf)>,
    /// Decide as on this date [default: today, UTC].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date)]
    pub as_of: Option<String>,
    /// Exit with 0 whatever the verdict; the reports still say it.
    #[arg(long)]
    pub exit_zero: bool,
    /// When only people are awaited: exit with 3, or report it and exit with 0.
    #[arg(long, value_enum, default_value_t = ReviewChoice::Block)]
    pub review: ReviewChoice,
}

/// Arguments of `sweep`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example, in a scheduled job:
  git fetch origin '+refs/pull/*/head:refs/portcullis/pull/*'
  portcullis sweep --publish status,comment,labels

On GitLab the heads are at refs/merge-requests/*/head.

Exit codes: 0 every open request was judged, whatever its verdict; 4 one or more could not be.
docs/forges.md has whole workflows.")]
pub struct SweepArguments {
    /// A folder with saved inputs, named by the full commit id of their head: COMMIT.json. A change without one is
    /// judged as a whole.
    #[arg(long, value_name = "DIR")]
    pub inputs: Option<PathBuf>,
    /// Only requests into this branch.
    #[arg(long, value_name = "NAME")]
    pub target_branch: Option<String>,
    /// A folder of the repository; the heads of the requests must have been fetched.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
    /// Which forge, and what is written there.
    #[command(flatten)]
    pub forge: ForgeArguments,
    /// Decide as on this date [default: today, UTC].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date)]
    pub as_of: Option<String>,
}
