//! `replay` on a real history: which changes are asked about, what is counted, and how it goes on where it stopped.

use std::path::Path;

use serde_json::Value;

use crate::scene::{Run, assert_valid, portcullis, run};
use crate::support::TestRepository;

const RULES: &str = "version: 1\npacks: []\npolicies: [policies]\n";
const NO_PRINT: &str = "package own\n\nimport rego.v1\n\n# METADATA\n# title: no print\n# custom: {id: own/no-print, severity: error, status: enforced}\n\
    deny contains {\"msg\": \"it prints\", \"path\": file.path, \"line\": call.line} if {\n  some file in input.files\n  \
    some call in file.calls\n  call.change == \"added\"\n  call.callee == \"print\"\n}\n\n# METADATA\n# title: never\n# custom: {id: own/never}\n\
    warn contains \"never\" if input.change.totals.files > 1000\n";

/// Six changes on `main` after the first commit: two print, one of them a merge of a branch that prints in two commits.
fn history() -> TestRepository {
    let repository = TestRepository::new();
    repository.write(".portcullis.yaml", RULES).write("policies/own.rego", NO_PRINT);
    repository.write("a.py", "x = 1\n").commit("first");
    repository.write("a.py", "x = 2\n").commit("two");
    repository.write("b.py", "print(1)\n").commit("three prints");
    repository.write("b.py", "print(1)\ny = 3\n").commit("four keeps printing");
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("c.py", "print(2)\n").commit("side one");
    repository.write("c.py", "print(2)\nprint(3)\n").commit("side two");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("d.py", "z = 1\n").commit("five");
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge the side", "side"]);
    repository
}

fn replay(folder: &Path, more: &[&str]) -> Run {
    run(&mut portcullis(folder, &[&["replay", "--as-of", "2026-11-21"], more].concat()))
}

/// Returns the document without what differs from run to run.
fn document(run: &Run) -> Value {
    assert_eq!(run.code, 0, "{}", run.err);
    let mut document: Value = serde_json::from_slice(&run.out).unwrap();
    assert_valid("replay", &document);
    for rule in document["rules"].as_array_mut().unwrap() {
        rule["package_ms"] = Value::Null;
    }
    document
}

fn rule<'d>(document: &'d Value, id: &str) -> &'d Value {
    document["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == id).unwrap()
}

#[test]
fn a_merge_is_one_change_and_only_new_calls_fire() {
    let repository = history();
    let document = document(&replay(repository.root(), &["--format", "json"]));
    assert_eq!(document["changes"], 5);
    assert_eq!(document["verdicts"], serde_json::json!({"pass": 3, "review": 0, "fail": 2, "undecided": 0}));
    let fired = rule(&document, "own/no-print");
    assert_eq!((&fired["fired"], &fired["changes"], &fired["share"]), (&3.into(), &2.into(), &40.0.into()));
    let subjects: Vec<&Value> = fired["newest"].as_array().unwrap().iter().map(|one| &one["subject"]).collect();
    assert_eq!(subjects, ["merge the side", "three prints"]);
    assert_eq!(rule(&document, "own/never")["fired"], 0);
    let one = replay(repository.root(), &["--format", "json", "--examples", "1"]);
    let one: Value = serde_json::from_slice(&one.out).unwrap();
    assert_eq!(rule(&one, "own/no-print")["newest"].as_array().unwrap().len(), 1);
}

#[test]
fn a_range_ends_where_it_says_and_must_lie_on_the_line() {
    let repository = history();
    let of = |more: &[&str]| {
        document(&replay(repository.root(), &[&["--format", "json"], more].concat()))["changes"].clone()
    };
    assert_eq!(of(&["HEAD~3..HEAD~1"]), 2);
    assert_eq!(of(&["--last", "3"]), 3);
    assert_eq!(of(&["main~1"]), 4);
    replay(repository.root(), &["side~1..main"]).is_usage("does not lie on the first-parent line");
    replay(repository.root(), &["HEAD..HEAD"]).is_usage("no change to replay");
    replay(repository.root(), &["--last", "0"]).is_usage("from 1 to");
}

#[test]
fn the_same_answers_come_from_one_thread_four_and_a_journal() {
    let repository = history();
    let journal = repository.beside("journal.jsonl");
    let journal = journal.to_str().unwrap();
    let of = |more: &[&str]| document(&replay(repository.root(), &[&["--format", "json"], more].concat()));
    let one = of(&["--threads", "1"]);
    assert_eq!(one, of(&["--threads", "4"]));
    assert_eq!(one, of(&["--resume", journal]));
    // What is known is not asked again: the second line now says something else, and that is believed.
    let text = std::fs::read_to_string(journal).unwrap();
    assert_eq!(text.lines().count(), 5);
    let changed = text.replacen("\"verdict\":\"pass\"", "\"verdict\":\"review\"", 1);
    std::fs::write(journal, &changed).unwrap();
    assert_eq!(of(&["--resume", journal])["verdicts"]["review"], 1);
    // A line that was cut is asked again.
    let cut = text.len() - 20;
    std::fs::write(journal, &text[..cut]).unwrap();
    assert_eq!(one, of(&["--resume", journal]));
    assert_eq!(std::fs::read_to_string(journal).unwrap().lines().count(), 5);
    // Other rules have other answers, in the same file.
    repository.write("policies/own.rego", NO_PRINT.replace("\"print\"", "\"paint\""));
    assert_eq!(of(&["--resume", journal])["verdicts"]["fail"], 0);
}

