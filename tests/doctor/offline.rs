//! Without a forge: the files, and the command line.

use crate::{doctor, document, found, open, repository};

const WORKFLOW: &str = "\
on: pull_request
jobs:
  gate:
    if: github.actor != 'x'
    steps:
      - run: portcullis check --review report
";

#[test]
fn the_files_are_judged_and_all_settings_are_unknown() {
    let repository = repository(&[(".github/workflows/gate.yml", WORKFLOW)]);
    for variables in [&[][..], &[("GITHUB_TOKEN", "ghp_SECRET")]] {
        let run = doctor(&repository, &["--offline", "--format", "json"], variables);
        let document = document(&run);
        let expected = ["codeowners-missing", "gate-conditional", "gate-may-fail", "gate-workflow-editable"];
        assert_eq!((found(&document), run.code), (expected.to_vec(), 4), "{document:#}");
        assert!(open(&document).contains(&"status-not-required"));
        assert!(document["unknown"][0]["why"].as_str().unwrap().contains("--offline"), "{document:#}");
    }
}

#[test]
fn without_a_token_the_files_are_judged_all_the_same() {
    let repository = repository(&[(".github/workflows/gate.yml", WORKFLOW)]);
    let run = doctor(&repository, &["--project", "acme/shop", "--format", "json"], &[]);
    let document = document(&run);
    assert!(found(&document).contains(&"gate-conditional") && run.code == 4, "{document:#}");
    let why = document["unknown"].as_array().unwrap().iter().any(|one| one["why"] == "there is no token");
    assert!(why, "{document:#}");
}

#[test]
fn files_on_disk_are_looked_at_when_asked_for() {
    let repository = repository(&[(".github/workflows/gate.yml", WORKFLOW)]);
    repository.write(".github/workflows/gate.yml", WORKFLOW.replace("    if: github.actor != 'x'\n", ""));
    let run = doctor(&repository, &["--offline", "--worktree", "--format", "json"], &[]);
    let document_of = document(&run);
    assert_eq!(document_of["files"], "the work tree");
    assert!(!found(&document_of).contains(&"gate-conditional"));
    let committed = document(&doctor(&repository, &["--offline", "--format", "json"], &[]));
    assert!(found(&committed).contains(&"gate-conditional"));
}

#[test]
fn a_token_goes_to_no_address_that_only_a_clone_names() {
    let repository = repository(&[(".github/workflows/gate.yml", WORKFLOW)]);
    repository.git(&["remote", "add", "origin", "https://github.evil.example/acme/shop.git"]);
    let run = doctor(&repository, &["--format", "json"], &[("GITHUB_TOKEN", "ghp_SECRET")]);
    let document = document(&run);
    let why = document["unknown"][0]["why"].as_str().unwrap().to_owned()
        + document["unknown"].as_array().unwrap().last().unwrap()["why"].as_str().unwrap();
    assert!(why.contains("`origin` is at github.evil.example") && run.code == 4, "{document:#}");
}

#[test]
fn a_branch_that_the_clone_lacks_is_not_known_and_nothing_else_stands_in_for_it() {
    let repository = repository(&[(".github/workflows/gate.yml", WORKFLOW)]);
    let run = doctor(&repository, &["--offline", "--branch", "nosuch", "--format", "json"], &[]);
    let named = document(&run);
    assert_eq!((found(&named).len(), run.code), (0, 4), "{named:#}");
    assert!(open(&named).contains(&"gate-conditional"), "{named:#}");
    assert!(
        found(&document(&doctor(&repository, &["--offline", "--format", "json"], &[]))).contains(&"gate-conditional")
    );
}

#[test]
fn nothing_found_is_not_said_of_what_is_not_known() {
    let repository = repository(&[("a.py", "x = 1\n")]);
    let run = doctor(&repository, &["--offline", "--forge", "github", "--branch", "nosuch"], &[]);
    let said = String::from_utf8_lossy(&run.out);
    assert!(said.contains("No way around the gate in ") && said.contains(" not known."), "{said}");
    assert!(!said.contains("No way around the gate was found"), "{said}");
}

#[test]
fn a_wrong_command_line_is_refused_with_what_is_right() {
    let repository = repository(&[("a.py", "x = 1\n")]);
    doctor(&repository, &["--offline"], &[]).is_usage("--forge github");
    doctor(&repository, &["--forge", "github", "--offline", "--accept", "status-not-pined"], &[])
        .is_usage("status-not-pinned");
    doctor(&repository, &["--forge", "github", "--project", "a/b/c"], &[]).is_usage("OWNER/NAME");
}

#[test]
fn a_link_in_place_of_a_workflow_is_not_followed() {
    let repository = repository(&[("a.py", "x = 1\n")]);
    let target = repository.blob("../../../../etc/passwd");
    repository.index("120000", &target, ".github/workflows/gate.yml");
    repository.commit_index("Link");
    let run = doctor(&repository, &["--forge", "github", "--offline", "--format", "json"], &[]);
    let document = document(&run);
    assert!(open(&document).contains(&"gate-missing") && !found(&document).contains(&"gate-missing"), "{document:#}");
}
