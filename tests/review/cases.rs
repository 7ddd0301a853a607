//! Cases that are data: what the forge said, what the change is, and whose approval counts.
//!
//! `tests/cases/review/<what-happens>/`: `README` says in one line why the case exists; `state.json` is what the forge
//! said (keys that are left out are empty; a text says why nothing was obtained; no file is a run at somebody's desk);
//! `change.json` is the change, the requests for its review and whom it reaches; `specification/` stands in the place of
//! the one that all cases share. `expected.txt` is the review. `PORTCULLIS_BLESS=1` writes it; read the difference.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use portcullis::change::{FileStatus, Person, Trailer};
use portcullis::completeness::Completeness;
use portcullis::facts::{ParseStatus, Parsed};
use portcullis::finding::RuleId;
use portcullis::policies::input::{CommitEntry, DocumentReading, FileClass, FileEntry, InputDocument};
use portcullis::provenance::FileProvenance;
use portcullis::review::approvals::{Ground, judged};
use portcullis::review::decision_record::Records;
use portcullis::review::reached::Reached;
use portcullis::review::state::{ForgeFacts, Freshness, PullState};
use portcullis::review::{Review, ReviewRequest, required};
use portcullis::specification::files::{SpecificationFile, SpecificationFiles};
use portcullis::specification::{Specification, load};
use serde::Deserialize;
use serde_json::Value;

/// `change.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeFile {
    head: String,
    /// In a merge queue, the head that the queue names.
    #[serde(default)]
    pull_head: String,
    #[serde(default = "usual_day")]
    as_of: String,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    commits: Vec<CommitFile>,
    #[serde(default)]
    requests: Vec<RequestFile>,
    #[serde(default)]
    owners: BTreeMap<String, BTreeSet<String>>,
    #[serde(default)]
    unowned: BTreeSet<String>,
    #[serde(default)]
    freshness: Freshness,
    #[serde(default)]
    no_specification: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitFile {
    author: String,
    #[serde(default)]
    committer: String,
    #[serde(default)]
    coauthors: Vec<String>,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestFile {
    rule: String,
    layer: u8,
    #[serde(default)]
    team: String,
    #[serde(default)]
    count: u32,
    #[serde(default)]
    certified: String,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    record: bool,
}

fn usual_day() -> String {
    "2026-11-21".to_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/review")
}

fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.join("change.json").exists()).collect();
    found.sort();
    found
}

/// Returns `Name <address>` as a person.
fn person(text: &str) -> Person {
    let (name, rest) = text.split_once('<').unwrap_or((text, ""));
    Person { name: name.trim().to_owned(), email: rest.trim_end_matches('>').to_owned() }
}

fn commit(file: CommitFile) -> CommitEntry {
    let committer = if file.committer.is_empty() { &file.author } else { &file.committer };
    let trailer = |value: &String| Trailer { key: "Co-authored-by".to_owned(), value: value.clone() };
    CommitEntry {
        id: String::new(),
        author: person(&file.author),
        committer: person(committer),
        subject: file.message,
        body: String::new(),
        trailers: file.coauthors.iter().map(trailer).collect(),
        evidence: Vec::new(),
    }
}

fn file(path: String) -> FileEntry {
    FileEntry {
        old_path: path.clone(),
        path,
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
        manifest: portcullis::dependencies::ManifestFacts::default(),
        dependencies: Vec::new(),
        document: serde_json::json!({}),
        old_document: serde_json::json!({}),
        document_lines: serde_json::json!({}),
        document_reading: DocumentReading::default(),
        provenance: FileProvenance::default(),
    }
}

fn request(file: RequestFile) -> ReviewRequest {
    ReviewRequest {
        rule: RuleId::new(&file.rule).unwrap(),
        reason: file.rule.as_str().into(),
        layer: file.layer,
        team: file.team.as_str().into(),
        count: file.count,
        certified: file.certified,
        paths: file.paths,
        record: file.record,
    }
}

fn specification(folder: &Path) -> Specification {
    let own = folder.join("specification");
    let folder = if own.exists() { own } else { root().join("specification") };
    let mut files = BTreeMap::new();
    let mut open = vec![folder.clone()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, SpecificationFile(fs::read(&path).unwrap()));
        }
    }
    let (specification, faults) = load(&SpecificationFiles { files, ..SpecificationFiles::default() });
    assert!(faults.is_empty(), "{faults:#?}");
    specification
}

fn state(folder: &Path) -> ForgeFacts {
    let Ok(text) = fs::read_to_string(folder.join("state.json")) else { return ForgeFacts::Local };
    match serde_json::from_str(&text).unwrap() {
        Value::String(why) => ForgeFacts::NotObtained(why),
        Value::Object(given) => {
            let Value::Object(mut whole) = serde_json::to_value(PullState::default()).unwrap() else { panic!("a map") };
            whole.extend(given);
            ForgeFacts::Obtained(Box::new(serde_json::from_value(Value::Object(whole)).unwrap()))
        }
        other => panic!("{other}"),
    }
}

fn judge(folder: &Path) -> Review {
    let text = fs::read_to_string(folder.join("change.json")).unwrap();
    let change: ChangeFile = serde_json::from_str(&text).unwrap();
    let specification = if change.no_specification { Specification::default() } else { specification(folder) };
    let mut input = InputDocument::nothing(Completeness::of(Vec::new()));
    input.change.head = change.head;
    input.change.commits = change.commits.into_iter().map(commit).collect();
    input.files = change.files.into_iter().map(file).collect();
    let forge = state(folder);
    let requests: Vec<ReviewRequest> = change.requests.into_iter().map(request).collect();
    let reached = Reached { owners: change.owners, unowned: change.unowned };
    let review = required(&requests, &reached, &Records::of(&input, &forge, &specification));
    let ground = Ground {
        forge: &forge,
        freshness: &change.freshness,
        specification: &specification,
        input: &input,
        pull_head: if change.pull_head.is_empty() { &input.change.head } else { &change.pull_head },
        as_of: &change.as_of,
    };
    judged(review, &ground)
}

fn shown(review: &Review) -> String {
    let mut text = format!("layer {}\n", review.layer);
    for requirement in &review.requirements {
        let state = if requirement.met { "met" } else { "not met" };
        let count = if requirement.count > 1 { format!(" by {}", requirement.count) } else { String::new() };
        let _ = writeln!(text, "\n{}: {state}{count}", requirement.id);
        for line in requirement.reason.raw().lines() {
            let _ = writeln!(text, "  why: {line}");
        }
        for approval in &requirement.approvals {
            let (login, why_not) = (approval.login.raw(), approval.why_not.raw());
            assert_eq!(approval.counts, why_not.is_empty());
            let _ = match approval.counts {
                true => writeln!(text, "  {login} counts"),
                false => writeln!(text, "  {login} does not count: {why_not}"),
            };
        }
    }
    text
}

#[test]
fn every_case_ends_as_expected() {
    let bless = std::env::var_os("PORTCULLIS_BLESS").is_some();
    let mut wrong = Vec::new();
    for folder in folders() {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(folder.join("README").exists(), "{name} does not say why it exists");
        let actual = shown(&judge(&folder));
        assert_eq!(actual, shown(&judge(&folder)), "{name}");
        let expected = folder.join("expected.txt");
        if bless {
            fs::write(&expected, &actual).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != actual {
            wrong.push(format!("{name}:\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(folders().len() > 20);
}
