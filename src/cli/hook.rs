//! Arguments of `hook`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::check::ReviewChoice;
use super::values;
use crate::reports::Format;

/// Arguments of `hook`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis hook install                  judge what is pushed from this clone, before it leaves
  portcullis hook uninstall
  git push --no-verify                     push once without it; CI judges all the same")]
pub struct HookArguments {
    /// What to do with the hook.
    #[command(subcommand)]
    pub command: HookCommand,
}

/// What can be done with the hook.
#[derive(Clone, Debug, Subcommand)]
pub enum HookCommand {
    /// Write the pre-push hook of this clone; one that is there already is kept.
    Install(HookPlaceArguments),
    /// Judge what git is about to push; started by the hook, which passes on what git says.
    Run(HookRunArguments),
    /// Take the hook away, if it is ours.
    Uninstall(HookPlaceArguments),
}

/// Where the hook lies.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis hook install
  portcullis hook install --repo ../shop

Exit codes: 0 done, or so already; 2 another's hook is there, or there is no repository.")]
pub struct HookPlaceArguments {
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}

/// Arguments of `hook run`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis hook run \"$@\"                            in .git/hooks/pre-push or .husky/pre-push
  portcullis hook run --format agent origin           for a coding agent that pushes
  portcullis hook run --review block                  wait for people before the push

Reads git's lines from standard input: local ref, local commit, remote ref, remote commit. What is pushed is judged from
where it left origin's default branch, as CI does. Deleted branches and tags are not judged.

Exit codes: 0 go on, 1 fail, 2 wrong command line or configuration, 3 review required (only with --review block), 4 undecided.")]
pub struct HookRunArguments {
    /// The remote's name, as git passes it; only told.
    #[arg(value_name = "REMOTE")]
    pub remote: Option<String>,
    /// The remote's address, as git passes it; ignored.
    #[arg(value_name = "URL")]
    pub address: Option<String>,
    /// When only people are awaited: exit with 3, or report it and go on.
    #[arg(long, value_enum, default_value_t = ReviewChoice::Report)]
    pub review: ReviewChoice,
    /// Report on standard output: agent, human, markdown, ... [default: human].
    #[arg(long, value_parser = values::format)]
    pub format: Option<&'static Format>,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}
