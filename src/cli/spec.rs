//! Arguments of `spec` and its subcommands.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::values;

/// Arguments of `spec`.
#[derive(Args, Clone, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  \
                  portcullis init --spec               begin one\n  \
                  portcullis spec lint\n  \
                  portcullis spec test\n  \
                  portcullis spec show\n  \
                  portcullis spec diff origin/main\n\n\
                  A specification lies in the folder `.portcullis` of a repository, or in a repository of its own.\n\
                  These commands read the work tree and judge no change.\n\n\
                  Exit codes: 0 fine, 1 a fault was found or a test failed, 2 it could not run."
)]
pub struct SpecArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: SpecCommand,
}

/// The subcommands of `spec`.
#[derive(Clone, Debug, Subcommand)]
pub enum SpecCommand {
    /// Say everything that is wrong with it, and what deserves a second look.
    ///
    /// One run reports all faults of all files. Inside an application repository it also names rules whose scope
    /// matches no file, and modules without one.
    Lint(LintArguments),
    /// Run the examples of its rules, their trees under `tests/` and the tests of its policies.
    ///
    /// Every `fail` must fire and no `pass` may.
    Test(TestArguments),
    /// List the rules, or show everything about one id.
    Show(ShowArguments),
    /// Say which changes since BASE loosen, tighten, or only reword.
    Diff(DiffArguments),
    /// Write what follows from it: rules for coding agents, CODEOWNERS, a page for people.
    Export(ExportArguments),
    /// Find the commit that a tag names, and write it with its digest into the configuration and the lock.
    Pin(PinArguments),
    /// Download exactly what the lock names, and verify it.
    Fetch(FetchArguments),
    /// Show, start or shrink the list of findings that were there before their rule.
    Baseline(BaselineArguments),
}

/// Arguments of `spec lint`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis spec lint                    the specification of this repository
  portcullis spec lint ../specs           one that lies elsewhere
  portcullis spec lint --strict           for CI: warnings count as faults
  portcullis spec lint --format json

Exit codes: 0 no fault, 1 a fault was found, 2 it could not run.")]
pub struct LintArguments {
    /// Its folder [default: the specification of the repository around here].
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Exit with 1 for warnings too.
    #[arg(long)]
    pub strict: bool,
    /// Judge dates as on this day [default: today, UTC].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date)]
    pub as_of: Option<String>,
    /// Report for people or for programs.
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
}

/// Arguments of `spec test`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis spec test
  portcullis spec test --rule INV-PAY-002

A tree is a small repository: `tests/<RULE-ID>/fail/<case>/...` must make the rule fire when it is added,
`tests/<RULE-ID>/pass/<case>/...` must not.

Exit codes: 0 passed, 1 a test failed, 2 it could not run.")]
pub struct TestArguments {
    /// Its folder [default: the specification of the repository around here].
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Run the tests of this rule only; may be repeated.
    #[arg(long = "rule", value_name = "ID")]
    pub rules: Vec<String>,
}

/// Arguments of `spec show`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis spec show                 all rules, by system
  portcullis spec show INV-PAY-002     one rule
  portcullis spec show payments        a team, a system; likewise a contract, agent, prompt, decision or waiver")]
pub struct ShowArguments {
    /// What to show [default: the list of rules].
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// The folder of the specification [default: that of the repository around here].
    #[arg(long = "spec", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Arguments of `spec diff`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis spec diff origin/main
  portcullis spec diff v3.3.0 --repo ../specs --format json

Exit codes: 0 compared, 2 one of the two could not be read.")]
pub struct DiffArguments {
    /// Compare the work tree with where it left this revision: their merge base.
    #[arg(value_name = "BASE", value_parser = values::revision)]
    pub base: String,
    /// A folder of the repository that holds the specification.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
    /// Report for people or for programs.
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
}

/// Arguments of `spec export`.
#[derive(Args, Clone, Debug)]
#[command(
    group = ArgGroup::new("what").required(true).args(["agents_md", "codeowners", "html"]),
    after_help = "Examples:
  portcullis spec export --agents-md --write AGENTS.md          tell coding agents the rules before they write
  portcullis spec export --agents-md --write AGENTS.md --check  for CI: fail when it is out of date
  portcullis spec export --codeowners --write .github/CODEOWNERS
  portcullis spec export --html --write specification.html      one page, no network, no script

In AGENTS.md and CODEOWNERS only the part between the two marks is replaced; everything else stays.

Exit codes: 0 done, 1 `--check` found it out of date, 2 it could not run."
)]
pub struct ExportArguments {
    /// A section of AGENTS.md: the rules by path.
    #[arg(long)]
    pub agents_md: bool,
    /// A section of CODEOWNERS: who answers for which path.
    #[arg(long)]
    pub codeowners: bool,
    /// One self-contained page for people.
    #[arg(long)]
    pub html: bool,
    /// Write into this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Write nothing; exit with 1 when the file of --write is out of date.
    #[arg(long, requires = "write")]
    pub check: bool,
    /// Only what holds in this system; may be repeated [default: those of this repository, else all].
    #[arg(long = "system", value_name = "ID")]
    pub systems: Vec<String>,
    /// The folder of the specification [default: that of the repository around here].
    #[arg(long = "spec", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Arguments of `spec pin`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis spec pin v3.4.0      move to this release
  portcullis spec pin             move to the newest commit; of a vendored copy or an own folder: write the lock

Only this command and `spec fetch` use the network; `check` never does.")]
pub struct PinArguments {
    /// A tag, branch or commit of the specification's repository [default: the newest commit of its default branch].
    #[arg(value_name = "TAG", value_parser = values::revision)]
    pub tag: Option<String>,
    /// A folder of the application repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}

/// Arguments of `spec fetch`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:
  portcullis spec fetch           once in CI, before `portcullis check`")]
pub struct FetchArguments {
    /// Fetch what the lock names where this revision and head parted [default: that of the work tree].
    #[arg(long, value_name = "REV", value_parser = values::revision)]
    pub base: Option<String>,
    /// The head of the change that will be judged [default: HEAD].
    #[arg(long, value_name = "REV", value_parser = values::revision, requires = "base")]
    pub head: Option<String>,
    /// A folder of the application repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}

/// Arguments of `spec baseline`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis spec baseline            what it holds, by rule
  portcullis spec baseline --init     begin one with everything that the rules find today
  portcullis spec baseline --prune    take out what is mended; it can only shrink")]
pub struct BaselineArguments {
    /// Begin one with everything that rules with `baseline: allowed` find today.
    #[arg(long, conflicts_with = "prune")]
    pub init: bool,
    /// Take out what no rule finds any more.
    #[arg(long)]
    pub prune: bool,
    /// A folder of the application repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}

/// For whom a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// People.
    Human,
    /// Programs.
    Json,
}
