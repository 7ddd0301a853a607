//! Change and facts -> the input document.
//!
//! Owns the assembly of `input`: what each key is made of. Must not read git or files.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Change, ChangedFile, Commit, EntryKind, Side, tickets};
use crate::completeness::Completeness;
use crate::configuration::Classifier;
use crate::dependencies;
use crate::documents::{Side as DocumentSide, Sides};
use crate::facts::FileFacts;
use crate::impact::owners::Owners;
use crate::policies::input::{
    Account, ChangeEntry, Collision, CommitEntry, DocumentReading, DocumentStatus, FileEntry, Governance,
    GovernanceChange, Impact, InputDocument, LineRange, SCHEMA, Totals,
};
use crate::provenance::{CommitProvenance, FileProvenance, Provenance};

/// What the document is assembled from.
pub struct Collected<'a> {
    /// The change.
    pub change: &'a Change,
    /// Facts by path; a file without an entry was not read (a link, a submodule).
    pub facts: BTreeMap<String, FileFacts>,
    /// Classes by base configuration.
    pub classifier: &'a Classifier,
    /// Owners by the base side.
    pub owners: &'a Owners,
    /// How the change was made.
    pub provenance: Provenance,
    /// What the change does to the gate's own rules.
    pub governance: Vec<GovernanceChange>,
    /// What could not be collected.
    pub completeness: Completeness,
}

/// Assembles the document; lists are sorted by path.
#[must_use]
pub fn assemble(collected: Collected<'_>) -> InputDocument {
    let Collected { change, mut facts, classifier, owners, mut provenance, mut governance, completeness } = collected;
    let mut read = |file: &ChangedFile| {
        let facts = facts.remove(&file.path).unwrap_or_else(FileFacts::unread);
        // Absence of evidence is `unknown`, never `human`.
        let unknown = FileProvenance { unknown_lines: facts.added, ..FileProvenance::default() };
        let made = provenance.files.remove(&file.path).unwrap_or(unknown);
        FileEntry { provenance: made, ..entry(file, facts, classifier, owners) }
    };
    let mut files: Vec<FileEntry> = change.files.iter().map(&mut read).collect();
    dependencies::prune(files.iter_mut().map(|file| (&file.manifest, &mut file.dependencies)));
    files.sort_by(|a, b| (&a.path, &a.old_path, a.status).cmp(&(&b.path, &b.old_path, b.status)));
    governance.sort();
    governance.dedup();
    InputDocument {
        schema: SCHEMA.to_owned(),
        change: change_entry(change, &files, provenance),
        files,
        documents: Vec::new(),
        imports: Vec::new(),
        contracts: Vec::new(),
        impact: Impact::default(),
        governance: Governance { changed: governance },
        completeness,
    }
}

fn change_entry(change: &Change, files: &[FileEntry], provenance: Provenance) -> ChangeEntry {
    let made = provenance.commits.into_iter().map(Some).chain(std::iter::repeat(None));
    ChangeEntry {
        base: change.base.clone(),
        head: change.head.clone(),
        merge_base: change.merge_base.clone(),
        author: Account { login: String::new(), kind: "unknown".to_owned() },
        tickets: tickets(&change.commits),
        commits: change.commits.iter().zip(made).map(|(commit, made)| commit_entry(commit, made)).collect(),
        totals: totals(files),
        accountable: provenance.accountable,
        renames_unknown: change.renames_unknown,
        collisions: change
            .collisions
            .iter()
            .map(|twins| Collision { path: twins.path.clone(), twin: twins.twin.clone() })
            .collect(),
        ..ChangeEntry::default()
    }
}

fn commit_entry(commit: &Commit, made: Option<CommitProvenance>) -> CommitEntry {
    CommitEntry {
        id: commit.id.clone(),
        author: commit.author.clone(),
        committer: commit.committer.clone(),
        subject: commit.subject.clone(),
        body: commit.body.clone(),
        trailers: commit.trailers.clone(),
        evidence: made.map(|made| made.evidence).unwrap_or_default(),
    }
}

