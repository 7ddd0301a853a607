//! The commands for authors of policies, as cases: `tests/cases/policy_new`, `policy_check` and `policy_test`.
//!
//! `repo/` is what the work tree holds. `steps` is a list of lines: `portcullis ...` runs the binary, `cat FILE` shows a
//! file. `expected.txt` is what all of that printed. `PORTCULLIS_BLESS=1` writes it anew; read the difference.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise"
)]

#[path = "policy/faults.rs"]
mod faults;
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use support::{TestRepository, copy, scrubbed};

fn cases(topic: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(topic);
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.join("steps").is_file());
    cases.sort();
    cases
}

fn portcullis(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = scrubbed(env!("CARGO_BIN_EXE_portcullis"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn step(line: &str, case: &Path, repository: &TestRepository) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["portcullis", arguments @ ..] => {
            let output = portcullis(repository.root(), arguments);
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let code = output.status.code().unwrap();
            format!("$ {line}\n{}{}exit {code}\n\n", text(&output.stdout), text(&output.stderr))
        }
        ["cat", file] => format!("$ {line}\n{}\n", fs::read_to_string(repository.root().join(file)).unwrap()),
        _ => panic!("{}: no such step: {line}", case.display()),
    }
}

fn run(topic: &str, fewest: usize) {
    let chosen = std::env::var("PORTCULLIS_CASE").unwrap_or_default();
    let cases = cases(topic);
    assert!(cases.len() >= fewest, "cases are missing");
    let mut wrong = Vec::new();
    for case in cases.iter().filter(|case| case.to_string_lossy().contains(&chosen)) {
        let repository = TestRepository::new();
        if case.join("repo").is_dir() {
            copy(&case.join("repo"), repository.root());
        }
        let steps = fs::read_to_string(case.join("steps")).unwrap();
        let lines = steps.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let actual: String = lines.map(|line| step(line, case, &repository)).collect();
        let expected = case.join("expected.txt");
        if std::env::var_os("PORTCULLIS_BLESS").is_some() {
            fs::write(&expected, &actual).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default().replace("\r\n", "\n") != actual {
            wrong.push(format!("{}:\n{actual}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_of_new_ends_as_expected() {
    run("policy_new", 2);
}

#[test]
fn every_case_of_check_ends_as_expected() {
    run("policy_check", 4);
}

#[test]
fn every_case_of_test_ends_as_expected() {
    run("policy_test", 5);
}

#[test]
fn the_built_in_packs_pass_their_own_check_and_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for pack in portcullis::policies::packs::names() {
        for verb in ["check", "test"] {
            let output = portcullis(root, &["policy", verb, &format!("policies/{pack}")]);
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(output.status.code(), Some(0), "policy {verb} {pack}\n{said}");
        }
    }
}

#[test]
fn a_test_that_calls_itself_takes_no_other_with_it() {
    let repository = TestRepository::new();
    portcullis(repository.root(), &["policy", "new", "deep"]);
    let test = "package deep_too_test\n\naround(x) := about(x)\n\nabout(x) := around(x)\n\ntest_recursion if around(1)\n\ntest_beside if true\n";
    fs::write(repository.root().join("policies/deep/recursion_test.rego"), test).unwrap();
    let output = portcullis(repository.root(), &["policy", "test", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let outcome = |name: &str| {
        let tests = document["tests"].as_array().unwrap();
        tests.iter().find(|test| test["name"] == name).unwrap()["outcome"].clone()
    };
    assert_eq!((outcome("test_recursion"), outcome("test_beside")), ("error".into(), "passed".into()));
    assert_eq!((output.status.code(), document["faults"].as_array().unwrap().len()), (Some(2), 2));
}

#[test]
fn outside_of_a_repository_a_folder_is_found_from_anywhere() {
    let repository = TestRepository::new();
    let plain = repository.beside("plain");
    fs::create_dir(&plain).unwrap();
    assert_eq!(portcullis(&plain, &["policy", "new", "first"]).status.code(), Some(0));
    assert_eq!(portcullis(&plain, &["policy", "new", "second", "--dir", "deep/er"]).status.code(), Some(0));
    let seen = [(plain.clone(), "policies"), (plain.join("policies"), "."), (plain.join("deep"), "../policies/first")];
    for (folder, named) in seen.iter().chain([&(plain.clone(), "deep/er"), &(plain.join("deep/er/second"), "..")]) {
        for verb in ["check", "test"] {
            let output = portcullis(folder, &["policy", verb, named]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(0), "{verb} {named} in {}: {said}", folder.display());
        }
    }
}

#[test]
fn an_answer_is_the_same_twice() {
    let repository = TestRepository::new();
    portcullis(repository.root(), &["policy", "new", "twice"]);
    for arguments in [&["policy", "check", "--format", "json"][..], &["policy", "test", "--format", "json"]] {
        let (first, second) = (portcullis(repository.root(), arguments), portcullis(repository.root(), arguments));
        assert_eq!(first.stdout, second.stdout);
        let document: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
        assert_eq!(document["ok"], true);
    }
}

#[test]
fn a_folder_of_policies_that_nobody_names_is_said_when_the_work_tree_is_trusted() {
    let said = |configuration: &str, more: &[&str]| {
        let repository = TestRepository::new();
        portcullis(repository.root(), &["policy", "new", "idle"]);
        repository.write(".portcullis.yaml", configuration);
        let base = repository.commit("base");
        let head = repository.write("a.py", "x = 1\n").commit("head");
        let range = ["check", "--base", &base, "--head", &head];
        let output = portcullis(repository.root(), &[&range[..], more].concat());
        let said = String::from_utf8(output.stdout).unwrap();
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let unnamed = said("version: 1\npacks: [size]\n", &["--trust", "worktree"]);
    assert!(unnamed.contains("policies/idle/idle.rego") && unnamed.contains("add `policies: [policies]`"), "{unnamed}");
    assert!(!said("version: 1\npacks: [size]\n", &[]).contains("idle.rego"));
    let named = said("version: 1\npacks: [size]\npolicies: [policies]\n", &["--trust", "worktree"]);
    assert!(!named.contains("idle.rego"), "{named}");
}

#[test]
fn both_documents_are_as_their_schemas_say() {
    let repository = TestRepository::new();
    portcullis(repository.root(), &["policy", "new", "sound"]);
    // One of each kind of row: a fault, a test that fails, a case that fails.
    let folder = repository.root().join("policies/sound");
    let text = "package bad\n\ndeny contains {\"message\": \"x\"} if input.change.draft\n";
    fs::write(folder.join("bad.rego"), text).unwrap();
    fs::write(
        folder.join("bad_test.rego"),
        "package bad_test\n\ntest_bad if {\n\tprint(1)\n\t{\"a\": 1} == {\"a\": count([1, 2])}\n}\n",
    )
    .unwrap();
    fs::write(folder.join("cases/sound/near-miss/head/src/other.py"), "print(1)\n").unwrap();
    for verb in ["check", "test"] {
        let schema = portcullis(repository.root(), &["schema", &format!("policy-{verb}")]);
        assert_eq!(schema.status.code(), Some(0));
        let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let output = portcullis(repository.root(), &["policy", verb, "--format", "json"]);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &document["ok"]), (Some(1), &false.into()), "{document}");
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert!(!validator.is_valid(&serde_json::json!({"schema": 3})));
    }
}

#[test]
fn watching_runs_again_when_a_file_changes() {
    use std::io::{BufRead, BufReader};
    let repository = TestRepository::new();
    portcullis(repository.root(), &["policy", "new", "watched"]);
    let mut command = scrubbed(env!("CARGO_BIN_EXE_portcullis"));
    command.current_dir(repository.root()).args(["policy", "test", "--watch"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |word: &str| lines.by_ref().map(Result::unwrap).find(|line| line.contains(word)).unwrap();
    assert!(until("passed;").contains("5 passed"));
    let test = repository.root().join("policies/watched/watched_test.rego");
    let text = fs::read_to_string(&test).unwrap();
    fs::write(&test, format!("{text}\ntest_new if false\n")).unwrap();
    assert!(until("passed;").contains("1 FAILED, 5 passed"));
    child.kill().unwrap();
    child.wait().unwrap();
}
