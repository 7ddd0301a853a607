//! Arguments of `check`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::forge::ForgeArguments;
use super::values;
use crate::imported::ImportFile;
use crate::reports::Format;
use crate::verdict::FailOn;

/// Arguments of `check`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis check                                   my branch against where it started
  portcullis check --worktree                        with everything not committed yet
  portcullis check --base origin/main --head HEAD    exactly this range
  portcullis check --report sarif=portcullis.sarif   with a report for code scanning
  portcullis check --import sarif=semgrep.sarif --import junit=target/surefire-reports
  portcullis check --publish status,comment          in CI: and tell those who wait
  portcullis check --against 'origin/*'              who else works on the same
  portcullis check --trust worktree                  try rules that are not on the base yet
  portcullis check --trace shop/no-print             why this rule fired, or did not

Exit codes: 0 pass, 1 fail, 2 wrong command line or configuration, 3 review required, 4 undecided.")]
pub struct CheckArguments {
    /// Compare with the merge base of this revision and head.
    #[arg(long, value_name = "REV", value_parser = values::revision)]
    pub base: Option<String>,
    /// Judge this revision.
    #[arg(long, value_name = "REV", value_parser = values::revision, conflicts_with_all = ["staged", "worktree"])]
    pub head: Option<String>,
    /// Judge the index on top of HEAD.
    #[arg(long, conflicts_with = "worktree")]
    pub staged: bool,
    /// Judge the work tree on top of HEAD, untracked files included.
    #[arg(long)]
    pub worktree: bool,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
    /// Report on standard output: agent, github, gitlab, html, human, json, junit, markdown or sarif [default: human; github inside Actions].
    #[arg(long, value_parser = values::format)]
    pub format: Option<&'static Format>,
    /// A further report into a file; may be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = values::report)]
    pub reports: Vec<(&'static Format, PathBuf)>,
    /// Tokens that a report for an agent may take [default: 8000]; a token is counted as four bytes.
    #[arg(long, value_name = "TOKENS", value_parser = values::tokens)]
    pub budget: Option<usize>,
    /// Read rules from the merge base, or from the work tree (for authors of rules; refused in CI).
    #[arg(long, value_enum, default_value_t = TrustChoice::Base)]
    pub trust: TrustChoice,
    /// Which severity fails: error, warning or never [default: what the configuration says].
    #[arg(long, value_name = "SEVERITY", value_parser = values::fail_on)]
    pub fail_on: Option<FailOn>,
    /// Decide as on this date [default: today, UTC].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date)]
    pub as_of: Option<String>,
    /// Exit with 0 whatever the verdict; the reports still say it.
    #[arg(long)]
    pub exit_zero: bool,
    /// When only people are awaited: exit with 3, or report it and exit with 0.
    #[arg(long, value_enum, default_value_t = ReviewChoice::Block)]
    pub review: ReviewChoice,
    /// Write everything that the decision used, for `portcullis decide`.
    #[arg(long, value_name = "FILE")]
    pub save_input: Option<PathBuf>,
    /// Take the results of another tool into the verdict: sarif=FILE, or junit=FILE or FOLDER; may be repeated. Those on
    /// changed lines become findings; what each tool counts for is set by `imports` in the configuration.
    #[arg(long = "import", value_name = "KIND=FILE", value_parser = values::import)]
    pub imports: Vec<ImportFile>,
    /// Look at this branch as at another open change: does it do something to the same symbols, contracts, modules or
    /// decisions? May be repeated; `origin/*` means all branches that are not merged yet. In CI the forge is asked instead,
    /// where the pack `coordination` is on.
    #[arg(long, value_name = "BRANCH", value_parser = values::revision)]
    pub against: Vec<String>,
    /// Keep what base sides say in a file of DIR, and read it there next time. The verdict is the same; but whoever can
    /// write to DIR can hide a finding, so let only jobs that you trust write there.
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Show on standard output, in place of a report, why this rule fired, or did not: its lines, and what was left behind
    /// each. The exit code and the reports in files stay those of the verdict.
    #[arg(long, value_name = "RULE-ID")]
    pub trace: Option<String>,
    /// With --trace: only on this changed file.
    #[arg(long, value_name = "PATH", requires = "trace")]
    pub trace_file: Option<String>,
    /// Which forge, and what is written there.
    #[command(flatten)]
    pub forge: ForgeArguments,
    /// Threads of the worker [default: processors, at most 16]; never changes the verdict.
    #[arg(long, value_name = "N", value_parser = values::threads)]
    pub threads: Option<u32>,
    /// Show a progress bar on a terminal when reading takes longer than a second.
    #[arg(long, value_enum, default_value_t = ProgressChoice::Auto)]
    pub progress: ProgressChoice,
}

/// From where rules are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TrustChoice {
    /// The merge base.
    Base,
    /// The work tree.
    Worktree,
}

/// What an unmet review requirement does to the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReviewChoice {
    /// Exit with 3.
    Block,
    /// Exit with 0.
    Report,
    /// Exit with 0 where `--publish status` could write that they are awaited, else with 3.
    Status,
}

/// Whether a progress bar may appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProgressChoice {
    /// On a terminal, when it takes longer than a second.
    Auto,
    /// Never.
    Never,
}
