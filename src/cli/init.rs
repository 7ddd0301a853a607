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
    /// Where the CI job takes the source of the gate from: OWNER/NAME@COMMIT on GitHub, URL@COMMIT on GitLab, with the full
    /// commit id. Without it the job holds two words to replace.
    #[arg(long, value_name = "SOURCE@COMMIT", value_parser = values::gate, conflicts_with = "spec")]
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

/// Where the source of the gate lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateSource {
    /// `OWNER/NAME`, or an address.
    pub place: String,
    /// The full commit id.
    pub commit: String,
}
