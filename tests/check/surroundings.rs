//! What CI systems and clones say about the range and the report: GitHub Actions, GitLab CI, a desk.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::scene::{AS_OF, Run, Scene, portcullis, run, tree};
use crate::support::TestRepository;

const CONFIGURATION: (&str, &str) = (".portcullis.yaml", "version: 1\npacks: [hidden-code]\n");
const BAD: (&str, &str) = ("pay.go", "package pay\n\nvar open = true // \u{202E}eslaf\n");
const FOUND: &str = "hidden-code/bidi pay.go:3:20 error enforced";

fn scene() -> Scene {
    Scene::new(&[CONFIGURATION], &[BAD])
}

/// Runs `check` without a range, as JSON, in an environment.
fn ask(scene: &Scene, environment: &[(&str, &str)]) -> Run {
    let arguments = ["check", "--as-of", AS_OF, "--format", "json"];
    run(scene.command(&arguments).envs(environment.iter().copied()))
}

fn event(scene: &Scene, event: &Value) -> PathBuf {
    let file = scene.repository.beside("event.json");
    std::fs::write(&file, event.to_string()).unwrap();
    file
}

fn asked_by(scene: &Scene, payload: &Value) -> Run {
    let file = event(scene, payload);
    ask(scene, &[("CI", "true"), ("GITHUB_EVENT_PATH", file.to_str().unwrap()), ("GITHUB_SHA", &scene.base)])
}

#[track_caller]
fn judged(run: &Run, scene: &Scene) {
    let document = run.is("fail").document();
    assert_eq!(document["change"]["base"], scene.base.as_str());
    assert_eq!(document["change"]["head"], scene.head.as_str());
    assert_eq!(run.findings(), [FOUND]);
}

#[test]
fn a_pull_request_event_names_the_range() {
    let scene = scene();
    let payload = json!({"pull_request": {"base": {"sha": scene.base}, "head": {"sha": scene.head}}, "number": 7});
    judged(&asked_by(&scene, &payload), &scene);
}

#[test]
fn a_merge_group_event_names_the_range_row_147() {
    let scene = scene();
    let payload = json!({"merge_group": {"base_sha": scene.base, "head_sha": scene.head}});
    judged(&asked_by(&scene, &payload), &scene);
}

#[test]
fn a_push_event_names_the_range() {
    let scene = scene();
    judged(&asked_by(&scene, &json!({"before": scene.base, "after": scene.head})), &scene);
}

#[test]
fn an_event_whose_commits_are_not_here_is_undecided_row_142() {
    let scene = scene();
    let payload = json!({"pull_request": {"base": {"sha": scene.base}, "head": {"sha": "8".repeat(40)}}});
    assert_eq!(asked_by(&scene, &payload).is("undecided").reasons(), ["missing-object"]);
}

#[test]
fn an_event_that_is_none_or_hostile_is_usage_row_141() {
    let scene = scene();
    let odd =
        |base: Value| asked_by(&scene, &json!({"pull_request": {"base": {"sha": base}, "head": {"sha": scene.head}}}));
    odd(json!(null)).is_usage("event");
    odd(json!(7)).is_usage("event");
    odd(json!("--upload-pack=touch marker")).is_usage("not a revision");
    odd(json!("$(touch marker)")).is_usage("not a revision");
    odd(json!("\u{202E}\u{1b}[2J")).is_usage("not a revision");
    ask(&scene, &[("GITHUB_EVENT_PATH", "/nonexistent")]).is_usage("GITHUB_EVENT_PATH");
    let diagnostic = odd(json!("\u{202E}\u{1b}[2J")).err;
    assert!(!diagnostic.contains(['\u{202E}', '\u{1b}']), "{diagnostic:?}");
}

#[test]
fn merge_request_variables_name_the_range() {
    let scene = scene();
    let plain = [("CI", "true"), ("GITLAB_CI", "true"), ("CI_COMMIT_SHA", scene.head.as_str())];
    let with = |more: &[(&'static str, &str)]| {
        let mut environment: Vec<(&str, &str)> = plain.to_vec();
        environment.extend(more);
        ask(&scene, &environment)
    };
    judged(&with(&[("CI_MERGE_REQUEST_DIFF_BASE_SHA", &scene.base)]), &scene);
    let merged =
        [("CI_MERGE_REQUEST_DIFF_BASE_SHA", scene.head.as_str()), ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &scene.base)];
    judged(&with(&merged), &scene);
    judged(&with(&[("CI_COMMIT_BEFORE_SHA", &scene.base)]), &scene);
}

#[test]
fn flags_win_over_the_event() {
    let scene = scene();
    let file = event(&scene, &json!({"pull_request": {"base": {"sha": scene.base}, "head": {"sha": scene.base}}}));
    let arguments = scene.check_arguments(&["--format", "json"]);
    judged(&run(scene.command(&arguments).env("GITHUB_EVENT_PATH", &file)), &scene);
}

/// A clone whose current branch is the change and whose `origin/HEAD` is the base.
fn cloned() -> (Scene, PathBuf) {
    let scene = scene();
    scene.repository.git(&["symbolic-ref", "HEAD", "refs/heads/base"]);
    let to = scene.repository.beside("clone");
    let from = scene.repository.root().to_str().unwrap().to_owned();
    scene.repository.git(&["clone", "-q", &from, to.to_str().unwrap()]);
    scene.repository.git(&["-C", to.to_str().unwrap(), "checkout", "-q", "head"]);
    (scene, to)
}

fn here(folder: &std::path::Path, more: &[&str]) -> Run {
    run(&mut portcullis(folder, &[&["check", "--as-of", AS_OF, "--format", "json"], more].concat()))
}

