//! Changed files -> what the change does to the gate's own rules.
//!
//! Owns which bytes are compared; `specification::governance` owns what they mean.

use crate::change::{Change, ChangedFile, Reader, Repository, Side};
use crate::completeness::Reason;
use crate::configuration::Configuration;
use crate::limits::Limits;
use crate::policies::input::GovernanceChange;
use crate::policies::packs;
use crate::specification::governance::{Settings, changes, is_governed};

/// Judges every changed file that belongs to the gate's own rules, under its old and its new name.
pub(super) fn judge(
    change: &Change,
    repository: &Repository,
    configuration: &Configuration,
    limits: &Limits,
) -> (Vec<GovernanceChange>, Vec<Reason>) {
    let settings = Settings::of(configuration, packs::names().collect());
    let governed = |path: &str| is_governed(path, &settings).is_some();
    let reader = repository.reader();
    let mut judged = Vec::new();
    let mut reasons = Vec::new();
    for file in change.files.iter().filter(|file| governed(&file.path) || governed(&file.old_path)) {
        match sides(change, file, &reader, limits) {
            Ok((base, head)) => {
                judged.extend(changes(&file.old_path, &file.path, (base.as_deref(), head.as_deref()), &settings));
            }
            Err(reason) => reasons.push(reason),
        }
    }
    (judged, reasons)
}

type Bytes = Option<Vec<u8>>;

/// Returns both sides' bytes; a link or submodule in the place of a governed file has none that count.
fn sides(change: &Change, file: &ChangedFile, reader: &Reader, limits: &Limits) -> Result<(Bytes, Bytes), Reason> {
    let bytes = |side: Option<&Side>| match side.filter(|side| side.kind.is_file()) {
        None => Ok(None),
        Some(side) => change.blob(reader, &side.id, limits).map(Some).map_err(|error| error.reason(&file.path)),
    };
    Ok((bytes(file.old.as_ref())?, bytes(file.new.as_ref())?))
}
