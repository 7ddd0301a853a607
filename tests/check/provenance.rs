//! How a change was made, from commits to the input document: what two trees and a message cannot say.

use serde_json::{Value, json};

use crate::scene::{AS_OF, portcullis, run};
use crate::support::TestRepository;

const TOOL: &str = "By a tool\n\nCo-authored-by: Claude <noreply@anthropic.com>";

fn base() -> TestRepository {
    let repository = TestRepository::new();
    repository
        .write(".portcullis.yaml", "version: 1\npacks: [hidden-code]\n")
        .write("f", "1\n2\n3\n4\n5\n")
        .commit("base");
    repository.git(&["branch", "base"]);
    repository
}

/// Returns the input document of base..head.
fn facts(repository: &TestRepository, more: &[&str], environment: &[(&str, &str)]) -> Value {
    let arguments = [&["facts", "--base", "base"], more].concat();
    let mut command = portcullis(repository.root(), &arguments);
    serde_json::from_slice(&run(command.envs(environment.iter().copied())).out).unwrap()
}

fn provenance<'a>(document: &'a Value, path: &str) -> &'a Value {
    let file = document["files"].as_array().unwrap().iter().find(|file| file["path"] == path);
    &file.unwrap_or_else(|| panic!("{path} is in {document:#}"))["provenance"]
}

fn spans(document: &Value, path: &str) -> Vec<String> {
    let spans = provenance(document, path)["spans"].as_array().unwrap().iter();
    spans.map(|span| format!("{}-{} {}", span["start"], span["end"], span["tool"].as_str().unwrap())).collect()
}

#[test]
fn a_merge_keeps_the_answers_of_both_sides_and_its_own_lines_are_unknown() {
    let repository = base();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write("f", "1\ntool\n2\n3\n4\n5\n").commit(TOOL);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("f", "1\n2\n3\n4\nperson\n5\n").commit("by a person");
    repository.git(&["merge", "--quiet", "--no-commit", "side"]);
    repository.write("f", "1\ntool\n2\n3\nmerged\n4\nperson\n5\n").commit("merge");
    let document = facts(&repository, &["--head", "HEAD"], &[]);
    assert_eq!(spans(&document, "f"), ["2-2 claude-code"]);
    let file = provenance(&document, "f");
    assert_eq!((&file["ai_lines"], &file["human_lines"], &file["unknown_lines"]), (&json!(1), &json!(0), &json!(2)));
    let totals = &document["change"]["totals"];
    assert_eq!((&totals["ai_added"], &totals["unknown_added"]), (&json!(1), &json!(2)));
}

#[test]
fn lines_that_are_not_committed_are_unknown_beside_those_of_a_tool() {
    let repository = base();
    repository.write("f", "1\ntool\n2\n3\n4\n5\n").commit(TOOL);
    repository.write("f", "1\ntool\n2\n3\n4\nloose\n5\n").write("fresh", "x\n");
    let document = facts(&repository, &["--worktree"], &[]);
    assert_eq!(spans(&document, "f"), ["2-2 claude-code"]);
    assert_eq!(provenance(&document, "f")["unknown_lines"], 1);
    assert_eq!((spans(&document, "fresh").len(), &provenance(&document, "fresh")["unknown_lines"]), (0, &json!(1)));
    repository.git(&["add", "f"]);
    assert_eq!(spans(&facts(&repository, &["--staged"], &[]), "f"), ["2-2 claude-code"]);
}

#[test]
fn evidence_and_the_accountable_human_stand_at_the_commit_and_the_change() {
    let repository = base();
    repository.write("f", "1\ntool\n2\n3\n4\n5\n").commit(TOOL);
    let document = facts(&repository, &["--head", "HEAD"], &[]);
    assert_eq!(document["change"]["accountable"], "Ada Author <ada@example.org>");
    assert_eq!(
        document["change"]["commits"][0]["evidence"],
        json!([{
            "strength": "commit", "confidence": "high", "class": "agent", "kind": "coauthor-email", "source": "identities",
            "tool": "claude-code", "vendor": "Anthropic", "model": "", "session": "", "human": "",
            "detail": "noreply@anthropic.com"
        }])
    );
}

#[test]
fn two_people_leave_nobody_accountable_and_a_borrowed_name_proves_nothing_row_118() {
    let repository = base();
    repository.write("f", "1\n2\n3\n4\n5\n6\n").commit("one");
    repository.write("g", "g\n").git(&["add", "g"]);
    repository.git(&["commit", "--quiet", "--author", "Max Maintainer <max@example.org>", "-m", "two"]);
    let document = facts(&repository, &["--head", "HEAD"], &[]);
    assert_eq!(document["change"]["accountable"], "");
    let files = document["files"].as_array().unwrap();
    assert!(files.iter().all(|file| file["provenance"]["human_lines"] == 0), "no name makes a line human");
}

#[test]
fn the_name_of_the_branch_is_a_hint_and_changes_no_answer() {
    let repository = base();
    repository.write("f", "1\n2\n3\n4\n5\n6\n").commit("one");
    let head = repository.git(&["rev-parse", "HEAD"]);
    let document = facts(&repository, &["--head", &head], &[("GITHUB_HEAD_REF", "codex/fix-parser")]);
    assert_eq!(document["change"]["commits"][0]["evidence"][0]["strength"], "hint");
    assert_eq!(provenance(&document, "f")["unknown_lines"], 1);
    assert_eq!(document["change"]["totals"]["ai_added"], 0);
}

#[test]
fn deciding_again_from_a_saved_input_says_the_same() {
    let repository = base();
    repository.write("f", "1\ntool\n2\n3\n4\n5\n").commit(TOOL);
    repository.write("f", "1\ntool\n2\n3\n4\n5\nperson\n").commit("by a person");
    let saved = repository.beside("saved.json");
    let saved = saved.to_str().unwrap();
    let first =
        ["check", "--base", "base", "--head", "HEAD", "--as-of", AS_OF, "--format", "human", "--save-input", saved];
    let first = run(&mut portcullis(repository.root(), &first));
    let again = run(&mut portcullis(repository.root(), &["decide", saved, "--format", "human"]));
    let note = "note: AI-assisted: 1 of 2 added lines, 1 unknown; claude-code (by address)";
    assert!(first.text().lines().any(|line| line == note), "{}", first.text());
    assert_eq!(String::from_utf8(first.out).unwrap(), String::from_utf8(again.out).unwrap());
}

#[test]
fn hostile_text_in_a_trailer_reaches_no_terminal_raw() {
    let repository = base();
    let text = "x\n\nCo-authored-by-AI: \u{1b}[2J\u{202E}::error::evil (m)\nSigned-off-by: A <a@b>";
    repository.write("f", "1\n2\n3\n4\n5\n6\n").commit(text);
    for format in ["human", "github", "sarif", "json"] {
        let arguments = ["check", "--base", "base", "--head", "HEAD", "--as-of", AS_OF, "--format", format];
        let told = run(&mut portcullis(repository.root(), &arguments));
        let out = String::from_utf8(told.out).unwrap();
        assert!(!out.contains(['\u{1b}', '\u{202E}']), "{format}");
        assert!(!out.lines().any(|line| line.starts_with("::error::evil")), "{format}");
    }
}
