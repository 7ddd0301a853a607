//! Small values for the tests of this module and of `enforcement`.

use crate::change::{FileStatus, Person, Trailer};
use crate::completeness::Completeness;
use crate::facts::{ParseStatus, Parsed};
use crate::policies::input::{CommitEntry, DocumentReading, FileClass, FileEntry, InputDocument};
use crate::provenance::FileProvenance;

/// Returns a modified file.
pub(crate) fn file(path: &str) -> FileEntry {
    FileEntry {
        path: path.to_owned(),
        old_path: path.to_owned(),
        status: FileStatus::Modified,
        mode_change: String::new(),
        kind: "file".to_owned(),
        language: String::new(),
        module: String::new(),
        owners: Vec::new(),
        class: FileClass::Source,
        declared: false,
        binary: false,
        lfs_pointer: false,
        added: 1,
        removed: 0,
        hunks: Vec::new(),
        parsed: Parsed { status: ParseStatus::Ok, errors_in_change: false },
        symbols: Vec::new(),
        imports: Vec::new(),
        calls: Vec::new(),
        matches: Vec::new(),
        tests: Vec::new(),
        commented: Vec::new(),
        twins: Vec::new(),
        unknown: Vec::new(),
        hidden: Vec::new(),
        secrets: Vec::new(),
        manifest: crate::dependencies::ManifestFacts::default(),
        dependencies: Vec::new(),
        document: serde_json::json!({}),
        old_document: serde_json::json!({}),
        document_lines: serde_json::json!({}),
        document_reading: DocumentReading::default(),
        provenance: FileProvenance::default(),
    }
}

/// Returns a commit by Ada with that message and those co-authors.
pub(super) fn commit(subject: &str, body: &str, coauthors: &[&str]) -> CommitEntry {
    let ada = Person { name: "Ada Author".to_owned(), email: "ada@example.org".to_owned() };
    let trailer = |value: &&str| Trailer { key: "Co-authored-by".to_owned(), value: (*value).to_owned() };
    CommitEntry {
        id: String::new(),
        author: ada.clone(),
        committer: ada,
        subject: subject.to_owned(),
        body: body.to_owned(),
        trailers: coauthors.iter().map(trailer).collect(),
        evidence: Vec::new(),
    }
}

/// Returns a change with that head, files and commits.
pub(super) fn change(head: &str, files: Vec<FileEntry>, commits: Vec<CommitEntry>) -> InputDocument {
    let mut input = InputDocument::nothing(Completeness::of(Vec::new()));
    input.change.head = head.to_owned();
    input.change.commits = commits;
    input.files = files;
    input
}
