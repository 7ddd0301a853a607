//! What the documents say to copy: YAML parses, policies and settings load in the real binary, commands exist.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test ends at the first surprise")]

#[path = "docs/guide.rs"]
mod guide;
#[path = "docs/rules.rs"]
mod rules;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use portcullis::cli::Cli;

/// The documents whose blocks are tried. `docs/specification.md` is tried by the tests of the specification.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "docs/conftest.md",
    "docs/forges.md",
    "docs/github.md",
    "docs/gitlab.md",
    "docs/hooks.md",
    "docs/imports.md",
    "docs/policies.md",
    "docs/reports.md",
    "docs/review.md",
];

/// A fenced block.
struct Block {
    language: String,
    text: String,
    place: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap().replace("\r\n", "\n")
}

fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in read(document).lines().enumerate() {
        match (open.take(), line.strip_prefix("```")) {
            (Some(block), Some(_)) => blocks.push(block),
            (Some(mut block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            }
            (None, Some(language)) => {
                let place = format!("{document}:{}", index + 1);
                open = Some(Block { language: language.to_owned(), text: String::new(), place });
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block of {document} does not end");
    blocks
}

/// Returns the blocks that name their file in the first line, `# path`, by that path.
fn file_of(block: &Block) -> Option<&str> {
    block.text.lines().next()?.strip_prefix("# ").filter(|name| name.contains('.') && !name.contains(' '))
}

fn yaml(block: &Block) -> serde_json::Value {
    serde_saphyr::from_str(&block.text).unwrap_or_else(|error| panic!("{}: {error}", block.place))
}

#[test]
fn every_yaml_block_is_yaml() {
    let mut count = 0;
    for block in DOCUMENTS.iter().flat_map(|document| blocks(document)).filter(|block| block.language == "yaml") {
        assert!(yaml(&block).is_object(), "{}", block.place);
        count += 1;
    }
    assert!(count >= 15, "{count}");
}

/// A workflow is safe to copy when it takes no rights that it does not name, uses one action, by commit, and never brings
/// the request's own files next to a token that may write.
#[test]
fn every_workflow_names_its_rights_and_uses_one_action_by_commit() {
    let mut count = 0;
    for block in blocks("docs/forges.md") {
        if !file_of(&block).is_some_and(|name| name.starts_with(".github/workflows/")) {
            continue;
        }
        let workflow = yaml(&block);
        assert!(workflow["permissions"].is_object(), "{}", block.place);
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            assert!(job["if"].is_null(), "{}: a skipped job {name} reports success", block.place);
            for step in job["steps"].as_array().unwrap() {
                if let Some(uses) = step["uses"].as_str() {
                    assert_eq!(uses, "actions/checkout@ACTIONS-CHECKOUT-COMMIT", "{}", block.place);
                    assert_eq!(step["with"]["persist-credentials"], false, "{}", block.place);
                    let own = step["with"]["path"] == "repo";
                    assert!(!own || step["with"]["ref"].is_null(), "{}: no commit of the request", block.place);
                }
                // An expression in a script is text that the author of a request may have chosen.
                assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{}", block.place);
            }
        }
        for filter in ["paths:", "paths-ignore:", "branches-ignore:"] {
            assert!(!block.text.contains(filter), "{}: a filtered workflow never reports", block.place);
        }
        count += 1;
    }
    assert_eq!(count, 6);
}

/// Returns every command line that begins with the binary, in blocks of a shell and in scripts of workflows.
fn command_lines(block: &Block) -> Vec<String> {
    let lines = block.text.lines().map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: "));
    let lines = lines.filter_map(|line| {
        let (program, rest) = line.split_once(' ')?;
        let named = program == "portcullis" || program.ends_with("/release/portcullis");
        named.then(|| rest.split(" #").next().unwrap_or_default().trim().to_owned())
    });
    lines.collect()
}

#[test]
fn every_command_of_the_documents_is_one() {
    let mut count = 0;
    for block in DOCUMENTS.iter().flat_map(|document| blocks(document)) {
        if !["sh", "yaml"].contains(&block.language.as_str()) {
            continue;
        }
        for line in command_lines(&block) {
            let words = line.split_whitespace().map(|word| word.trim_matches('\''));
            if let Err(error) = Cli::try_parse_from(std::iter::once("portcullis").chain(words)) {
                panic!("{}: portcullis {line}\n{error}", block.place);
            }
            count += 1;
        }
    }
    assert!(count >= 20, "{count}");
}

fn git(folder: &Path, words: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]);
    assert!(command.args(words).status().unwrap().success(), "git {words:?}");
}

/// Writes the files into the work tree of a new repository, runs the check with its rules, and returns the document.
fn checked(files: &[(&str, &str)]) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(folder.path(), &["commit", "--quiet", "--allow-empty", "--message=begin"]);
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command.current_dir(folder.path()).env_clear().env("HOME", folder.path());
    command.args("check --trust worktree --worktree --base HEAD --format json --as-of 2026-11-21".split(' '));
    let output = command.output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn requirement<'d>(document: &'d serde_json::Value, id: &str) -> &'d serde_json::Value {
    let all = document["review"]["requirements"].as_array().unwrap();
    all.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id} in {all:#?}"))
}

