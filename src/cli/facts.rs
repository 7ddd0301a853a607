//! Arguments of `facts`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::Args;

use super::values;
use crate::change::{Mode, RangeRequest};

/// Arguments of `facts`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis facts                       the change on this branch
  portcullis facts HEAD~3..HEAD          the last three commits
  portcullis facts src/pay --worktree    one folder, with everything not committed yet

`portcullis schema input` describes every key.")]
pub struct FactsArguments {
    /// BASE..HEAD, or a path from the root of the repository.
    #[arg(value_name = "RANGE|PATH")]
    pub what: Option<String>,
    /// Compare with the merge base of this revision and head.
    #[arg(long, value_name = "REV", value_parser = values::revision)]
    pub base: Option<String>,
    /// Read this revision.
    #[arg(long, value_name = "REV", value_parser = values::revision, conflicts_with_all = ["staged", "worktree"])]
    pub head: Option<String>,
    /// Read the index on top of HEAD.
    #[arg(long, conflicts_with = "worktree")]
    pub staged: bool,
    /// Read the work tree on top of HEAD.
    #[arg(long)]
    pub worktree: bool,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}

impl FactsArguments {
    /// Returns the change that is asked for.
    #[must_use]
    pub fn range(&self) -> RangeRequest {
        let mode = match (self.staged, self.worktree) {
            (true, _) => Mode::Staged,
            (_, true) => Mode::Worktree,
            (false, false) => Mode::Range,
        };
        let given = self.what.as_deref().and_then(|what| what.split_once(".."));
        let end = |text: &str| (!text.is_empty()).then(|| text.trim_start_matches('.').to_owned());
        match given {
            Some((base, head)) => RangeRequest { base: end(base), head: end(head), mode },
            None => RangeRequest { base: self.base.clone(), head: self.head.clone(), mode },
        }
    }

    /// Returns the path that is asked for, without a slash at its end.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        let what = self.what.as_deref().filter(|what| !what.contains(".."))?;
        Some(what.trim_start_matches("./").trim_end_matches('/'))
    }
}