#[test]
fn a_file_that_is_no_journal_is_left_as_it_is() {
    let repository = history();
    let notes = repository.beside("notes.txt");
    for text in ["my notes\nof today\n", "{\"rules\":\"x\"\n{}\n", "no line end"] {
        std::fs::write(&notes, text).unwrap();
        replay(repository.root(), &["--resume", notes.to_str().unwrap()]).is_usage("no journal of a replay");
        assert_eq!(std::fs::read_to_string(&notes).unwrap(), text);
    }
}

#[test]
fn two_versions_of_the_rules_are_held_against_each_other() {
    let repository = history();
    let same = replay(repository.root(), &["--against", "HEAD"]);
    assert!(same.text().contains("the rules at HEAD say the same about every change"), "{}", same.text());
    repository.write(
        "policies/own.rego",
        NO_PRINT
            .replace("file.path,", "file.path, \"severity\": \"info\",")
            .replace("call.callee == \"print\"", "call.callee == \"print\"\n  file.path != \"b.py\""),
    );
    let document = document(&replay(repository.root(), &["--against", "HEAD", "--format", "json"]));
    let row = &document["against"]["rules"][0];
    assert_eq!((&row["rule"], &row["appeared"], &row["vanished"]), (&"own/no-print".into(), &0.into(), &1.into()));
    assert_eq!(row["newest_vanished"][0]["path"], "b.py");
    let turned = document["against"]["turned"].as_array().unwrap();
    assert!(
        turned.iter().any(|one| one["subject"] == "three prints" && one["before"] == "fail" && one["now"] == "pass")
    );
}

#[test]
fn only_what_is_named_is_tried() {
    let repository = history();
    let folder = repository.beside("elsewhere");
    std::fs::create_dir(&folder).unwrap();
    let policy =
        "package other\n\n# METADATA\n# custom: {id: other/any}\nwarn contains \"any\" if count(input.files) > 0\n";
    std::fs::write(folder.join("other.rego"), policy).unwrap();
    let named = document(&replay(repository.root(), &["--format", "json", "--policy", folder.to_str().unwrap()]));
    let rules: Vec<&Value> = named["rules"].as_array().unwrap().iter().map(|rule| &rule["rule"]).collect();
    assert_eq!(rules, ["other/any"]);
    assert_eq!(rule(&named, "other/any")["changes"], 5);
    let pack = document(&replay(repository.root(), &["--format", "json", "--pack", "size"]));
    assert!(pack["rules"].as_array().unwrap().iter().all(|rule| rule["rule"].as_str().unwrap().starts_with("size/")));
    // A pack that only asks for review is evaluated too.
    let review = document(&replay(repository.root(), &["--format", "json", "--pack", "review"]));
    assert_eq!(review["verdicts"]["undecided"], 0, "{}", review["undecided"]);
    replay(repository.root(), &["--pack", "sise"]).is_usage("did you mean `size`");
    replay(repository.root(), &["--policy", "nowhere"]).is_usage("there is no policy folder nowhere");
}

#[test]
fn a_folder_that_the_configuration_names_is_tried_as_it_says_there() {
    let repository = history();
    let rules = "version: 1\npacks: []\npolicies: [{path: documents, scope: document, files: [\"deploy/*\"]}]\n";
    let policy = "package main\n\nimport rego.v1\n\ndeny contains \"no owner\" if not input.owner\n";
    repository.write(".portcullis.yaml", rules).write("documents/own.rego", policy).commit("rules");
    repository.write("deploy/a.yaml", "name: a\n").write("other/b.yaml", "a: [\n").commit("a document");
    let named = document(&replay(repository.root(), &["--format", "json", "--last", "1", "--policy", "documents"]));
    assert_eq!(rule(&named, "main/deny")["fired"], 1, "{named}");
    assert_eq!(named["verdicts"]["fail"], 1, "{named}");
}

#[test]
fn faulty_rules_and_a_clone_that_ends_are_told_and_judge_nothing() {
    let repository = history();
    let shallow = repository.beside("shallow");
    let url = format!("file://{}", repository.root().display());
    repository.git(&["clone", "-q", "--depth", "2", &url, shallow.to_str().unwrap()]);
    let cut = replay(&shallow, &[]);
    assert_eq!(cut.code, 4, "{}", cut.err);
    assert!(cut.err.contains("--unshallow") && cut.out.is_empty(), "{}", cut.err);
    repository.write("policies/own.rego", NO_PRINT.replace("call.callee", "no_such_function(1)"));
    let faulty = replay(repository.root(), &[]);
    assert_eq!(faulty.code, 4, "{}", faulty.err);
    assert!(faulty.err.contains("no_such_function") && faulty.out.is_empty(), "{}", faulty.err);
}

#[test]
fn a_table_for_a_spreadsheet_has_one_row_a_rule_and_no_text_of_the_repository() {
    let repository = history();
    let run = replay(repository.root(), &["--format", "csv"]);
    let rows: Vec<&str> = run.text().split("\r\n").collect();
    assert_eq!(rows[0].split(',').count(), 9);
    assert!(rows[1].starts_with("own/no-print,error,enforced,3,2,5,40.0,"), "{}", rows[1]);
    assert!(rows[2].starts_with("own/never,") && rows[2].ends_with(','), "{}", rows[2]);
    assert_eq!(rows.len(), 4);
}

#[test]
fn a_page_for_people_shows_hostile_text_as_it_is_written() {
    let repository = history();
    repository.write("e\u{1b}[2J.py", "print(9)\n").commit("\u{1b}]0;owned\u{7} subject");
    let run = replay(repository.root(), &[]);
    assert!(
        run.text().contains("own/no-print  error, enforced: 4 times on 3 changes, 50.0 % of them"),
        "{}",
        run.text()
    );
    assert!(!run.text().contains('\u{1b}') && run.text().contains("see one in full"), "{}", run.text());
}
