//! Changed files -> what the change does to the gate's own rules.
//!
//! Owns which bytes are compared; `specification::governance` owns what they mean.

use crate::change::{Change, ChangedFile, EntryKind, Repository, Side};
use crate::completeness::Reason;
use crate::configuration::Configuration;
use crate::limits::Limits;
use crate::policies::input::GovernanceChange;
use crate::specification::governance::{GovernedFile, Kind, judge as judge_file, kind_of};

/// Judges every changed file that belongs to the gate's own rules, under its old and its new name.
pub(super) fn judge(
    change: &Change,
    repository: &Repository,
    configuration: &Configuration,
    limits: &Limits,
) -> (Vec<GovernanceChange>, Vec<Reason>) {
    let mut folders: Vec<String> = Vec::new();
    for folder in &configuration.policies {
        folders.push(folder.path.clone());
        folders.extend(folder.data.iter().cloned());
    }
    let mut changes = Vec::new();
    let mut reasons = Vec::new();
    for file in &change.files {
        for (path, kind, old, new) in sides(file, &folders) {
            let bytes = |side: Option<&Side>| bytes(change, repository, side, limits).map_err(|error| error.at(path));
            match (bytes(old), bytes(new)) {
                (Ok(base), Ok(head)) => {
                    changes.push(judge_file(&GovernedFile { path, kind, base: base.as_deref(), head: head.as_deref() }))
                }
                (base, head) => reasons.extend(base.err().into_iter().chain(head.err())),
            }
        }
    }
    (changes, reasons)
}

type GovernedSides<'a> = (&'a str, Kind, Option<&'a Side>, Option<&'a Side>);

/// A rename is a governed file that went, one that came, or one that moved within its kind.
fn sides<'a>(file: &'a ChangedFile, folders: &[String]) -> Vec<GovernedSides<'a>> {
    let (old, new) = (file.old.as_ref(), file.new.as_ref());
    let mut sides = Vec::new();
    if file.path == file.old_path {
        sides.extend(kind_of(&file.path, folders).map(|kind| (file.path.as_str(), kind, old, new)));
        return sides;
    }
    let from = kind_of(&file.old_path, folders);
    let to = kind_of(&file.path, folders);
    sides.extend(from.map(|kind| (file.old_path.as_str(), kind, old, None)));
    sides.extend(to.map(|kind| (file.path.as_str(), kind, None, new)));
    sides
}

/// Returns the bytes of a side; a link or submodule in the place of a governed file has none that count.
fn bytes(
    change: &Change,
    repository: &Repository,
    side: Option<&Side>,
    limits: &Limits,
) -> Result<Option<Vec<u8>>, Reason> {
    let Some(side) = side.filter(|side| matches!(side.kind, EntryKind::File | EntryKind::Executable)) else {
        return Ok(None);
    };
    change.blob(&repository.reader(), &side.id, limits).map(Some).map_err(|error| error.reason(""))
}
