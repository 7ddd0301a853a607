//! Arguments of `doctor`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::Args;

use super::forge::ForgeChoice;
use super::spec::TextFormat;

/// Arguments of `doctor`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis doctor                        settings of the forge, and the files of CI
  portcullis doctor --fix                  also what closes the ways that were found; none is run
  portcullis doctor --branch release/1.2   another branch than the default one
  portcullis doctor --offline --worktree   only the files, as they are on disk
  portcullis doctor --accept branch-not-up-to-date
  portcullis doctor --self                 which walls hostile bytes are read behind here

The token is the one of `check`: PORTCULLIS_TOKEN, else GITHUB_TOKEN or GITLAB_TOKEN. Settings are shown to
administrators and maintainers; with less, what is not shown is not known. Nothing is written.

Exit codes: 0 every check holds, 1 a way around was found, 2 wrong command line, 4 something is not known (what was
found is listed all the same). Of --self: 0 every layer is there, 1 one is missing, 4 the worker could not be started.")]
pub struct DoctorArguments {
    /// Look at this machine instead: start a worker and ask what confines it.
    #[arg(
        long = "self",
        conflicts_with_all = ["branch", "project", "forge", "forge_url", "forge_timeout", "offline", "worktree", "fix", "accept", "format", "repo"]
    )]
    pub own: bool,
    /// The branch that changes want into [default: the default branch].
    #[arg(long, value_name = "NAME")]
    pub branch: Option<String>,
    /// Whose project it is [default: what CI, the address of `origin` and the files say]; `none` asks nobody.
    #[arg(long, value_enum, default_value_t = ForgeChoice::Auto)]
    pub forge: ForgeChoice,
    /// The project: OWNER/NAME, or its path on GitLab [default: what CI or the address of `origin` says].
    #[arg(long, value_name = "PROJECT")]
    pub project: Option<String>,
    /// Base address of the forge's interface, for GitHub Enterprise and self-managed GitLab [default: what CI says].
    #[arg(long, value_name = "URL")]
    pub forge_url: Option<String>,
    /// Give up reading after so many seconds [default: 120].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub forge_timeout: Option<u16>,
    /// Ask nobody: only the files are looked at, and all settings are unknown.
    #[arg(long)]
    pub offline: bool,
    /// Look at the files on disk instead of those of the branch.
    #[arg(long)]
    pub worktree: bool,
    /// Print the commands and lines that close what was found. Nothing is run.
    #[arg(long)]
    pub fix: bool,
    /// Leave this check out of the exit code; it stays in the report. May be repeated.
    #[arg(long, value_name = "CHECK")]
    pub accept: Vec<String>,
    /// Report for people or for programs.
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}