fn totals(files: &[FileEntry]) -> Totals {
    let modules: BTreeSet<&str> = files.iter().map(|file| file.module.as_str()).collect();
    Totals {
        files: u32::try_from(files.len()).unwrap_or(u32::MAX),
        added: files.iter().fold(0, |sum, file| sum.saturating_add(file.added)),
        removed: files.iter().fold(0, |sum, file| sum.saturating_add(file.removed)),
        ai_added: files.iter().fold(0, |sum, file| sum.saturating_add(file.provenance.ai_lines)),
        unknown_added: files.iter().fold(0, |sum, file| sum.saturating_add(file.provenance.unknown_lines)),
        modules: u32::try_from(modules.len()).unwrap_or(u32::MAX),
        contracts: 0,
    }
}

fn entry(file: &ChangedFile, facts: FileFacts, classifier: &Classifier, owners: &Owners) -> FileEntry {
    let reading = reading(&facts.documents);
    let shown = file.new.as_ref().or(file.old.as_ref());
    FileEntry {
        path: file.path.clone(),
        old_path: file.old_path.clone(),
        status: file.status,
        mode_change: mode_change(file),
        kind: shown.map_or("file", |side| kind_name(side.kind)).to_owned(),
        language: facts.language,
        module: folder(&file.path),
        owners: owners.of(&file.path),
        class: classifier.classify(&file.path),
        declared: classifier.declares(&file.path),
        binary: facts.binary,
        lfs_pointer: facts.lfs_pointer,
        added: facts.added,
        removed: facts.removed,
        hunks: facts
            .hunks
            .iter()
            .map(|hunk| LineRange { start: hunk.new_start, end: hunk.new_end.saturating_sub(1) })
            .collect(),
        parsed: facts.parsed,
        symbols: facts.symbols,
        imports: facts.imports,
        calls: facts.calls,
        matches: facts.matches,
        tests: facts.tests,
        commented: facts.commented,
        twins: Vec::new(),
        unknown: Vec::new(),
        hidden: facts.hidden,
        secrets: facts.secrets,
        manifest: facts.dependencies.manifest,
        dependencies: facts.dependencies.entries,
        document: value(facts.documents.head),
        old_document: value(facts.documents.base),
        document_lines: serde_json::from_str(&facts.documents.lines).unwrap_or_else(|_| serde_json::json!({})),
        document_reading: reading,
        provenance: FileProvenance::default(),
    }
}

fn reading(sides: &Sides) -> DocumentReading {
    let status = |side: &DocumentSide| match side {
        DocumentSide::None => DocumentStatus::None,
        DocumentSide::Read(_) => DocumentStatus::Ok,
        DocumentSide::Unread(unread) if unread.too_large => DocumentStatus::TooLarge,
        DocumentSide::Unread(_) => DocumentStatus::Unreadable,
    };
    let (message, line) = match &sides.head {
        DocumentSide::Unread(unread) => (unread.message.clone(), unread.line),
        DocumentSide::None | DocumentSide::Read(_) => (String::new(), 0),
    };
    DocumentReading {
        format: sides.format.clone(),
        head: status(&sides.head),
        base: status(&sides.base),
        message,
        line,
    }
}

/// Returns a side's value; an empty mapping where there is none, for a key is never absent.
fn value(side: DocumentSide) -> serde_json::Value {
    let read = match side {
        DocumentSide::Read(json) => serde_json::from_str(&json).ok(),
        DocumentSide::None | DocumentSide::Unread(_) => None,
    };
    read.unwrap_or_else(|| serde_json::json!({}))
}

/// Returns the folder of a path, `.` for the root.
fn folder(path: &str) -> String {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned()
}

fn kind_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File => "file",
        EntryKind::Executable => "executable",
        EntryKind::Symlink => "symlink",
        EntryKind::Submodule => "submodule",
    }
}

fn mode(side: &Side) -> &'static str {
    match side.kind {
        EntryKind::File => "100644",
        EntryKind::Executable => "100755",
        EntryKind::Symlink => "120000",
        EntryKind::Submodule => "160000",
    }
}

fn mode_change(file: &ChangedFile) -> String {
    match (&file.old, &file.new) {
        (Some(old), Some(new)) if old.kind != new.kind => format!("{} -> {}", mode(old), mode(new)),
        _ => String::new(),
    }
}
