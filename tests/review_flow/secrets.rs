//! Tokens: in no output, no file, and in the environment of no child.

use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::forge::hub::{ORGANISATION, PERSON, WORKFLOW};
use crate::forge::server::Reply;
use crate::scene::{AS_OF, Run, run};
use crate::stage::{Stage, check_json};

/// A part of every token of the fakes.
const PART: &str = "SECRET";

fn scanned(what: &str, bytes: &[u8]) {
    assert!(!String::from_utf8_lossy(bytes).contains(PART), "a token is in {what}");
}

fn silent(run: &Run) {
    scanned("standard output", &run.out);
    scanned("standard error", run.err.as_bytes());
}

const REPORTS: &[&str] = &["human", "json", "sarif", "gitlab", "github", "markdown"];

/// Runs `check` with all outputs, and scans each.
fn all_outputs(stage: &Stage, verdict: i32) {
    let folder = stage.file("out");
    std::fs::create_dir_all(&folder).unwrap();
    let reports: Vec<String> = REPORTS.iter().map(|name| format!("{name}={}", folder.join(name).display())).collect();
    let saved = folder.join("saved.json");
    let mut arguments = vec!["check", "--as-of", AS_OF, "--forge-timeout", "1"];
    arguments.extend(["--save-input", saved.to_str().unwrap()]);
    arguments.extend(["--publish", "status,checks,comment,labels,reviewers,sarif"]);
    arguments.extend(reports.iter().flat_map(|report| ["--report", report]));
    let mut job = stage.job("pull_request", &stage.pull_request(), WORKFLOW, &arguments);
    job.envs([("PORTCULLIS_TOKEN", PERSON), ("PORTCULLIS_ORG_TOKEN", ORGANISATION), ("GITLAB_TOKEN", "glpat-SECRET")]);
    let ended = run(&mut job);
    assert_eq!(ended.code, verdict, "{}", ended.err);
    silent(&ended);
    let mut seen = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        let file = file.unwrap().path();
        scanned(&file.display().to_string(), &std::fs::read(&file).unwrap());
        seen += 1;
    }
    assert_eq!(seen, REPORTS.len() + 1);
    scanned("the step summary", &std::fs::read(stage.file("summary.md")).unwrap());
    let review = ["review", "--input", saved.to_str().unwrap(), "--as-of", AS_OF, "--forge-timeout", "1"];
    silent(&run(&mut stage.job("pull_request_review", &stage.pull_request(), PERSON, &review)));
    silent(&run(&mut stage.job("schedule", &json!({}), PERSON, &["sweep", "--as-of", AS_OF, "--forge-timeout", "1"])));
    let state = stage.hub.state();
    for request in &state.log {
        scanned("an address", request.target.as_bytes());
        scanned("a body", &request.body);
    }
}

#[test]
fn a_token_is_in_nothing_that_is_written_row_143() {
    all_outputs(&Stage::new(), 3);
}

#[test]
fn a_token_is_in_nothing_that_is_written_when_the_forge_repeats_it_row_143() {
    for status in [401, 403, 422, 500] {
        let stage = Stage::new();
        let echo = json!({"message": format!("bad token {PERSON} {WORKFLOW} {ORGANISATION}")});
        stage.hub.fault("GET", "/pulls/7", 9, Reply::json(status, &echo));
        stage.hub.fault("POST", "/", 9, Reply::json(status, &echo));
        all_outputs(&stage, 3);
    }
}

#[test]
fn an_address_that_holds_a_password_is_refused_without_repeating_it_row_143() {
    let stage = Stage::new();
    let arguments = [&check_json()[..], &["--forge-url", "https://ada:SECRET@github.example/api/v3"]].concat();
    let ended = run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &arguments));
    ended.is("review");
    silent(&ended);
}

/// Returns command line and environment of every worker of this binary that is alive.
#[cfg(target_os = "linux")]
fn workers() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let read = |name: &str| std::fs::read(entry.path().join(name)).unwrap_or_default();
        let line = String::from_utf8_lossy(&read("cmdline")).into_owned();
        let mut words = line.split('\0');
        let ours = words.next().is_some_and(|program| program.ends_with("portcullis"));
        if ours && words.next() == Some("worker") {
            found.push((line, read("environ")));
        }
    }
    found
}

#[test]
#[cfg(target_os = "linux")]
fn a_token_is_in_the_environment_of_no_child_row_143() {
    let stage = Stage::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    // The forge is asked while the worker waits for the next question.
    stage.hub.after("/pulls/7", move |_| kept.lock().unwrap().extend(workers()));
    let mut job = stage.job("pull_request", &stage.pull_request(), WORKFLOW, &check_json());
    run(job.env("PORTCULLIS_TOKEN", PERSON)).is("review");
    let seen = seen.lock().unwrap();
    assert!(!seen.is_empty(), "a worker was alive");
    for (line, environment) in seen.iter() {
        scanned(line, environment);
        scanned("a command line", line.as_bytes());
    }
}

/// No program is started but the worker: a `git` that would tell its environment is never run.
#[test]
#[cfg(unix)]
fn git_is_not_run_and_would_see_no_token_row_143() {
    use std::os::unix::fs::PermissionsExt as _;
    let stage = Stage::new();
    let folder = stage.file("bin");
    std::fs::create_dir(&folder).unwrap();
    let told = stage.file("told");
    let script = folder.join("git");
    std::fs::write(&script, format!("#!/bin/sh\nenv >>'{}'\nexit 1\n", told.display())).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let mut job = stage.job("pull_request", &stage.pull_request(), WORKFLOW, &check_json());
    run(job.env("PATH", &path)).is("review");
    assert!(!told.exists(), "git was run: {}", std::fs::read_to_string(&told).unwrap_or_default());
    // What does run git gives it nothing of the job.
    let mut pin = stage.job("push", &json!({}), WORKFLOW, &["spec", "fetch"]);
    let _ = run(pin.env("PATH", &path));
    scanned("git's environment", &std::fs::read(&told).unwrap_or_default());
}
