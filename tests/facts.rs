//! Facts of changed files: what each language says, and what hostile bytes do.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use portcullis::facts::{Extractor, FactChange, FileFacts, ParseStatus};
use portcullis::limits::Limits;
use portcullis::policies::PatternSource;
use portcullis::policies::input::FileClass;
use portcullis::worker::protocol::{Blob, ReadTask};

mod facts {
    mod hidden;
    mod hostile;
    mod languages;
    mod pairing;
    mod patterns;
    mod spelling;
}

/// An example of each language that parses.
const EVERY: &[(&str, &str)] = &[
    ("a.go", "package a\nfunc f() { g() }\n"),
    ("a.java", "class A { void f() { g(); } }\n"),
    ("a.js", "function f() { g(); }\n"),
    ("a.py", "def f():\n    g()\n"),
    ("a.rs", "fn f() { g(); }\n"),
    ("a.tsx", "function f() { g(); }\n"),
    ("a.ts", "function f() { g(); }\n"),
];

fn task(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> ReadTask {
    let blob = |bytes: &[u8]| Blob { bytes: bytes.to_vec() };
    ReadTask {
        path: path.to_owned(),
        old_path: path.to_owned(),
        class: FileClass::Source,
        old: old.map(blob),
        new: new.map(blob),
        known: None,
        learn: false,
    }
}

fn read_with(limits: &Limits, patterns: &str, task: &ReadTask) -> FileFacts {
    let mut sources = Vec::new();
    if !patterns.is_empty() {
        let (pack, path) = ("pack".to_owned(), "pack/patterns/a.yaml".to_owned());
        sources.push(PatternSource { pack, path, text: patterns.to_owned() });
    }
    let (extractor, faults) = Extractor::new(limits, &sources);
    assert_eq!(faults, vec![]);
    extractor.read(task)
}

fn change(path: &str, old: impl AsRef<[u8]>, new: impl AsRef<[u8]>) -> FileFacts {
    read_with(&Limits::default(), "", &task(path, Some(old.as_ref()), Some(new.as_ref())))
}

fn add(path: &str, new: impl AsRef<[u8]>) -> FileFacts {
    read_with(&Limits::default(), "", &task(path, None, Some(new.as_ref())))
}

/// Limits that a slow machine under load does not meet by chance.
fn patient() -> Limits {
    Limits { file_ms: 120_000, ..Limits::default() }
}

fn hidden_kinds(facts: &FileFacts) -> Vec<(&str, u32, FactChange)> {
    facts.hidden.iter().map(|hidden| (hidden.kind.as_str(), hidden.line, hidden.change)).collect()
}

fn fault_codes(facts: &FileFacts) -> Vec<&str> {
    facts.faults.iter().map(|(code, _)| code.as_str()).collect()
}

/// Asserts that a file over a limit shows no facts that could look complete.
fn assert_unread(facts: &FileFacts, status: ParseStatus) {
    assert_eq!(facts.parsed.status, status);
    assert!(!facts.faults.is_empty());
    let facts_read = facts.symbols.len() + facts.imports.len() + facts.calls.len() + facts.matches.len();
    assert_eq!(facts_read, 0);
}
