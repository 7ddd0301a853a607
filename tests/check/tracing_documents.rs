//! `check --trace` on rules of scope `document`: which document, what came, and why it is old or new.

use crate::scene::{Run, Scene, run};

const POLICY: &str = r#"package main

import rego.v1

deny_latest contains msg if {
	some container in input.spec.containers
	endswith(container.image, ":latest")
	msg := sprintf("%s has no version", [container.name])
}

deny_root contains {"msg": "runs as root", "user": user} if {
	user := input.spec.user
	user == "root"
}

exception contains ["root"] if input.metadata.name == "trusted"

warn_place contains data.conftest.file.name if input.kind == "Place"
"#;

const SETTINGS: &str = "version: 1\npacks: []\npolicies:\n  - {path: policy, scope: document, files: [\"k8s/**\"]}\npaths: {generated: [\"k8s/gen/**\"]}\n";

fn pod(name: &str, images: &[(&str, &str)], user: &str) -> String {
    let containers: String =
        images.iter().map(|(name, image)| format!("    - {{name: {name}, image: \"{image}\"}}\n")).collect();
    format!("kind: Pod\nmetadata:\n  name: {name}\nspec:\n  user: {user}\n  containers:\n{containers}")
}

fn scene_with(settings: &str) -> Scene {
    let base = [
        (".portcullis.yaml", settings.to_owned()),
        ("policy/k8s.rego", POLICY.to_owned()),
        ("k8s/app.yaml", pod("app", &[("web", "web:latest")], "app")),
        ("k8s/mended.yaml", pod("mended", &[("old", "old:latest")], "app")),
        ("k8s/gone.yaml", pod("gone", &[("gone", "gone:latest")], "app")),
        ("k8s/gen/made.yaml", pod("made", &[], "app")),
    ];
    let two = format!(
        "{}---\n{}",
        pod("trusted", &[("ok", "ok:1")], "root"),
        pod("other", &[("side", "side:latest")], "root")
    );
    let head = [
        (".portcullis.yaml", settings.to_owned()),
        ("policy/k8s.rego", POLICY.to_owned()),
        ("k8s/app.yaml", pod("app", &[("web", "web:latest"), ("job", "job:latest")], "app")),
        ("k8s/mended.yaml", pod("mended", &[("old", "old:1")], "app")),
        ("k8s/two.yaml", two),
        ("k8s/broken.yaml", "a: [\n".to_owned()),
        ("k8s/gen/made.yaml", pod("made", &[("web", "web:latest")], "app")),
        ("elsewhere.yaml", pod("app", &[("web", "web:latest")], "app")),
        ("notes.txt", "x\n".to_owned()),
    ];
    let tree = |files: &[(&str, String)]| {
        crate::scene::tree(&files.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>())
    };
    Scene::of(&tree(&base), &tree(&head))
}

fn trace(scene: &Scene, rule: &str, more: &[&str]) -> Run {
    run(&mut scene.command(&scene.check_arguments(&[&["--trace", rule], more].concat())))
}

#[track_caller]
fn says(said: &Run, words: &[&str]) {
    for word in words {
        assert!(said.text().contains(word), "{word} in {}{}", said.text(), said.err);
    }
}

#[test]
fn a_trace_of_a_document_rule_says_what_is_new_and_what_is_old() {
    let scene = scene_with(SETTINGS);
    let said = trace(&scene, "main/deny_latest", &["--trace-file", "k8s/app.yaml"]);
    assert_eq!(said.code, scene.check(&[]).code);
    says(
        &said,
        &[
            "k8s/app.yaml: fired, 2 results",
            "new: job has no version\n       base does not give it",
            "old: web has no version\n       base gives it too",
            "makes",
            "k8s/app.yaml:1: enforced, error",
        ],
    );
    let line = said.text().lines().find(|line| line.contains("some container in")).unwrap();
    assert!(line.trim().starts_with("2 |"), "{line}");
}

#[test]
fn a_trace_of_a_document_rule_looks_at_each_document_and_says_where_it_stops() {
    let said = trace(&scene_with(SETTINGS), "main/deny_latest", &["--trace-file", "k8s/two.yaml"]);
    says(
        &said,
        &[
            "k8s/two.yaml, document 2 of 2: fired, 1 result",
            "k8s/two.yaml, document 1 of 2: did not fire",
            "stops here",
            "base has no document here that could be read: everything is new",
        ],
    );
    let root = trace(&scene_with(SETTINGS), "main/deny_root", &["--trace-file", "k8s/two.yaml"]);
    says(&root, &["let through by `exception`: runs as root", "new: runs as root"]);
    let mended = trace(&scene_with(SETTINGS), "main/deny_latest", &["--trace-file", "k8s/mended.yaml"]);
    says(&mended, &["did not fire", "base gives 1 result that head does not give any more"]);
    let place = trace(&scene_with(SETTINGS), "main/warn_place", &["--trace-file", "k8s/two.yaml"]);
    says(&place, &["input.kind is \"Pod\""]);
}

#[test]
fn a_document_that_a_rule_does_not_look_at_says_why() {
    let scene = scene_with(SETTINGS);
    let of = |file: &str| trace(&scene, "main/deny_latest", &["--trace-file", file]);
    says(&of("k8s/gone.yaml"), &["the change deletes it"]);
    says(&of("k8s/broken.yaml"), &["could not be read as a document"]);
    says(&of("k8s/gen/made.yaml"), &["the file is generated"]);
    says(&of("elsewhere.yaml"), &["leaves it out: k8s/**"]);
    says(&of("notes.txt"), &["of no format"]);
    let all = trace(&scene, "main/deny_latest", &[]);
    says(&all, &["k8s/app.yaml", "k8s/two.yaml, document 2 of 2", "k8s/mended.yaml"]);
    assert!(!all.text().contains("elsewhere.yaml:"), "{}", all.text());
}

#[test]
fn documents_together_are_traced_as_one() {
    let settings = SETTINGS.replace("files:", "combine: true, files:");
    let policy = POLICY.replace("input.spec.containers", "input[_].contents.spec.containers");
    let base = [(".portcullis.yaml", settings.as_str()), ("policy/k8s.rego", policy.as_str())];
    let pod = pod("app", &[("web", "web:latest")], "app");
    let said = trace(&Scene::new(&base, &[("k8s/app.yaml", &pod)]), "main/deny_latest", &[]);
    says(&said, &["all documents together: fired, 1 result", "new: web has no version"]);
}

#[test]
fn programs_read_the_age_of_what_came() {
    let said = trace(&scene_with(SETTINGS), "main/deny_latest", &["--trace-file", "k8s/app.yaml", "--format", "json"]);
    let traced: serde_json::Value = serde_json::from_str(said.text()).unwrap();
    let came = traced["targets"][0]["came"].as_array().unwrap();
    assert_eq!(came.iter().filter(|one| one["old"] == true).count(), 1);
    assert_eq!(came.len(), 2);
}

#[test]
fn a_rule_that_is_not_there_is_not_sent_to_a_flag_that_was_given() {
    let said = trace(&scene_with(SETTINGS), "other/rule", &["--trust", "worktree"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("read from the work tree") && !said.err.contains("`--trust worktree`"), "{}", said.err);
}
