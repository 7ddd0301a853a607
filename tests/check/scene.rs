//! A repository with a base and a head, and the binary run on it.
//!
//! Owns how the binary is started (nothing inherited but PATH and the temporary folder; a fixed date) and how its
//! document is read. Every document that any test reads is held against the published schema here.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::TestRepository;

/// The date of every decision unless a test says otherwise.
pub const AS_OF: &str = "2026-01-31";

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A plain file.
    File(Vec<u8>),
    /// An executable file.
    Executable(Vec<u8>),
    /// A symbolic link and its target.
    Link(String),
    /// A submodule at a commit.
    Module(String),
}

impl From<&str> for Entry {
    fn from(text: &str) -> Self {
        Self::File(text.into())
    }
}

impl From<String> for Entry {
    fn from(text: String) -> Self {
        Self::File(text.into())
    }
}

impl From<&[u8]> for Entry {
    fn from(bytes: &[u8]) -> Self {
        Self::File(bytes.into())
    }
}

impl From<Vec<u8>> for Entry {
    fn from(bytes: Vec<u8>) -> Self {
        Self::File(bytes)
    }
}

/// A whole tree, by path.
pub type Tree = BTreeMap<String, Entry>;

/// Returns the tree of these text files.
pub fn tree(files: &[(&str, &str)]) -> Tree {
    files.iter().map(|(path, text)| ((*path).to_owned(), Entry::from(*text))).collect()
}

/// A bare repository with the branches `base` and `head`.
pub struct Scene {
    /// The repository.
    pub repository: TestRepository,
    /// Commit id of the base.
    pub base: String,
    /// Commit id of the head.
    pub head: String,
    /// The date of the decision.
    pub as_of: String,
}

impl Scene {
    /// Commits the first files, and on top of them a tree where the second ones are added or replaced.
    pub fn new(base: &[(&str, &str)], head: &[(&str, &str)]) -> Self {
        let base = tree(base);
        let mut after = base.clone();
        after.extend(tree(head));
        Self::of(&base, &after)
    }

    /// Commits two whole trees, the second on top of the first.
    pub fn of(base: &Tree, head: &Tree) -> Self {
        Self::in_repository(TestRepository::with(&["--bare"]), base, head)
    }

    /// Commits two whole trees into an empty repository.
    pub fn in_repository(repository: TestRepository, base: &Tree, head: &Tree) -> Self {
        let mut stream = Vec::new();
        write_commit(&mut stream, "base", None, base, 1_704_067_200);
        write_commit(&mut stream, "head", Some("base"), head, 1_704_067_260);
        repository.git_with(&["fast-import", "--quiet", "--done"], &[stream, b"done\n".to_vec()].concat());
        let ids = repository.git(&["rev-parse", "base", "head"]);
        let (base, head) = ids.split_once('\n').expect("two ids");
        let (base, head) = (base.to_owned(), head.to_owned());
        Self { repository, base, head, as_of: AS_OF.to_owned() }
    }

    /// Commits the base and then these messages and whole trees, one on top of the other.
    pub fn steps(base: &Tree, steps: &[(&str, &Tree)]) -> Self {
        let repository = TestRepository::with(&["--bare"]);
        let mut stream = Vec::new();
        write_commit(&mut stream, "base", None, base, 1_704_067_200);
        let mut parent = "base".to_owned();
        for (at, (message, tree)) in (1..).zip(steps) {
            let branch = if at == steps.len() { "head".to_owned() } else { format!("step-{at}") };
            let seconds = 1_704_067_200 + 60 * at as u64;
            write_commit_saying(&mut stream, (&branch, message), Some(&parent), tree, seconds);
            parent = branch;
        }
        repository.git_with(&["fast-import", "--quiet", "--done"], &[stream, b"done\n".to_vec()].concat());
        let ids = repository.git(&["rev-parse", "base", "head"]);
        let (base, head) = ids.split_once('\n').expect("two ids");
        let (base, head) = (base.to_owned(), head.to_owned());
        Self { repository, base, head, as_of: AS_OF.to_owned() }
    }

