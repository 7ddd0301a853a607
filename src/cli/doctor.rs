//! Arguments of `doctor`.
//!
//! Owns their names and help. Must not do anything.

use clap::Args;

/// Arguments of `doctor`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:
  portcullis doctor --self     which walls hostile bytes are read behind on this machine

Exit codes: 0 every layer is there, 1 one is missing, 2 wrong command line, 4 the worker could not be started.")]
pub struct DoctorArguments {
    /// Look at this machine: start a worker and ask what confines it.
    #[arg(long = "self")]
    pub own: bool,
}
