//! A rule book from a few lines of YAML, and a change of a few files held against it.

use std::collections::BTreeMap;

use portcullis::change::{Change, ChangedFile, EntryKind, FileStatus, Side};
use portcullis::completeness::Completeness;
use portcullis::configuration::{Classifier, PathGlobs, UnknownLines};
use portcullis::diagnostic::UsageError;
use portcullis::enforcement::{Enforced, RuleBook, judge};
use portcullis::facts::Extractor;
use portcullis::finding::{RuleId, Severity, Status};
use portcullis::impact::owners::Owners;
use portcullis::limits::Limits;
use portcullis::policies::RuleResult;
use portcullis::policies::document::{Collected, assemble};
use portcullis::policies::input::InputDocument;
use portcullis::provenance::Provenance;
use portcullis::specification::Specification;
use portcullis::specification::hosted::HostedSystem;
use portcullis::specification::rule::{AppliesTo, Enforce, Example, Examples, Rule, Scope};
use portcullis::specification::system::System;
use portcullis::worker::protocol::{Blob, ReadTask};
use portcullis::yaml::{Node, Placed, Value, tree};

pub(crate) const FILE: &str = "invariants/test.yaml";

/// Keys of the text: `id`, `status`, `layer`, `systems`, `paths`, `exclude`, `applies-to`, `instead`, `examples`,
/// `enforce`; several rules are a list.
pub(crate) fn specification(text: &str) -> Specification {
    let mut specification = Specification::default();
    specification.texts.insert(FILE.to_owned(), text.to_owned());
    for id in ["orders", "payments", "web"] {
        let languages = match id {
            "orders" => "python",
            "payments" => "go",
            _ => "typescript",
        };
        let system = System { id: id.to_owned(), languages: vec![languages.to_owned()], ..System::default() };
        specification.systems.insert(id.to_owned(), system);
    }
    let root = tree(text.as_bytes(), FILE).unwrap();
    let rules = match &root.value {
        Value::List(items) => items.clone(),
        _ => vec![root.clone()],
    };
    for node in &rules {
        let rule = rule(node);
        specification.rules.insert(rule.id.clone(), rule);
    }
    specification
}

fn get<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { panic!("no mapping") };
    entries.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
}

fn text(node: &Node) -> String {
    match &node.value {
        Value::Plain(text) | Value::Quoted(text) => text.clone(),
        _ => panic!("no text"),
    }
}

fn texts(node: Option<&Node>) -> Vec<String> {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().map(text).collect(),
        _ => Vec::new(),
    }
}

fn examples(node: Option<&Node>) -> Vec<Example> {
    let Some(Value::List(items)) = node.map(|node| &node.value) else { return Vec::new() };
    let example = |item: &Node| match &item.value {
        Value::Map(_) => Example {
            language: get(item, "language").map(text),
            code: get(item, "code").map(text).unwrap(),
            line: item.place.line,
        },
        _ => Example { language: None, code: text(item), line: item.place.line },
    };
    items.iter().map(example).collect()
}

fn rule(node: &Node) -> Rule {
    let word = |name: &str, usual: &str| get(node, name).map_or_else(|| usual.to_owned(), text);
    let Value::Map(enforce) = &get(node, "enforce").unwrap().value else { panic!("no mapping") };
    let (kind, value): &(Placed<String>, Node) = &enforce[0];
    let systems = texts(get(node, "systems"));
    Rule {
        id: RuleId::new(word("id", "INV-TEST-001")).unwrap(),
        title: word("title", "A test rule"),
        status: match word("status", "enforced").as_str() {
            "observe" => Status::Observe,
            "advisory" => Status::Advisory,
            "draft" => Status::Draft,
            _ => Status::Enforced,
        },
        status_by_system: BTreeMap::new(),
        severity: Severity::Error,
        layer: word("layer", "2").parse().unwrap(),
        owner: "platform".to_owned(),
        rationale: "because".to_owned(),
        instead: get(node, "instead").map(text),
        decision: None,
        applies_to: if word("applies-to", "all") == "ai" { AppliesTo::Ai } else { AppliesTo::All },
        scope: Scope {
            systems: if systems.is_empty() { vec!["orders".to_owned()] } else { systems },
            paths: texts(get(node, "paths")),
            exclude: texts(get(node, "exclude")),
        },
        examples: Examples {
            fail: get(node, "examples").map(|e| examples(get(e, "fail"))).unwrap_or_default(),
            pass: get(node, "examples").map(|e| examples(get(e, "pass"))).unwrap_or_default(),
        },
        baseline: false,
        links: Vec::new(),
        enforce: Enforce { kind: kind.clone(), value: value.clone() },
        file: FILE.to_owned(),
        line: node.place.line,
    }
}

pub(crate) fn hosted() -> Vec<HostedSystem> {
    vec![HostedSystem { id: "orders".to_owned(), root: String::new() }]
}