    /// Returns a command of the binary, in the repository.
    pub fn command(&self, arguments: &[&str]) -> Command {
        portcullis(self.repository.root(), arguments)
    }

    /// Returns the arguments that judge base..head on the fixed date.
    pub fn check_arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["check", "--base", &self.base, "--head", &self.head, "--as-of", &self.as_of], more].concat()
    }

    /// Judges base..head as JSON.
    pub fn check(&self, more: &[&str]) -> Run {
        run(&mut self.command(&[&self.check_arguments(&["--format", "json"])[..], more].concat()))
    }
}

/// Returns a command of the binary that inherits nothing that could change its answer.
pub fn portcullis(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command.env_clear().current_dir(folder).args(arguments).stdin(Stdio::null());
    for name in ["PATH", "SystemRoot", "TMPDIR", "TEMP", "TMP"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// What a run of the binary left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The exit code; a death by signal fails the test.
    pub code: i32,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: String,
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Run {
    ended(command.output().expect("the binary runs"))
}

/// Reads what an ended process left behind.
pub fn ended(output: Output) -> Run {
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code().unwrap_or_else(|| panic!("died by a signal: {err}"));
    Run { code, out: output.stdout, err }
}

impl Run {
    /// Returns standard output as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("UTF-8")
    }

    /// Returns the verdict document, valid and in agreement with the exit code.
    pub fn document(&self) -> Value {
        let document: Value = serde_json::from_slice(&self.out)
            .unwrap_or_else(|error| panic!("no document ({error}), exit {}: {}", self.code, self.err));
        assert_valid("verdict", &document);
        assert_eq!(document["exit_code"], self.code, "the document and the process say one thing");
        document
    }

    /// Returns the findings as lines: rule, place, severity and status.
    pub fn findings(&self) -> Vec<String> {
        findings(&self.document())
    }

    /// Returns the reasons for being undecided as lines: code and path.
    pub fn reasons(&self) -> Vec<String> {
        reasons(&self.document())
    }

    /// Returns the requirements as lines: id and rules.
    pub fn requirements(&self) -> Vec<String> {
        requirements(&self.document())
    }

    /// Asserts exit code and verdict together.
    pub fn is(&self, verdict: &str) -> &Self {
        let code = match verdict {
            "pass" => 0,
            "fail" => 1,
            "review" => 3,
            "undecided" => 4,
            _ => panic!("no such verdict: {verdict}"),
        };
        let document = self.document();
        let shown = serde_json::to_string_pretty(&document).unwrap();
        assert_eq!((&document["verdict"], self.code), (&Value::from(verdict), code), "{shown}");
        self
    }

    /// Asserts a wrong command line or configuration: exit 2, a diagnostic that says so, and no document.
    pub fn is_usage(&self, says: &str) -> &Self {
        assert_eq!((self.code, self.text()), (2, ""), "{}", self.err);
        assert!(self.err.contains(says), "{}", self.err);
        self
    }
}

/// Returns the findings of a document as lines.
pub fn findings(document: &Value) -> Vec<String> {
    let line = |finding: &Value| {
        let place = match (&finding["path"], &finding["start"]) {
            (Value::String(path), start) => format!("{path}:{}:{}", start["line"], start["column"]),
            _ => "(the change)".to_owned(),
        };
        let word = |key: &str| finding[key].as_str().expect(key).to_owned();
        let waived = finding["waived_by"].as_str().map(|waiver| format!(" waived by {waiver}")).unwrap_or_default();
        format!("{} {place} {} {}{waived}", word("rule"), word("severity"), word("status"))
    };
    document["findings"].as_array().expect("findings").iter().map(line).collect()
}

/// Returns the reasons of a document as lines: code, path, and the line that the message names first.
pub fn reasons(document: &Value) -> Vec<String> {
    let line = |reason: &Value| {
        let word = |key: &str| reason[key].as_str().expect(key);
        let at = word("message").strip_prefix("line ").and_then(|rest| rest.split_once(':'));
        let at = at.map(|(line, _)| format!(":{line}")).unwrap_or_default();
        format!("{} {}{at}", word("code"), word("path"))
    };
    let reasons = document["completeness"]["reasons"].as_array().expect("reasons");
    for reason in reasons {
        assert!(!reason["message"].as_str().unwrap().is_empty(), "{reason}");
        assert!(!reason["remedy"].as_str().unwrap().is_empty(), "no remedy: {reason}");
    }
    reasons.iter().map(|reason| line(reason).trim_end().to_owned()).collect()
}

/// Returns the requirements of a document as lines.
pub fn requirements(document: &Value) -> Vec<String> {
    let line = |requirement: &Value| {
        let rules: Vec<&str> =
            requirement["rules"].as_array().expect("rules").iter().map(|rule| rule.as_str().unwrap()).collect();
        format!("{}: {}", requirement["id"].as_str().unwrap(), rules.join(", "))
    };
    document["review"]["requirements"].as_array().expect("requirements").iter().map(line).collect()
}

/// Asserts that a document holds against the schema that the binary publishes under that name.
pub fn assert_valid(name: &'static str, document: &Value) {
    static VERDICT: OnceLock<jsonschema::Validator> = OnceLock::new();
    static INPUT: OnceLock<jsonschema::Validator> = OnceLock::new();
    static REPLAY: OnceLock<jsonschema::Validator> = OnceLock::new();
    let cell = match name {
        "verdict" => &VERDICT,
        "replay" => &REPLAY,
        _ => &INPUT,
    };
    let validator = cell.get_or_init(|| {
        let run = run(&mut portcullis(Path::new("."), &["schema", name]));
        assert_eq!(run.code, 0, "{}", run.err);
        jsonschema::validator_for(&serde_json::from_slice(&run.out).expect("a schema")).expect("a valid schema")
    });
    let faults: Vec<String> =
        validator.iter_errors(document).take(5).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "against `schema {name}`: {faults:#?}");
}

