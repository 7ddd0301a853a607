//! `portcullis demo`.

use clap::Args;

use super::values::Format;

/// The arguments of `demo`.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Examples:\n  portcullis demo\n  portcullis demo --keep    look around in the sample afterwards"
)]
pub struct Demo {
    /// Keep the folder and say where it is
    #[arg(long)]
    pub keep: bool,
    /// Report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
}
