//! The commands that care for a specification, as cases: `tests/cases/spec/<name>/`.
//!
//! `repo/` is what the repository holds and has committed. `steps` is a list of lines: `portcullis ...` runs the binary,
//! `cat FILE` shows a file, `change` lays `change/` over the work tree, `example FOLDER` puts the worked example there,
//! `commit` commits everything. `expected.txt` is what all of that printed. `PORTCULLIS_BLESS=1` writes it anew; read
//! the difference.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test ends at the first surprise")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use support::{TestRepository, copy, scrubbed};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn portcullis(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = scrubbed(env!("CARGO_BIN_EXE_portcullis"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn commit(repository: &TestRepository) {
    repository.git(&["add", "--all", "--force", "."]);
    repository.git(&["commit", "--quiet", "--allow-empty", "-m", "state"]);
}

/// Returns a repository whose folder has the same name on every run: `init` names a system after it.
fn prepared(case: &Path) -> TestRepository {
    let repository = TestRepository::new();
    if case.join("repo").is_dir() {
        copy(&case.join("repo"), repository.root());
    }
    commit(&repository);
    repository
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
        ["cat", file] => {
            let text =
                fs::read_to_string(repository.root().join(file)).unwrap_or_else(|_| "there is no such file\n".into());
            format!("$ {line}\n{text}\n")
        }
        ["change"] => {
            copy(&case.join("change"), repository.root());
            String::new()
        }
        ["example", folder] => {
            copy(&root().join("fixtures/spec"), &repository.root().join(folder));
            String::new()
        }
        ["remove", file] => {
            fs::remove_file(repository.root().join(file)).unwrap();
            String::new()
        }
        ["commit"] => {
            commit(repository);
            String::new()
        }
        _ => panic!("{}: no such step: {line}", case.display()),
    }
}

#[test]
fn every_case_prints_what_is_expected() {
    let bless = std::env::var_os("PORTCULLIS_BLESS").is_some();
    let folders = fs::read_dir(root().join("tests/cases/spec")).unwrap();
    let mut cases: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 10, "cases are missing");
    let mut wrong = Vec::new();
    for case in cases {
        let repository = prepared(&case);
        let steps = fs::read_to_string(case.join("steps")).unwrap();
        let lines = steps.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let actual: String = lines.map(|line| step(line, &case, &repository)).collect();
        let expected = case.join("expected.txt");
        if bless {
            fs::write(&expected, &actual).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default().replace("\r\n", "\n") != actual {
            wrong.push(format!("{}:\n{actual}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Says what the binary printed, when it ended with that code.
fn ended(output: &Output, code: i32) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(output.status.code(), Some(code), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn a_pinned_specification_is_fetched_read_and_held_against_its_digest() {
    let specs = TestRepository::new();
    copy(&root().join("fixtures/spec"), specs.root());
    commit(&specs);
    specs.git(&["tag", "v3.4.0"]);
    let commit_id = specs.git(&["rev-parse", "HEAD"]);
    let app = TestRepository::new();
    let url = format!("file://{}", specs.root().display());
    let text = format!("version: 1\nsystem: orders   # this one\nspec: {{git: \"{url}\"}}\n");
    fs::write(app.root().join(".portcullis.yaml"), text).unwrap();
    commit(&app);
    let said = ended(&portcullis(app.root(), &["spec", "pin", "v3.4"]), 2);
    assert!(said.contains("Did you mean `v3.4.0`?"), "{said}");
    assert!(ended(&portcullis(app.root(), &["spec", "pin", "v3.4.0"]), 0).contains(commit_id.trim()));
    let written = fs::read_to_string(app.root().join(".portcullis.yaml")).unwrap();
    assert!(written.contains(&format!("rev: {}}}", commit_id.trim())) && written.contains("# this one"), "{written}");
    assert!(ended(&portcullis(app.root(), &["spec", "show"]), 2).contains("has not been fetched"));
    assert!(ended(&portcullis(app.root(), &["spec", "fetch"]), 0).contains("fetched"));
    assert!(ended(&portcullis(app.root(), &["spec", "fetch"]), 0).contains("was here already"));
    assert!(ended(&portcullis(app.root(), &["spec", "show"]), 0).contains("INV-ARCH-001"));
    assert!(
        ended(&portcullis(app.root(), &["explain", "INV-ARCH-001"]), 0).contains("The store must stay replaceable")
    );
    let waiver = ended(&portcullis(app.root(), &["explain", "INV-ARCH-001"]), 0);
    assert!(waiver.contains("    rule: INV-ARCH-001") && waiver.contains("    until: YYYY-MM-DD"), "{waiver}");
    let lock = fs::read_to_string(app.root().join("portcullis.lock")).unwrap();
    let other = lock.lines().map(|line| {
        if line.starts_with("digest") { format!("digest: \"{}\"", "0".repeat(64)) } else { line.to_owned() }
    });
    fs::write(app.root().join("portcullis.lock"), other.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    assert!(ended(&portcullis(app.root(), &["spec", "fetch"]), 2).contains("digest"));
}

#[test]
fn a_page_is_written_whole_and_checked() {
    let repository = TestRepository::new();
    copy(&root().join("fixtures/spec"), repository.root());
    let page = ["spec", "export", "--html", "--write", "page.html"];
    // A page is no part of the layout, so it lies elsewhere.
    let page = page.map(|word| if word == "page.html" { "../page.html" } else { word });
    let check = [&page[..], &["--check"]].concat();
    assert!(ended(&portcullis(repository.root(), &check), 1).contains("out of date"));
    ended(&portcullis(repository.root(), &page), 0);
    ended(&portcullis(repository.root(), &check), 0);
    let text = fs::read_to_string(repository.beside("page.html")).unwrap();
    assert!(text.starts_with("<!doctype html>") && text.contains("id=\"INV-PAY-001\"") && !text.contains("<script"));
}

#[test]
fn a_link_in_a_specification_is_refused_row_90() {
    #[cfg(unix)]
    {
        let repository = TestRepository::new();
        copy(&root().join("fixtures/spec"), repository.root());
        std::os::unix::fs::symlink("/etc/hostname", repository.root().join("policies/other.rego")).unwrap();
        assert!(ended(&portcullis(repository.root(), &["spec", "lint"]), 2).contains("symbolic link"));
    }
}
