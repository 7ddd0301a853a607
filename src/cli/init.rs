//! Arguments of `init`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values;

/// Arguments of `init`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis init --dry-run                 what would be written, and nothing else
  portcullis init                           .portcullis.yaml, a first policy, the CI job
  portcullis init --forge gitlab            where the repository does not tell
  portcullis init --gate acme/portcullis@0123456789abcdef0123456789abcdef01234567
  portcullis init --profile publishing      with a status that waits for people, comment, labels
  portcullis init --spec                    a small specification in .portcullis

What exists is kept, and said; no file is overwritten or edited, whatever it holds.

Exit codes: 0 written, or there already; 2 it could not be written.")]
pub struct InitArguments {
    /// Begin a specification instead: systems, owners and one rule, in a folder of its own.
    #[arg(long)]
    pub spec: bool,
    /// Its folder, from the root of the repository [default: .portcullis].
    #[arg(value_name = "DIR", requires = "spec")]
    pub folder: Option<PathBuf>,
    /// Print what would be written, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// For whose CI the job is written [default: what the address of `origin` and the files say].
    #[arg(long, value_enum, default_value_t = CiChoice::Auto, conflicts_with = "spec")]
    pub forge: CiChoice,
    /// What the CI job may write to the forge.
    #[arg(long, value_enum, default_value_t = Profile::ReadOnly, conflicts_with = "spec")]
    pub profile: Profile,
    /// Your copy of portcullis, from which the CI job takes action or component: OWNER/NAME@COMMIT, on GitLab URL@COMMIT as
    /// well, with the full commit id. Without it the job holds words to replace, and says which.
    #[arg(long, value_name = "COPY@COMMIT", value_parser = values::gate, conflicts_with = "spec")]
    pub gate: Option<GateSource>,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}

/// For whose CI a job is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CiChoice {
    /// What the repository tells.
    Auto,
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
    /// No job.
    None,
}

/// What the CI job may write to the forge: docs/github.md and docs/gitlab.md explain the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Nothing: what is found stands in the job.
    ReadOnly,
    /// A status that waits for people, one comment, labels, requests for review.
    Publishing,
    /// All of that as an account of its own, with annotations in a check (GitHub) or notes on lines (GitLab).
    Full,
}

/// Where the source of the gate lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateSource {
    /// `OWNER/NAME`, or an address.
    pub place: String,
    /// The full commit id.
    pub commit: String,
}
