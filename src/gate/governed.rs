//! Changed files -> what the change does to the gate's own rules.
//!
//! Owns which bytes are compared; `specification::governance` owns what they mean.

use crate::change::trusted::Tree;
use crate::change::{Change, ChangedFile, EntryKind, Reader, Repository, Side};
use crate::completeness::Reason;
use crate::configuration::{Configuration, FILE_NAME, PolicyFolder, SpecificationSource};
use crate::diagnostic::UsageError;
use crate::enforcement::comparison::KnownKinds;
use crate::finding::SourceKind;
use crate::gate::proposed::Proposed;
use crate::limits::Limits;
use crate::policies::input::GovernanceChange;
use crate::policies::{PolicySet, packs};
use crate::specification::files::{SpecificationFile, SpecificationFiles};
use crate::specification::governance::{BaseRules, Places, SpecificationChanges, changes, kind_of};
use crate::specification::source::{self, DEFAULT_FOLDER};

/// Largest file of head's specification that is compared, in bytes.
const MOST_BYTES: usize = 5_000_000;

/// Judges every changed file that belongs to the gate's own rules, under its old and its new name.
pub(super) fn judge(
    change: &Change,
    repository: &Repository,
    configuration: &Configuration,
    policies: &PolicySet,
    limits: &Limits,
) -> (Vec<GovernanceChange>, Vec<Reason>) {
    let places = places(configuration);
    let own = policies.policies.iter().filter(|source| source.kind != SourceKind::Builtin);
    let rules = BaseRules::of(own.map(|source| source.text.as_str()));
    let governed = |path: &str| kind_of(path, &places).is_some();
    let reader = repository.reader();
    let rules = rules.with(specification(change, repository, configuration, &reader, limits));
    let mut judged = Vec::new();
    let mut reasons = Vec::new();
    for file in change.files.iter().filter(|file| governed(&file.path) || governed(&file.old_path)) {
        match sides(change, file, &reader, limits) {
            Ok((base, head)) => {
                let paths = (file.old_path.as_str(), file.path.as_str());
                judged.extend(changes(paths, (base.as_deref(), head.as_deref()), &places, &rules));
            }
            Err(reason) => reasons.push(reason),
        }
    }
    (judged, reasons)
}

/// Where base configuration says that the gate's own rules lie.
fn places(configuration: &Configuration) -> Places {
    let named = |folder: &PolicyFolder| std::iter::once(folder.path.clone()).chain(folder.data.clone());
    let policies = configuration.policies.iter().flat_map(named).collect();
    let specification = match configuration.specification.as_ref().map(|place| &place.source) {
        Some(SpecificationSource::Path(path) | SpecificationSource::Vendor(path)) => Some(path.clone()),
        Some(SpecificationSource::Git { .. }) | None => None,
    };
    Places { policies, specification, baseline: configuration.baseline.clone() }
}

/// Says what the change makes of the specification in the repository, and of the configuration.
pub(super) fn proposed(
    change: &Change,
    repository: &Repository,
    configuration: &Configuration,
    limits: &Limits,
) -> Proposed {
    let faults = configuration_faults(change, &repository.reader(), limits);
    proposed_specification(change, repository, configuration, limits).with_configuration(&faults)
}

/// Returns what is wrong with head's configuration, where the change touches it; base's was read before.
fn configuration_faults(change: &Change, reader: &Reader, limits: &Limits) -> Vec<UsageError> {
    let file = change.files.iter().find(|file| file.path == FILE_NAME);
    let Some(side) = file.and_then(|file| file.new.as_ref()).filter(|side| side.kind.is_file()) else {
        return Vec::new();
    };
    match change.blob(reader, &side.id, limits) {
        Ok(bytes) => {
            Configuration::read(&bytes, FILE_NAME, &packs::names().collect::<Vec<_>>()).err().unwrap_or_default()
        }
        // Whoever reads the change has said so.
        Err(_) => Vec::new(),
    }
}

fn proposed_specification(
    change: &Change,
    repository: &Repository,
    configuration: &Configuration,
    limits: &Limits,
) -> Proposed {
    let Some((folder, base)) = touched(change, repository, configuration, limits) else { return Proposed::default() };
    // Why base's cannot be read has been said where the rules were read.
    let Ok(base) = base else { return Proposed::default() };
    let origin = || SpecificationFiles { folder: folder.to_owned(), ..SpecificationFiles::default() };
    let known = base.clone().unwrap_or_else(origin);
    let head = head_files(&known, change, configuration, folder, (&repository.reader(), limits));
    // Without a manifest on either side the folder holds something else, a baseline perhaps.
    let begun = |head: &SpecificationFiles| base.is_some() || head.files.contains_key("portcullis-spec.yaml");
    if head.as_ref().is_ok_and(|head| begun(head) && !head.files.is_empty()) || head.is_err() && base.is_some() {
        Proposed::of(base.as_ref(), &head)
    } else {
        Proposed::default()
    }
}

