//! `portcullis check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values::{Date, Format, Progress, Report, Trust, fail_on, revision, threads};
use crate::verdict::FailOn;

const EXAMPLES: &str = "\
Examples:
  portcullis check                                  this branch against the default branch
  portcullis check --staged                         what `git commit` would record
  portcullis check --base origin/main --head HEAD   a range
  portcullis check --report sarif=portcullis.sarif  a second report in a file

Without --base and --head, the range comes from the variables of GitHub Actions or GitLab CI;
locally it runs from the merge base with the default branch (origin/HEAD, else the upstream) to
HEAD. Uncommitted files are no part of a range: --staged and --worktree include them.";

/// The arguments of `check`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Check {
    /// Compare with the merge base of head and this revision
    #[arg(long, value_name = "REV", value_parser = revision)]
    pub base: Option<String>,
    /// The revision under judgement; with CI variables or HEAD as default
    #[arg(long, value_name = "REV", value_parser = revision, conflicts_with_all = ["staged", "worktree"])]
    pub head: Option<String>,
    /// Judge what is staged, on top of HEAD
    #[arg(long, conflicts_with = "worktree")]
    pub staged: bool,
    /// Judge the work tree, uncommitted and untracked files included
    #[arg(long)]
    pub worktree: bool,
    /// The repository, bare or not
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
    /// Report on standard output; default: human, and github inside GitHub Actions
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write a report to a file as well; may be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub reports: Vec<Report>,
    /// Where rules are read from; worktree is for authors at their desk and refused in CI
    #[arg(long, value_name = "SIDE", default_value = "base")]
    pub trust: Trust,
    /// From which severity on a finding fails the change: error, warning or never; default: .portcullis.yaml
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on)]
    pub fail_on: Option<FailOn>,
    /// The only date that decisions depend on; default: today (UTC)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    /// Exit 0 whatever the verdict, for shadow use; a wrong command line is still 2
    #[arg(long)]
    pub exit_zero: bool,
    /// What a missing review does
    #[arg(long, value_name = "MODE", default_value = "block")]
    pub review: ReviewMode,
    /// Write everything that the decision used, for `portcullis decide`
    #[arg(long, value_name = "FILE")]
    pub save_input: Option<PathBuf>,
    /// Threads of the worker; default: one a core. The output never depends on it
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
    /// Whether a progress bar is shown on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub progress: Progress,
    /// No report on standard output; the exit code and --report files remain
    #[arg(long, conflicts_with = "format")]
    pub quiet: bool,
}

/// What a missing review does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReviewMode {
    /// Exit 3.
    #[default]
    Block,
    /// Print the requirements and exit 0 instead of 3.
    Report,
}
