//! Arguments of `policy` and its subcommands.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Arguments of `policy`.
#[derive(Args, Clone, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "These commands read the work tree and judge no change.\n\n\
                  Exit codes: 0 fine, 1 a fault was found or a test failed, 2 it could not run."
)]
pub struct PolicyArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// The subcommands of `policy`.
#[derive(Clone, Debug, Subcommand)]
pub enum PolicyCommand {
    /// Make a pack out of a Conftest folder: policies, tests, data and conftest.toml.
    ///
    /// The policies are copied with METADATA above their rules; conftest.toml becomes lines for .portcullis.yaml, which
    /// are printed. What cannot be carried over is named. A folder with policies runs without this too: name it under
    /// `policies:` with `scope: document`.
    Import(ImportArguments),
}

/// Arguments of `policy import`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:
  portcullis policy import ../infra-checks

Nothing that exists is overwritten. Exit code 1 says that something could not be carried over.")]
pub struct ImportArguments {
    /// The folder: one with a conftest.toml or a folder `policy`, or the folder of the policies themselves.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Where the pack goes, from the root of the repository [default: policies/NAME].
    #[arg(long, value_name = "FOLDER")]
    pub into: Option<PathBuf>,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}
