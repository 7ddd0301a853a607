//! The binary that was built without any forge: it decides as before, and says what it was built without.
#![cfg(not(any(feature = "github", feature = "gitlab")))]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(unreachable_pub, dead_code, reason = "the scene is shared with other tests")]

#[path = "check/scene.rs"]
mod scene;
#[path = "support/mod.rs"]
mod support;

use scene::{Scene, run};

const RULES: (&str, &str) = (".portcullis.yaml", "version: 1\npacks: [hidden-code]\npolicies: [policies]\n");
const READS: &str = "package own\n\ndeny contains \"no\" if not \"ready\" in input.change.labels\n";
const ASKS: &str =
    "# METADATA\n# custom: {id: own/look}\npackage own\n\nreview contains {\"msg\": \"look\", \"layer\": 2}\n";

fn scene(policy: &str) -> Scene {
    Scene::new(&[RULES, ("policies/own.rego", policy)], &[("a.py", "x = 1\n")])
}

fn job(scene: &Scene, more: &[&str]) -> scene::Run {
    let event = scene.repository.beside("event.json");
    let payload =
        serde_json::json!({"pull_request": {"number": 7, "base": {"sha": scene.base}, "head": {"sha": scene.head}}});
    std::fs::write(&event, payload.to_string()).unwrap();
    let mut command = scene.command(&[&["check", "--as-of", scene::AS_OF, "--format", "json"], more].concat());
    command.envs([
        ("CI", "true"),
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_TOKEN", "ghs_SECRET"),
    ]);
    run(command.env("GITHUB_EVENT_PATH", event))
}

#[test]
fn a_forge_that_is_named_and_not_built_in_is_refused() {
    let scene = scene(READS);
    job(&scene, &["--forge", "github"]).is_usage("this portcullis was built without github");
    job(&scene, &["--forge", "gitlab"]).is_usage("this portcullis was built without gitlab");
}

#[test]
fn what_a_forge_would_say_is_missing_and_opens_nothing() {
    let run = job(&scene(READS), &[]);
    assert_eq!(run.is("undecided").reasons(), ["forge-not-asked policies/own.rego"]);
    let message = run.document()["completeness"]["reasons"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("built without github"), "{message}");
    let run = job(&scene(ASKS), &["--publish", "status"]);
    run.is("review");
    assert!(run.err.contains("not published: ") && run.err.contains("built without github"), "{}", run.err);
}

#[test]
fn everything_that_needs_no_forge_is_decided_as_ever() {
    let scene = Scene::new(&[(".portcullis.yaml", "version: 1\npacks: [hidden-code]\n")], &[("a.py", "x = 1\n")]);
    job(&scene, &[]).is("pass");
    scene.check(&[]).is("pass");
}
