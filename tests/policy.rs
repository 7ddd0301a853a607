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
