//! Arguments of `facts`.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::Args;

use super::check::TrustChoice;
use super::values;
use crate::change::{Mode, RangeRequest};
use crate::imported::ImportFile;

/// Arguments of `facts`.
#[derive(Args, Clone, Debug)]
#[command(after_help = r#"Examples:
  portcullis facts                       the change on this branch
  portcullis facts HEAD~3..HEAD          the last three commits
  portcullis facts src/pay --worktree    one folder, with everything not committed yet
  portcullis facts --query 'input.files[_].symbols[_].name'
  portcullis facts --query 'some _f in input.files; _f.added > 100; path := _f.path'
  portcullis facts --query 'data.shop.helpers.public_modules' --trust worktree

`portcullis schema input` describes every key. Exit codes: 0 printed (also an empty list), 2 the command line or the
expression is wrong, 4 something of the change could not be read."#)]
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
    /// Print the value of this Rego expression instead of the whole document: `input` is the document, `data` holds the
    /// policies of the trusted side. An expression prints its distinct values; statements that bind names print what
    /// they bind, names that begin with `_` left out.
    #[arg(long, value_name = "REGO")]
    pub query: Option<String>,
    /// With --query: `input` is what policies of scope `file` see of this changed file.
    #[arg(long, value_name = "PATH", requires = "query")]
    pub file: Option<String>,
    /// With --query: read policies from the merge base, or from the work tree (refused in CI).
    #[arg(long, value_enum, default_value_t = TrustChoice::Base, requires = "query")]
    pub trust: TrustChoice,
    /// Read the results of another tool too: sarif=FILE, or junit=FILE or FOLDER; may be repeated.
    #[arg(long = "import", value_name = "KIND=FILE", value_parser = values::import)]
    pub imports: Vec<ImportFile>,
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