type Base = Result<Option<SpecificationFiles>, Reason>;

/// Returns the folder of the specification and base's files in it; none when the change does not touch it.
fn touched<'c>(
    change: &Change,
    repository: &Repository,
    configuration: &'c Configuration,
    limits: &Limits,
) -> Option<(&'c str, Base)> {
    let folder = match configuration.specification.as_ref().map(|place| &place.source) {
        Some(SpecificationSource::Path(path) | SpecificationSource::Vendor(path)) => path.as_str(),
        None => DEFAULT_FOLDER,
        // What lies here is not what is pinned.
        Some(SpecificationSource::Git { .. }) => return None,
    };
    let touched = |file: &ChangedFile| inside(&file.path, folder).or(inside(&file.old_path, folder)).is_some();
    if change.merge_base.is_empty() || !change.files.iter().any(touched) {
        return None;
    }
    let base = Tree::at_commit(repository, &change.merge_base, limits)
        .and_then(|tree| source::read(&tree, repository, configuration));
    Some((folder, base))
}

/// Compares the specification in the repository as a whole; none when the change does not touch one that base has.
fn specification(
    change: &Change,
    repository: &Repository,
    configuration: &Configuration,
    reader: &Reader,
    limits: &Limits,
) -> Option<SpecificationChanges> {
    let (folder, base) = touched(change, repository, configuration, limits)?;
    match base {
        // A first specification is held against nothing: base's rules know none.
        Ok(None) => None,
        Ok(Some(base)) => {
            let head = head_files(&base, change, configuration, folder, (reader, limits));
            Some(SpecificationChanges::of(&base, &head, &KnownKinds))
        }
        Err(reason) => {
            let why = format!("base's specification cannot be read: {}", reason.message.raw());
            Some(SpecificationChanges::untold(folder, why))
        }
    }
}

fn inside<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// Returns head's files: base's with the change put over them; or why they cannot be had.
fn head_files(
    base: &SpecificationFiles,
    change: &Change,
    configuration: &Configuration,
    folder: &str,
    (reader, limits): (&Reader, &Limits),
) -> Result<SpecificationFiles, String> {
    let mut head = base.clone();
    for old in change.files.iter().filter_map(|file| inside(&file.old_path, folder)) {
        head.files.remove(old);
    }
    // The baseline is no part of the specification, wherever it lies.
    let own = |file: &&ChangedFile| configuration.baseline.as_ref() != Some(&file.path);
    for file in change.files.iter().filter(own) {
        let (Some(path), Some(side)) = (inside(&file.path, folder), &file.new) else { continue };
        if !side.kind.is_file() {
            return Err(format!("`{}` is no regular file: what the specification says cannot be told", file.path));
        }
        let bytes =
            change.blob(reader, &side.id, limits).map_err(|error| error.reason(&file.path).message.raw().to_owned())?;
        if bytes.len() > MOST_BYTES {
            return Err(format!("`{}` is too large to compare: what changes cannot be told", file.path));
        }
        head.files.insert(path.to_owned(), SpecificationFile(bytes));
    }
    Ok(head)
}

type Bytes = Option<Vec<u8>>;

/// Returns both sides' bytes. A link or submodule that takes the place of a file, or gives it up, has none that count;
/// one that comes, goes or changes by itself counts by its target, for tools follow it.
fn sides(change: &Change, file: &ChangedFile, reader: &Reader, limits: &Limits) -> Result<(Bytes, Bytes), Reason> {
    let is_file = |side: Option<&Side>| side.is_some_and(|side| side.kind.is_file());
    let bytes = |side: Option<&Side>, other: Option<&Side>| match side {
        None => Ok(None),
        Some(side) if !side.kind.is_file() && is_file(other) => Ok(None),
        Some(side) if side.kind == EntryKind::Submodule => Ok(Some(side.id.to_string().into_bytes())),
        Some(side) => change.blob(reader, &side.id, limits).map(Some).map_err(|error| error.reason(&file.path)),
    };
    let (old, new) = (file.old.as_ref(), file.new.as_ref());
    Ok((bytes(old, new)?, bytes(new, old)?))
}
