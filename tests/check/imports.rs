//! Results of other tools, where data cannot say it: large files, work trees, the order of options, saved inputs.

use serde_json::{Value, json};

use crate::scene::{Run, Scene, assert_valid, portcullis, run};
use crate::support::TestRepository;

const RULES: &str = "version: 1\npacks: [hidden-code]\nimports: {tools: {semgrep: enforced, junit: enforced}}\n";
const BASE: (&str, &str) = (".portcullis.yaml", RULES);
const JUNIT: &str = "<testsuite tests=\"1\" failures=\"1\"><testcase name=\"t\" classname=\"c\"><failure message=\"no\"/></testcase></testsuite>";

fn result(uri: &str, line: u32) -> Value {
    let place = json!({"artifactLocation": {"uri": uri}, "region": {"startLine": line}});
    json!({"ruleId": "no-eval", "level": "error", "message": {"text": "eval"}, "locations": [{"physicalLocation": place}]})
}

fn sarif(results: &[Value]) -> String {
    json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "semgrep"}}, "results": results}]}).to_string()
}

fn scene() -> Scene {
    let scene = Scene::new(&[BASE, ("a.py", "x = 1\n")], &[("a.py", "x = 1\neval(x)\n")]);
    scene.repository.write("reports/a.sarif", sarif(&[result("a.py", 2)]));
    scene.repository.write("reports/b.sarif", sarif(&[result("a.py", 2), result("a.py", 1)]));
    scene.repository.write("reports/t.xml", JUNIT);
    scene
}

const FILES: [&str; 3] = ["sarif=reports/a.sarif", "sarif=reports/b.sarif", "junit=reports/t.xml"];