/// Writes a commit of a whole tree for `git fast-import`: any path and mode, no work tree.
pub fn write_commit(stream: &mut Vec<u8>, branch: &str, parent: Option<&str>, tree: &Tree, seconds: u64) {
    write_commit_saying(stream, (branch, branch), parent, tree, seconds);
}

/// Writes a commit with a message of its own.
fn write_commit_saying(
    stream: &mut Vec<u8>,
    (branch, message): (&str, &str),
    parent: Option<&str>,
    tree: &Tree,
    seconds: u64,
) {
    let who = format!("Ada Author <ada@example.org> {seconds} +0000");
    stream.extend_from_slice(format!("commit refs/heads/{branch}\nauthor {who}\ncommitter {who}\n").as_bytes());
    stream.extend_from_slice(format!("data {}\n{message}\n", message.len()).as_bytes());
    if let Some(parent) = parent {
        stream.extend_from_slice(format!("from refs/heads/{parent}\n").as_bytes());
    }
    stream.extend_from_slice(b"deleteall\n");
    for (path, entry) in tree {
        let (mode, bytes) = match entry {
            Entry::File(bytes) => ("100644", bytes.as_slice()),
            Entry::Executable(bytes) => ("100755", bytes.as_slice()),
            Entry::Link(target) => ("120000", target.as_bytes()),
            Entry::Module(id) => {
                stream.extend_from_slice(format!("M 160000 {id} {}\n", quoted(path)).as_bytes());
                continue;
            }
        };
        stream.extend_from_slice(format!("M {mode} inline {}\ndata {}\n", quoted(path), bytes.len()).as_bytes());
        stream.extend_from_slice(bytes);
        stream.push(b'\n');
    }
    stream.push(b'\n');
}

/// Returns a path as `git fast-import` reads it.
fn quoted(path: &str) -> String {
    let mut text = String::from('"');
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
    text.push('"');
    text
}