/// Reads the rules; any fault but a missing proof fails the test.
pub(crate) fn book(text: &str) -> RuleBook {
    let (book, faults) = RuleBook::of(specification(text), hosted());
    let faults: Vec<String> =
        faults.iter().map(|fault| fault.title.clone()).filter(|t| !t.contains("needs `examples`")).collect();
    assert_eq!(faults, Vec::<String>::new());
    book
}

/// Returns `line:column title; help` of each fault, those of missing proof left out.
pub(crate) fn faults(text: &str) -> Vec<String> {
    all_faults(specification(text)).into_iter().filter(|fault| !fault.contains("needs `examples`")).collect()
}

pub(crate) fn all_faults(specification: Specification) -> Vec<String> {
    let (_, faults) = RuleBook::of(specification, hosted());
    let shown = |fault: &UsageError| {
        let place = fault.frame.as_ref().unwrap().place;
        format!("{}:{} {}; {}", place.line, place.column, fault.title, fault.help)
    };
    faults.iter().map(shown).collect()
}

/// One changed file: both paths and both texts.
pub(crate) struct File<'a> {
    pub(crate) paths: (&'a str, &'a str),
    pub(crate) texts: (Option<&'a str>, Option<&'a str>),
}

pub(crate) fn added<'a>(path: &'a str, text: &'a str) -> File<'a> {
    File { paths: (path, path), texts: (None, Some(text)) }
}

pub(crate) fn modified<'a>(path: &'a str, old: &'a str, new: &'a str) -> File<'a> {
    File { paths: (path, path), texts: (Some(old), Some(new)) }
}

pub(crate) fn document(book: &RuleBook, files: &[File<'_>]) -> InputDocument {
    let limits = Limits { file_ms: 120_000, ..Limits::default() };
    let classifier = Classifier::new(&PathGlobs { generated: vec!["gen/**".to_owned()], ..PathGlobs::default() });
    let extractor = Extractor::new(&limits, &[]).0.with_code(&book.patterns());
    let mut change = Change::default();
    let mut facts = BTreeMap::new();
    for file in files {
        let (old_path, path) = (file.paths.0.to_owned(), file.paths.1.to_owned());
        let blob = |text: &str| Blob { bytes: text.as_bytes().to_vec() };
        let task = ReadTask {
            path: path.clone(),
            old_path: old_path.clone(),
            class: classifier.classify(&path),
            old: file.texts.0.map(blob),
            new: file.texts.1.map(blob),
            known: None,
            learn: false,
        };
        facts.insert(path.clone(), extractor.read(&task));
        let side = |text: &str| Side { id: text.to_owned(), kind: EntryKind::File };
        let (old, new) = (file.texts.0.map(side), file.texts.1.map(side));
        change.files.push(ChangedFile { path, old_path, status: FileStatus::Modified, old, new });
    }
    assemble(Collected {
        change: &change,
        facts,
        classifier: &classifier,
        owners: &Owners::default(),
        provenance: Provenance::default(),
        governance: Vec::new(),
        completeness: Completeness::of(Vec::new()),
    })
}

pub(crate) fn judged(book: &RuleBook, input: &InputDocument, files: &[File<'_>]) -> Enforced {
    judged_with(book, input, files, &BTreeMap::new(), UnknownLines::Ai)
}

pub(crate) fn judged_with(
    book: &RuleBook,
    input: &InputDocument,
    files: &[File<'_>],
    results: &BTreeMap<RuleId, Vec<RuleResult>>,
    unknown: UnknownLines,
) -> Enforced {
    let text = |path: &str| files.iter().find(|f| f.paths.1 == path).and_then(|f| f.texts.1).map(str::to_owned);
    judge(book, input, results, unknown, &text, None)
}

/// Returns `rule path:line:column-line:column` of every finding, sorted.
pub(crate) fn places(enforced: &Enforced) -> Vec<String> {
    let mut places: Vec<String> = enforced
        .drafts
        .iter()
        .map(|draft| {
            let finding = &draft.judged.finding;
            let (start, end) = (finding.start.unwrap(), finding.end.unwrap());
            let path = finding.path.as_ref().unwrap().raw();
            format!("{} {path}:{}:{}-{}:{}", finding.rule, start.line, start.column, end.line, end.column)
        })
        .collect();
    places.sort();
    places
}

/// Judges a change by a few lines of YAML.
pub(crate) fn found(rules: &str, files: &[File<'_>]) -> Vec<String> {
    let book = book(rules);
    let input = document(&book, files);
    for file in &input.files {
        assert!(
            matches!(
                file.parsed.status,
                portcullis::facts::ParseStatus::Ok
                    | portcullis::facts::ParseStatus::Errors
                    | portcullis::facts::ParseStatus::Unsupported
            ),
            "{}: {:?}",
            file.path,
            file.parsed
        );
    }
    let places = places(&judged(&book, &input, files));
    places.into_iter().map(|place| place.trim_start_matches("INV-TEST-001 ").to_owned()).collect()
}
