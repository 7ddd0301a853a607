//! Arguments of `schema`.
//!
//! Owns their names and help. Must not do anything.

use clap::{Args, ValueEnum};

/// Arguments of `schema`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis schema config >portcullis.schema.json   for the editor that edits .portcullis.yaml
  portcullis schema input                            every key that a policy can see
  portcullis schema verdict                          the JSON report, a stable contract")]
pub struct SchemaArguments {
    /// Which one.
    #[arg(value_enum)]
    pub name: SchemaName,
}

/// The documents that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// `.portcullis.yaml`.
    Config,
    /// What `doctor --format json` prints.
    Doctor,
    /// What policies see as `input`.
    Input,
    /// What `policy check --format json` prints.
    PolicyCheck,
    /// What `policy test --format json` prints.
    PolicyTest,
    /// What `replay --format json` prints.
    Replay,
    /// The files of a specification.
    Spec,
    /// The JSON report.
    Verdict,
}
