//! The unchanged documents of the repository, for policies that look at all documents at once.
//!
//! Owns which files are read, only where a package says `combine` and a document that it looks at changed. One that
//! cannot be read is a reason, never a gap: a policy that misses a document may say anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Change, EntryKind, Repository, TreeEntry, list_commit};
use crate::completeness::{Completeness, Reason};
use crate::configuration::Classifier;
use crate::documents::{Format, Side};
use crate::facts::FileFacts;
use crate::gate::reach::Ground;
use crate::gate::reading::worker_lost;
use crate::limits::Limits;
use crate::policies::input::{DocumentBeside, FileClass, InputDocument};
use crate::policies::{Loaded, Looks, Scope};
use crate::worker::Supervisor;
use crate::worker::protocol::{Answer, Blob, Death, ReadTask, Task};

/// Adds the documents that the change leaves as they are to the input document, sorted by path.
pub(super) fn add_unchanged(
    input: &mut InputDocument,
    ground: &Ground<'_>,
    loaded: &Loaded,
    supervisor: &mut Supervisor,
) {
    let Ground { change, repository, classifier, limits, .. } = *ground;
    let (documents, unread) = unchanged(change, repository, classifier, limits, loaded, supervisor);
    input.documents = documents;
    let known = std::mem::take(&mut input.completeness.reasons);
    input.completeness = Completeness::of([known, unread].concat());
}

fn unchanged(
    change: &Change,
    repository: &Repository,
    classifier: &Classifier,
    limits: &Limits,
    loaded: &Loaded,
    supervisor: &mut Supervisor,
) -> (Vec<DocumentBeside>, Vec<Reason>) {
    let combined = loaded.packages.iter().filter(|package| package.scope == Scope::Document && package.combine);
    let running = combined.filter(|package| package.rules.iter().any(|rule| rule.status.runs()));
    let looks: Vec<Looks> = running.map(Looks::of).collect();
    let looked = |path: &str| Format::of(path).is_some() && looks.iter().any(|looks| looks.at(path));
    let touched = change.files.iter().any(|file| looked(&file.path) || looked(&file.old_path));
    // Nothing is compared with itself: a survey lists every file of the commit as new.
    if !touched || change.merge_base == change.head {
        return (Vec::new(), Vec::new());
    }
    let entries = match list_commit(repository, &change.merge_base, limits) {
        Ok(entries) => entries,
        Err(reason) => return (Vec::new(), vec![reason]),
    };
    let changed: BTreeSet<&str> =
        change.files.iter().flat_map(|file| [file.path.as_str(), file.old_path.as_str()]).collect();
    let judged = |path: &str| !matches!(classifier.classify(path), FileClass::Generated | FileClass::Vendored);
    let wanted = |entry: &TreeEntry| {
        let file = matches!(entry.kind, EntryKind::File | EntryKind::Executable);
        file && looked(&entry.path) && judged(&entry.path) && !changed.contains(entry.path.as_str())
    };
    let entries: Vec<TreeEntry> = entries.into_iter().filter(wanted).collect();
    if entries.len() as u64 > limits.document_files {
        let message =
            format!("`combine` looks at {} unchanged documents; the limit is {}", entries.len(), limits.document_files);
        let remedy = "name fewer with `files:` of the entry under `policies:`, or raise `limits: document-files`";
        return (Vec::new(), vec![Reason::new("documents-too-many", message, remedy)]);
    }
    read(entries, change, repository, limits, supervisor)
}

fn read(
    entries: Vec<TreeEntry>,
    change: &Change,
    repository: &Repository,
    limits: &Limits,
    supervisor: &mut Supervisor,
) -> (Vec<DocumentBeside>, Vec<Reason>) {
    let reader = repository.reader();
    let mut reasons = Vec::new();
    let mut tasks = Vec::new();
    for (id, entry) in (1_u64..).zip(&entries) {
        match change.blob(&reader, &entry.id, limits) {
            Ok(bytes) => tasks.push((id, Task::Read(task(&entry.path, bytes)))),
            Err(error) => reasons.push(error.reason(&entry.path)),
        }
    }
    let mut answers: BTreeMap<u64, Result<Answer, Death>> = BTreeMap::new();
    if let Err(error) = supervisor.run(tasks, |id, answer| drop(answers.insert(id, answer))) {
        reasons.push(worker_lost(&error.to_string()));
    }
    let mut documents = Vec::new();
    for (id, entry) in (1_u64..).zip(entries) {
        let facts = match answers.remove(&id) {
            Some(Ok(Answer::Read(facts))) => *facts,
            Some(_) => {
                reasons.push(unread(&entry.path, "reading it ended the worker process"));
                continue;
            }
            // It has its reason already.
            None => continue,
        };
        match document(facts) {
            Ok(document) => documents.push(DocumentBeside { path: entry.path, document }),
            Err(why) => reasons.push(unread(&entry.path, &why)),
        }
    }
    (documents, reasons)
}

/// A file that is only read as a document.
fn task(path: &str, bytes: Vec<u8>) -> ReadTask {
    ReadTask {
        path: path.to_owned(),
        old_path: path.to_owned(),
        class: FileClass::Config,
        old: None,
        new: Some(Blob { bytes }),
        known: None,
        learn: false,
    }
}

fn document(facts: FileFacts) -> Result<serde_json::Value, String> {
    match facts.documents.head {
        Side::Read(json) => serde_json::from_str(&json).map_err(|error| error.to_string()),
        Side::Unread(unread) => Err(unread.message),
        Side::None => Err("it is no document".to_owned()),
    }
}

fn unread(path: &str, why: &str) -> Reason {
    let remedy = "leave it out with `files:` of the entry under `policies:`, or mend it on the base branch";
    Reason::new("document-unread", format!("`combine` looks at it, and {why}"), remedy).at(path)
}
