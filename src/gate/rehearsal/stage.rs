//! A case -> the documents that its rules see.
//!
//! Owns how the files of a case stand for a change: as the pipeline would have read it, without a repository.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::change::{Change, ChangedFile, Collision, EntryKind, FileStatus, Side};
use crate::completeness::Completeness;
use crate::configuration::Classifier;
use crate::facts::FileFacts;
use crate::finding::hex;
use crate::impact::owners::Owners;
use crate::policies::cases::{Case, CaseFile};
use crate::policies::document::{Collected, assemble};
use crate::policies::review_input::ReviewInput;
use crate::provenance::Provenance;
use crate::specification::governance::{BaseRules, Places, changes};
use crate::worker::protocol::{Blob, ReadTask};

/// Returns the task that reads a file of a case; none for links and submodules, which have no text.
pub(super) fn read_task(file: &CaseFile, classifier: &Classifier) -> Option<ReadTask> {
    let changed = changed(file);
    let blob = |side: &Option<Side>, bytes: &Option<Vec<u8>>| {
        let bytes = bytes.clone().filter(|_| side.as_ref().is_some_and(|side| side.kind.is_file()));
        bytes.map(|bytes| Blob { bytes })
    };
    let (old, new) = (blob(&changed.old, &file.old), blob(&changed.new, &file.new));
    if old.is_none() && new.is_none() {
        return None;
    }
    Some(ReadTask {
        path: file.path.clone(),
        old_path: file.path.clone(),
        class: classifier.classify(&file.path),
        old,
        new,
        known: None,
        learn: false,
    })
}

fn changed(file: &CaseFile) -> ChangedFile {
    let side = |bytes: &Option<Vec<u8>>, mode: &str| {
        let kind = match mode {
            "000000" => return None,
            "100755" => EntryKind::Executable,
            "120000" => EntryKind::Symlink,
            "160000" => EntryKind::Submodule,
            _ => EntryKind::File,
        };
        bytes.as_ref().map(|bytes| Side { id: hex(&Sha256::digest(bytes)), kind })
    };
    let (old, new) = (side(&file.old, &file.modes.0), side(&file.new, &file.modes.1));
    let status = match (&old, &new) {
        (None, _) => FileStatus::Added,
        (_, None) => FileStatus::Deleted,
        (Some(old), Some(new))
            if old.kind.is_file() != new.kind.is_file() || (!old.kind.is_file() && old.kind != new.kind) =>
        {
            FileStatus::Typechanged
        }
        _ => FileStatus::Modified,
    };
    ChangedFile { path: file.path.clone(), old_path: file.path.clone(), status, old, new }
}

/// Returns the input document, and what scope `review` adds to it, both as JSON with the case's keys laid over them.
///
/// # Errors
/// When the case lays a key over a document that has no such key.
pub(super) fn documents(
    case: &Case,
    facts: BTreeMap<String, FileFacts>,
    classifier: &Classifier,
) -> Result<(Vec<u8>, Vec<u8>), String> {
    let mut change = Change::default();
    change.commits_complete = true;
    // A file that is the same on both sides is no part of a change.
    let differs = |file: &&CaseFile| file.old != file.new || file.modes.0 != file.modes.1;
    change.files = case.files.iter().filter(differs).map(changed).collect();
    let twins = |(path, twin): &(String, String)| Collision { path: path.clone(), twin: twin.clone() };
    change.collisions = case.collisions.iter().map(twins).collect();
    let places = Places::of(["policies"]);
    let governance = case.files.iter().filter(differs).flat_map(|file| {
        let sides = (file.old.as_deref(), file.new.as_deref());
        changes((&file.path, &file.path), sides, &places, &BaseRules::default())
    });
    let document = assemble(Collected {
        change: &change,
        facts,
        classifier,
        owners: &Owners::parse(b""),
        provenance: Provenance::default(),
        governance: governance.collect(),
        completeness: Completeness::of(Vec::new()),
    });
    let failed = |error: serde_json::Error| error.to_string();
    let mut document = serde_json::to_value(document).map_err(failed)?;
    let mut review = serde_json::to_value(ReviewInput::default()).map_err(failed)?;
    lay(&mut document, &mut review, &case.overlay)?;
    Ok((serde_json::to_vec(&document).map_err(failed)?, serde_json::to_vec(&review).map_err(failed)?))
}

/// Lays the keys of a case over both documents; those of its files by path.
fn lay(document: &mut Value, review: &mut Value, overlay: &Value) -> Result<(), String> {
    for (key, value) in overlay.as_object().into_iter().flatten() {
        if key == "files" {
            for (path, keys) in value.as_object().into_iter().flatten() {
                let files = document.get_mut("files").and_then(Value::as_array_mut).into_iter().flatten();
                let mut files = files.filter(|file| file.get("path").and_then(Value::as_str) == Some(path));
                let file =
                    files.next().ok_or_else(|| format!("overlay.json: the case has no changed file `{path}`"))?;
                merge(file, keys, &format!("files.{path}"))?;
            }
        } else if let Some(place) = document.get_mut(key) {
            merge(place, value, key)?;
        } else if let Some(place) = review.get_mut(key) {
            merge(place, value, key)?;
        } else {
            return Err(format!("overlay.json: the input document has no key `{key}`"));
        }
    }
    Ok(())
}

fn merge(into: &mut Value, from: &Value, name: &str) -> Result<(), String> {
    let mut pending = vec![(into, from, name.to_owned())];
    while let Some((into, from, name)) = pending.pop() {
        match (into, from) {
            (Value::Object(into), Value::Object(from)) => {
                if let Some(key) = from.keys().find(|key| !into.contains_key(key.as_str())) {
                    return Err(format!("overlay.json: the input document has no key `{name}.{key}`"));
                }
                for (key, place) in into.iter_mut() {
                    if let Some(value) = from.get(key) {
                        pending.push((place, value, format!("{name}.{key}")));
                    }
                }
            }
            (into, from) => *into = from.clone(),
        }
    }
    Ok(())
}