fn with(files: &[&'static str]) -> Vec<&'static str> {
    files.iter().flat_map(|file| ["--import", *file]).collect()
}

#[test]
fn the_order_of_the_options_and_what_two_files_say_alike_never_change_the_bytes() {
    let scene = scene();
    let once = scene.check(&with(&FILES));
    assert_eq!(
        once.findings(),
        ["junit/failed-test (the change) error enforced", "semgrep/no-eval a.py:2:1 error enforced"]
    );
    let back: Vec<&str> = FILES.into_iter().rev().chain(FILES).collect();
    assert_eq!(once, scene.check(&with(&back)));
}

#[test]
fn a_saved_input_is_decided_again_to_the_byte_without_the_files() {
    let scene = scene();
    let saved = scene.repository.beside("saved.json");
    let saved = saved.to_str().unwrap();
    let checked = scene.check(&[&with(&FILES)[..], &["--save-input", saved]].concat());
    std::fs::remove_dir_all(scene.repository.root().join("reports")).unwrap();
    let again = run(&mut portcullis(scene.repository.root(), &["decide", saved, "--format", "json"]));
    assert_eq!((checked.text(), checked.code), (again.text(), again.code));
    checked.is("fail");
}

#[test]
fn facts_show_what_other_tools_found() {
    let scene = scene();
    let facts = ["facts", "--base", &scene.base, "--head", &scene.head];
    let run = run(&mut scene.command(&[&facts[..], &with(&FILES)].concat()));
    let document: Value = serde_json::from_slice(&run.out).unwrap();
    assert_valid("input", &document);
    let imports = document["imports"].as_array().unwrap();
    let tools: Vec<&Value> = imports.iter().map(|entry| &entry["tool"]).collect();
    assert_eq!(tools, ["semgrep", "semgrep", "junit"]);
    assert_eq!((&imports[1]["totals"]["results"], &imports[1]["totals"]["joined"]), (&2.into(), &1.into()));
    assert_eq!(imports[1]["results"][0]["line"], 2);
}

#[test]
fn a_file_over_the_limit_is_told_and_not_read() {
    let scene = scene();
    let mut large = String::from("{\"version\": \"2.1.0\", \"runs\": [");
    large.push_str(&" ".repeat(50_000_000));
    scene.repository.write("reports/large.sarif", large + "]}");
    let run = scene.check(&["--import", "sarif=reports/large.sarif"]);
    assert_eq!(run.is("undecided").reasons(), ["import-too-large reports/large.sarif"]);
}

#[test]
fn more_results_than_the_limit_are_told() {
    let rules = format!("{RULES}limits: {{import-results: 3}}\n");
    let scene = Scene::new(&[(".portcullis.yaml", &rules)], &[("a.py", "eval(x)\n")]);
    let check = |count: usize| {
        scene.repository.write("a.sarif", sarif(&vec![result("a.py", 1); count]));
        scene.check(&["--import", "sarif=a.sarif"])
    };
    assert_eq!(check(3).is("fail").findings().len(), 1);
    assert_eq!(check(4).is("undecided").reasons(), ["import-unreadable a.sarif"]);
}

/// A repository with a work tree, and the range of its last commit.
fn desk() -> (TestRepository, String) {
    let repository = TestRepository::new();
    repository.write(".portcullis.yaml", RULES).write("src/a.py", "x = 1\n").write("b.py", "x = 1\n");
    let base = repository.commit("base");
    repository.write("src/a.py", "x = 1\neval(x)\n").write("own.sarif", sarif(&[]));
    repository.commit("head");
    (repository, base)
}

fn check(repository: &TestRepository, base: &str, more: &[&str]) -> Run {
    let check = ["check", "--base", base, "--head", "HEAD", "--as-of", "2026-01-31", "--format", "json"];
    run(&mut portcullis(repository.root(), &[&check[..], more].concat()))
}

#[test]
fn absolute_paths_below_the_checkout_are_exactly_these_files() {
    let (repository, base) = desk();
    let root = repository.root().canonicalize().unwrap();
    let uri = |path: &str| format!("file://{}/{path}", root.to_str().unwrap());
    let file = repository.beside("abs.sarif");
    let import = format!("sarif={}", file.display());
    std::fs::write(&file, sarif(&[result(&uri("src/a.py"), 2), result(&uri("other/src/a.py"), 2)])).unwrap();
    let run = check(&repository, &base, &["--import", &import]);
    assert_eq!(run.findings(), ["semgrep/no-eval src/a.py:2:1 error enforced"]);
    std::fs::write(&file, sarif(&[result(&uri("other/src/a.py"), 2)])).unwrap();
    check(&repository, &base, &["--import", &import]).is("pass");
}

#[test]
fn a_report_that_a_commit_holds_is_the_authors_word() {
    let (repository, base) = desk();
    let run = check(&repository, &base, &["--import", "sarif=own.sarif"]);
    assert_eq!(run.is("undecided").reasons(), ["import-of-the-repository own.sarif"]);
    repository.write("left.sarif", sarif(&[]));
    check(&repository, &base, &["--import", "sarif=left.sarif"]).is("pass");
}

#[test]
fn a_folder_stands_for_the_reports_in_it_and_an_empty_one_is_missing() {
    let (repository, base) = desk();
    let folder = repository.beside("reports");
    std::fs::create_dir_all(&folder).unwrap();
    let import = format!("junit={}", folder.display());
    let missing = check(&repository, &base, &["--import", &import]);
    assert!(missing.is("undecided").reasons()[0].starts_with("import-missing "));
    for name in ["a.xml", "b.xml", "c.txt"] {
        std::fs::write(folder.join(name), JUNIT).unwrap();
    }
    assert_eq!(check(&repository, &base, &["--import", &import]).is("fail").findings().len(), 1);
}

#[test]
fn hostile_words_of_a_report_reach_no_report_as_they_are() {
    let scene = scene();
    let bad = "\u{1b}[31m\u{202E}\n::error::x\n@everyone [a](javascript:alert(1)) <script>";
    let mut hit = result("a.py", 2);
    hit["message"]["text"] = bad.into();
    hit["ruleId"] = bad.into();
    let rule =
        json!({"id": bad, "shortDescription": {"text": bad}, "help": {"text": bad}, "helpUri": "javascript:alert(1)"});
    let driver = json!({"name": "semgrep", "rules": [rule]});
    let log = json!({"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": [hit]}]});
    scene.repository.write("bad.sarif", log.to_string());
    for format in ["human", "github", "markdown", "json", "sarif", "gitlab"] {
        let arguments = ["--format", format, "--import", "sarif=bad.sarif"];
        let run = run(&mut scene.command(&scene.check_arguments(&arguments)));
        assert_eq!(run.code, 1, "{}", run.err);
        let text = run.text();
        let shown = format!("{format}: {text}");
        assert!(!text.contains(['\u{1b}', '\u{202E}']), "{shown}");
        assert!(!text.lines().any(|line| line.starts_with("::error::x")), "{shown}");
        // What stands between fences is code to every reader of Markdown.
        let prose = text.split("\n```").step_by(2).collect::<String>();
        assert!(format != "markdown" || !prose.contains("](javascript:"), "{shown}");
    }
}

#[test]
fn beside_a_base_that_cannot_be_listed_nobody_knows_whose_word_a_report_is() {
    let (repository, _) = desk();
    let text = std::fs::read_to_string(repository.root().join(".portcullis.yaml")).unwrap();
    repository.write(".portcullis.yaml", format!("{text}limits: {{graph-files: 1}}\n"));
    for name in ["one", "two", "three", "four", "five"] {
        repository.write(&format!("{name}.txt"), name);
    }
    repository.write("kept.sarif", sarif(&[]));
    let base = repository.commit("base");
    repository.write("src/new.py", "x = 1\n");
    repository.commit("head");
    let run = check(&repository, &base, &["--import", "sarif=kept.sarif"]);
    assert_eq!(run.is("undecided").reasons(), ["graph-too-large"]);
}