#[test]
fn a_desk_compares_with_the_default_branch_of_origin() {
    let (scene, clone) = cloned();
    judged(&here(&clone, &[]), &scene);
}

#[test]
fn without_a_default_branch_the_upstream_is_the_base_and_without_that_it_is_usage() {
    let (scene, clone) = cloned();
    let git = |arguments: &[&str]| scene.repository.git(&[&["-C", clone.to_str().unwrap()], arguments].concat());
    git(&["remote", "set-head", "origin", "--delete"]);
    git(&["branch", "-q", "--set-upstream-to=origin/base"]);
    judged(&here(&clone, &[]), &scene);
    git(&["branch", "-q", "--unset-upstream"]);
    here(&clone, &[]).is_usage("--base");
}

#[test]
fn uncommitted_files_are_said_and_included_only_when_asked_for() {
    let (_scene, clone) = cloned();
    std::fs::write(clone.join("new.py"), "x = 1 # \u{202E}\n").unwrap();
    let new = "hidden-code/bidi new.py:1:9 error enforced";
    assert_eq!(here(&clone, &[]).findings(), [FOUND]);
    let human = run(&mut portcullis(&clone, &["check", "--as-of", AS_OF]));
    assert!(human.text().contains("note: 1 uncommitted file"), "{}", human.text());
    assert_eq!(here(&clone, &["--worktree"]).findings(), [new, FOUND]);
    assert_eq!(here(&clone, &["--staged"]).findings(), [FOUND]);
    let mut add = crate::support::scrubbed("git");
    assert!(add.args(["-C", clone.to_str().unwrap(), "add", "new.py"]).status().unwrap().success());
    assert_eq!(here(&clone, &["--staged"]).findings(), [new, FOUND]);
}

#[test]
fn inside_actions_the_report_is_commands_and_the_page_is_appended() {
    let scene = scene();
    let page = scene.repository.beside("summary.md");
    std::fs::write(&page, "before\n").unwrap();
    let arguments = scene.check_arguments(&[]);
    let within = |environment: &[(&str, &str)]| run(scene.command(&arguments).envs(environment.iter().copied()));
    let actions = within(&[("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", page.to_str().unwrap())]);
    let asked = run(&mut scene.command(&scene.check_arguments(&["--format", "github"])));
    assert_eq!((actions.code, &actions.out), (1, &asked.out));
    assert!(actions.text().starts_with("::error "), "{}", actions.text());
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.starts_with("before\n") && text.contains("hidden-code/bidi"), "{text}");
    let human = within(&[("GITHUB_ACTIONS", "false")]);
    assert!(!human.text().contains("::error"), "{}", human.text());
}

#[test]
fn a_page_that_cannot_be_written_is_a_warning_and_changes_nothing_row_126() {
    let scene = Scene::new(&[CONFIGURATION], &[("a.py", "x = 1\n")]);
    let arguments = scene.check_arguments(&[]);
    for page in ["/nonexistent/page", "/"] {
        let environment = [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", page)];
        let ended = run(scene.command(&arguments).envs(environment));
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.err.contains("cannot write the step summary"), "{}", ended.err);
    }
    let plain = run(scene.command(&arguments).env("GITHUB_ACTIONS", "true"));
    assert_eq!((plain.code, plain.err.as_str()), (0, ""));
}

/// A value of several lines could hold the delimiter that ends it; nothing of a change is ever handed on like that.
#[test]
fn nothing_is_written_to_the_outputs_of_a_step_row_127() {
    let scene = Scene::new(&[CONFIGURATION], &[("a.py", "x = 1\n")]);
    let arguments = scene.check_arguments(&[]);
    for name in ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"] {
        let file = scene.repository.beside("outputs");
        std::fs::write(&file, "").unwrap();
        let within = [("GITHUB_ACTIONS", "true"), (name, file.to_str().unwrap())];
        assert_eq!(run(scene.command(&arguments).envs(within)).code, 0);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "", "{name}");
        let elsewhere = run(scene.command(&arguments).envs([("GITHUB_ACTIONS", "true"), (name, "/nonexistent/file")]));
        assert_eq!((elsewhere.code, elsewhere.err.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn rules_that_ask_the_forge_wait_at_the_desk_and_are_undecided_in_ci() {
    let policy = "package own\n\ndeny contains \"x\" if not \"ok\" in input.change.labels\n";
    let rules = (".portcullis.yaml", "version: 1\npacks: [hidden-code]\npolicies: [policies]\n");
    let scene = Scene::new(&[rules, ("policies/own.rego", policy)], &[("a.py", "x = 1\n")]);
    let arguments = scene.check_arguments(&["--format", "json"]);
    let desk = run(&mut scene.command(&arguments));
    assert_eq!(desk.is("pass").document()["deferred"][0]["rule"], "own/deny");
    let ci = run(scene.command(&arguments).env("CI", "true"));
    assert_eq!(ci.is("undecided").reasons(), ["forge-not-asked policies/own.rego"]);
}

#[test]
fn a_repository_with_a_work_tree_reads_its_rules_from_base_and_not_from_disk() {
    let scene = Scene::in_repository(TestRepository::new(), &tree(&[CONFIGURATION]), &tree(&[CONFIGURATION, BAD]));
    scene.repository.git(&["checkout", "-q", "head"]);
    scene.repository.write(".portcullis.yaml", "version: 1\npacks: []\nfail-on: never\n");
    for mode in [["--head", "head"].as_slice(), &["--worktree"]] {
        let arguments = [&["check", "--base", "base", "--as-of", AS_OF, "--format", "json"], mode].concat();
        assert!(
            run(&mut portcullis(scene.repository.root(), &arguments)).is("fail").findings().contains(&FOUND.to_owned())
        );
    }
}
