//! Landlock: the worker gives up every file, every port and every process outside of itself.
//!
//! Owns what is asked of the kernel. Pipes that are open already stay open.

use std::fs::File;

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope};

use super::Layer;

/// The newest rules asked for; an older kernel applies what it knows of them.
const NEWEST: ABI = ABI::V9;

/// What the kernel answers when Landlock refuses to open a file.
const REFUSED: i32 = libc::EACCES;

/// Handles every right and grants none. Holds for the calling thread and all that it starts.
pub(super) fn give_up() -> Layer {
    match restrict() {
        Ok(RulesetStatus::NotEnforced) => Layer::Absent("this kernel does not offer it".to_owned()),
        Ok(_) if !is_refused() => Layer::Absent("the kernel took it, and opens files all the same".to_owned()),
        Ok(RulesetStatus::PartiallyEnforced) => {
            Layer::Partly("this kernel knows files only, or files and ports, not the rest".to_owned())
        }
        Ok(RulesetStatus::FullyEnforced) => Layer::Active,
        Err(error) => Layer::Absent(error.to_string()),
    }
}

fn restrict() -> Result<RulesetStatus, RulesetError> {
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?;
    Ok(rules.create()?.restrict_self()?.ruleset)
}

fn is_refused() -> bool {
    File::open("/").is_err_and(|error| error.raw_os_error() == Some(REFUSED))
}
