//! Changed files -> what the change does to the gate's own rules.
//!
//! Owns which bytes are compared; `specification::governance` owns what they mean.

use crate::change::{Change, ChangedFile, Reader, Repository, Side};
use crate::completeness::Reason;
use crate::configuration::{Configuration, PolicyFolder};
use crate::finding::SourceKind;
use crate::limits::Limits;
use crate::policies::PolicySet;
use crate::policies::input::GovernanceChange;
use crate::specification::governance::{BaseRules, changes, kind_of};

/// Judges every changed file that belongs to the gate's own rules, under its old and its new name.
pub(super) fn judge(
    change: &Change,
    repository: &Repository,
    configuration: &Configuration,
    policies: &PolicySet,
    limits: &Limits,
) -> (Vec<GovernanceChange>, Vec<Reason>) {
    let named = |folder: &PolicyFolder| std::iter::once(folder.path.clone()).chain(folder.data.clone());
    let folders: Vec<String> = configuration.policies.iter().flat_map(named).collect();
    let own = policies.policies.iter().filter(|source| source.kind != SourceKind::Builtin);
    let rules = BaseRules::of(own.map(|source| source.text.as_str()));
    let governed = |path: &str| kind_of(path, &folders).is_some();
    let reader = repository.reader();
    let mut judged = Vec::new();
    let mut reasons = Vec::new();
    for file in change.files.iter().filter(|file| governed(&file.path) || governed(&file.old_path)) {
        match sides(change, file, &reader, limits) {
            Ok((base, head)) => {
                let paths = (file.old_path.as_str(), file.path.as_str());
                judged.extend(changes(paths, (base.as_deref(), head.as_deref()), &folders, &rules));
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
