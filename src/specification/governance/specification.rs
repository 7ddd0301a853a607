//! The specification in the repository itself: invariants, contracts, teams, decision records.
//!
//! Owns its places and what each of its files contributes to what the change does. One file alone says little, for
//! parts move between files: both sides are compared as a whole, by `specification::diff`.

use std::collections::{BTreeMap, BTreeSet};

use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};
use crate::diagnostic::UsageError;
use crate::specification::diff::{Effect, EnforceComparison, SpecificationChange, diff};
use crate::specification::files::SpecificationFiles;
use crate::specification::layout::{self, FileKind};
use crate::specification::{Specification, load};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "specification", claim: Claim::Rest, covers, judge };

/// The folder that counts wherever the configuration says that the specification lies.
const USUAL: &str = ".portcullis";

/// What a change does to the specification that lies in the repository, or why that cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecificationChanges {
    /// The folder.
    folder: String,
    /// Changes by file from the root of the specification; each file of either side has an entry.
    told: Result<BTreeMap<String, Vec<SpecificationChange>>, String>,
}

impl SpecificationChanges {
    /// Says why nothing can be told of the specification in a folder.
    #[must_use]
    pub fn untold(folder: &str, why: impl Into<String>) -> Self {
        Self { folder: folder.to_owned(), told: Err(why.into()) }
    }

    /// Compares both sides as a whole; `head` may be the reason why it could not be read.
    #[must_use]
    pub fn of(
        base: &SpecificationFiles,
        head: &Result<SpecificationFiles, String>,
        kinds: &dyn EnforceComparison,
    ) -> Self {
        let folder = base.folder.clone();
        let told = head.as_ref().map_err(Clone::clone).and_then(|head| {
            if head.files.is_empty() {
                return Err("the whole specification is deleted".to_owned());
            }
            let (old, new) = (readable("base's", base)?, readable("head's", head)?);
            let paths: BTreeSet<&String> = base.files.keys().chain(head.files.keys()).collect();
            let mut by_file: BTreeMap<String, Vec<SpecificationChange>> =
                paths.into_iter().map(|path| (path.clone(), Vec::new())).collect();
            for change in diff(&old, &new, kinds) {
                by_file.entry(change.file.clone()).or_default().push(change);
            }
            Ok(by_file)
        });
        Self { folder, told }
    }
}

/// A side with a fault has no answer: what its other parts mean depends on what could not be read.
fn readable(side: &str, files: &SpecificationFiles) -> Result<Specification, String> {
    let (specification, faults) = load(files);
    match faults.first() {
        None => Ok(specification),
        Some(first) => {
            Err(format!("{side} specification has {}: what changes cannot be told", counted(first, faults.len())))
        }
    }
}

fn counted(first: &UsageError, count: usize) -> String {
    if count == 1 { format!("a fault, {first}") } else { format!("{count} faults, the first of them {first}") }
}

fn covers(path: &Folded, places: &Places) -> bool {
    if path.within(USUAL) {
        return true;
    }
    let Some(folder) = &places.specification else { return false };
    match Folded::new(folder).as_str() {
        // A repository that is a specification has other files beside it.
        "" => !matches!(layout::kind_of(path.as_str()), Ok(FileKind::Other) | Err(_)) || within_tree(path),
        folder => path.within(folder),
    }
}

fn within_tree(path: &Folded) -> bool {
    path.within("contracts") || path.within("tests")
}

/// Says whether the path is a file of the specification below this folder of it.
pub(super) fn covers_folder(path: &Folded, places: &Places, inside: &str) -> bool {
    let below = |folder: &str| if folder.is_empty() { inside.to_owned() } else { format!("{folder}/{inside}") };
    let configured = places.specification.as_ref().map(|folder| below(Folded::new(folder).as_str()));
    path.within(&below(USUAL)) || configured.is_some_and(|folder| path.within(&folder))
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    told(file).unwrap_or_else(|| match (file.base, file.head) {
        // Whoever owns a system is asked in place of those whom CODEOWNERS names for its files.
        (None, _) if file.path.rsplit('/').next() == Some("systems.yaml") => Judgement::loosens(
            "systems are named for the first time, and their owners are asked in place of CODEOWNERS",
        ),
        (None, _) => Judgement::harmless("a file is added to the specification"),
        (_, None) => Judgement::loosens("a file of the specification is deleted"),
        _ => Judgement::loosens("the specification changes; whether it lets more through cannot be told"),
    })
}

/// Judges a file by what changes in the whole specification; none when there was nothing to compare.
pub(super) fn told(file: &GovernedFile<'_>) -> Option<Judgement> {
    let SpecificationChanges { folder, told } = file.rules.specification.as_ref()?;
    if !folder.is_empty() && !Folded::new(file.path).within(Folded::new(folder).as_str()) {
        return None;
    }
    let by_file = match told {
        Ok(by_file) => by_file,
        Err(why) => return Some(Judgement::loosens(why.clone())),
    };
    // A twin of a name, or a link in place of a file: not among the files that were compared.
    let Some(changes) = inside(file.path, folder).and_then(|inside| by_file.get(inside)) else {
        return Some(Judgement::loosens(
            "the file is none that the specification is read from; what follows cannot be told",
        ));
    };
    Some(if changes.is_empty() { unsaid(inside(file.path, folder).unwrap_or_default()) } else { said(changes) })
}

/// Returns what follows the folder in a path, to the letter: a twin of the folder is another one to git.
fn inside<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

fn unsaid(inside: &str) -> Judgement {
    match layout::kind_of(inside) {
        Ok(FileKind::Other) | Err(_) => {
            Judgement::loosens("the file cannot be read as text; what follows from it cannot be told")
        }
        Ok(_) => Judgement::told(Effect::Textual, "what the specification demands stays as it is"),
    }
}

fn said(changes: &[SpecificationChange]) -> Judgement {
    let effect = changes.iter().map(|change| change.effect).max().unwrap_or(Effect::Loosening);
    let those = || changes.iter().filter(|change| change.effect == effect);
    let why: Vec<String> = those().map(SpecificationChange::sentence).collect();
    let owners: BTreeSet<&String> = those().flat_map(|change| &change.owners).collect();
    let judgement = match effect {
        Effect::Loosening => Judgement::of(why, ""),
        effect => Judgement::told(effect, super::joined(&why)),
    };
    Judgement { owners: owners.into_iter().cloned().collect(), ..judgement }
}
