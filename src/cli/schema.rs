//! `portcullis schema`.

use clap::{Args, ValueEnum};

/// The arguments of `schema`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:\n  portcullis schema verdict\n  portcullis schema config > portcullis.schema.json")]
pub struct Schema {
    /// Which document
    #[arg(value_name = "DOCUMENT")]
    pub name: SchemaName,
}

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// What policies see as `input`.
    Input,
    /// What `--format json` prints.
    Verdict,
    /// `.portcullis.yaml`.
    Config,
}