#[test]
fn the_settings_and_the_policy_of_the_document_on_imports_want_a_scan() {
    let blocks = blocks("docs/imports.md");
    let first = |language: &str| &blocks.iter().find(|block| block.language == language).unwrap().text;
    let settings = format!("{}packs: [hidden-code]\npolicies: [policies]\n", first("yaml"));
    let files =
        [(".portcullis.yaml", settings.as_str()), ("policies/scans.rego", first("rego")), ("src/a.py", "x = 1\n")];
    let document = checked(&files);
    let rules: Vec<&serde_json::Value> =
        document["findings"].as_array().unwrap().iter().map(|finding| &finding["rule"]).collect();
    assert_eq!(rules, ["scans/python"], "{:#}", document["completeness"]);
    let deferred = document["deferred"].as_array().unwrap();
    assert_eq!(deferred.iter().filter(|one| one["rule"] == "imports/required").count(), 2);
}

#[test]
fn the_review_policy_of_the_document_loads_and_asks_whom_it_says() {
    let blocks = blocks("docs/review.md");
    let policy = blocks.iter().find(|block| file_of(block) == Some("policies/shop_review.rego")).unwrap();
    let named = |block: &&Block| file_of(block) == Some(".portcullis.yaml") && block.text.contains("policies:");
    let configuration = blocks.iter().find(named).unwrap();
    let files = [
        (".portcullis.yaml", configuration.text.as_str()),
        ("policies/shop_review.rego", policy.text.as_str()),
        ("services/payments/charge.py", "def charge():\n    pass\n"),
    ];
    let document = checked(&files);
    assert_eq!(document["completeness"]["reasons"], serde_json::json!([]), "{document:#}");
    let payments = requirement(&document, "layer-2/payments");
    assert_eq!((&payments["count"], &payments["rules"][0]), (&2.into(), &"shop/money".into()));
    let rules = document["review"].to_string();
    assert!(!rules.contains("\"review/"), "the pack `review` is left out: {rules}");
}

#[test]
fn every_configuration_and_policy_of_the_documents_loads_without_a_fault() {
    let mut count = 0;
    let is_test = |line: &str| line.starts_with("package ") && line.ends_with("_test");
    let all = DOCUMENTS.iter().flat_map(|document| blocks(document));
    for block in all.filter(|block| !block.text.lines().any(is_test)) {
        let settings = block.language == "yaml"
            && block.text.starts_with("version: 1\n") | block.text.starts_with("# .portcullis.yaml\n");
        let document = match block.language.as_str() {
            "rego" => checked(&[
                (".portcullis.yaml", "version: 1\npolicies: [policies]\n"),
                ("policies/own.rego", &block.text),
                ("a.py", "x = 1\n"),
            ]),
            "yaml" if settings && block.text.contains("scope: document") => {
                let own = "package main\n\ndeny contains \"x\" if input.never\n";
                let files =
                    [(".portcullis.yaml", block.text.as_str()), ("policy/own.rego", own), ("data/a.json", "{}\n")];
                checked(&[&files[..], &[("k8s/a.yaml", "a: 1\n")]].concat())
            }
            // Its folder is the reader's own.
            "yaml" if settings => {
                let own = "package own\n\nwarn contains \"x\" if input.change.totals.files > 1000\n";
                checked(&[(".portcullis.yaml", &block.text), ("policies/own.rego", own), ("a.py", "x = 1\n")])
            }
            _ => continue,
        };
        assert_eq!(document["completeness"]["reasons"], serde_json::json!([]), "{}", block.place);
        count += 1;
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn every_rule_of_the_pack_review_stands_in_the_document() {
    let policy = read("policies/review/review.rego");
    let document = read("docs/review.md");
    let mut count = 0;
    for id in policy.lines().filter_map(|line| line.strip_prefix("#   id: ")) {
        assert!(document.contains(&format!("| `{id}` |")), "{id} is not in docs/review.md");
        count += 1;
    }
    assert_eq!(count, 9);
}

/// Returns the names of variables in the text before its tests.
fn variables(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let quoted = text.split('"').skip(1).step_by(2);
    let named = |word: &&str| {
        ["CI_", "GITHUB_", "GITLAB_", "PORTCULLIS_"].iter().any(|prefix| word.starts_with(prefix))
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    quoted.filter(named).map(str::to_owned).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_variable_that_the_forges_read_stands_in_the_document() {
    let mut files = vec![root().join("src/change/event.rs"), root().join("src/forge/token.rs")];
    sources(&root().join("src/forge"), &mut files);
    sources(&root().join("src/commands"), &mut files);
    let names: BTreeSet<String> = files.iter().flat_map(|path| variables(path)).collect();
    let document = read("docs/forges.md");
    let missing: Vec<&String> = names.iter().filter(|name| !document.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(names.len() > 25, "{names:?}");
}
