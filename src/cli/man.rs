//! Arguments of `man`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `man`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis man >portcullis.1                       the first page
  portcullis man --out ~/.local/share/man/man1       one page a command

Pages that are there are written anew. Exit codes: 0 written, 2 a page could not be written.")]
pub struct ManArguments {
    /// Write one page a command into this folder, instead of the first page to standard output.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
