//! Landlock: the worker gives up every file, every port and every process outside of itself.
//!
//! Owns what is asked of the kernel. Pipes that are open already stay open.

use std::fs::File;

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr, RulesetError,
    RulesetStatus, Scope,
};

use super::Layer;

/// The newest rules asked for; an older kernel applies what it knows of them.
const NEWEST: ABI = ABI::V9;

/// From this version on files, ports, and signals and abstract sockets of others are given up; the rest is detail.
const ENOUGH: ABI = ABI::V6;

/// What the kernel answers when Landlock refuses to open a file.
const REFUSED: i32 = libc::EACCES;

/// Handles every right and grants none. Holds for the calling thread and all that it starts.
pub(super) fn give_up() -> Layer {
    match restrict() {
        Ok(RestrictionStatus { ruleset: RulesetStatus::NotEnforced, .. }) => {
            Layer::Absent("this kernel does not offer it".to_owned())
        }
        Ok(_) if !is_refused() => Layer::Absent("the kernel took it, and opens files all the same".to_owned()),
        Ok(status) => known(status.landlock),
        Err(error) => Layer::Absent(error.to_string()),
    }
}

fn known(status: LandlockStatus) -> Layer {
    match status {
        LandlockStatus::Available { effective_abi, .. } if effective_abi < ENOUGH => Layer::Partly(format!(
            "this kernel has version {} of it, {} knows all of that",
            effective_abi as i32, ENOUGH as i32
        )),
        _ => Layer::Active,
    }
}

fn restrict() -> Result<RestrictionStatus, RulesetError> {
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?;
    rules.create()?.restrict_self()
}

fn is_refused() -> bool {
    File::open("/").is_err_and(|error| error.raw_os_error() == Some(REFUSED))
}
