//! Arguments of `init`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `init`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:
  portcullis init --spec

Nothing that exists is overwritten.")]
pub struct InitArguments {
    /// Begin a specification.
    #[arg(long)]
    pub spec: bool,
    /// Its folder, from the root of the repository [default: .portcullis].
    #[arg(value_name = "DIR", requires = "spec")]
    pub folder: Option<PathBuf>,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}
