//! Tokens stay where they belong.
//!
//! All tokens of the fake hold the word that is looked for. What the client says is looked through in every way it says
//! anything: errors, notices, states, shapes printed for debugging.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use portcullis::clock::Stopwatch;
use portcullis::forge::token::Token;
use portcullis::forge::{Asked, Forge as _};
use portcullis::worker::protocol::Setup;
use portcullis::worker::{Supervisor, WorkerCommand};
use serde_json::json;

use super::hub::{FORK, HEAD, Hub, ORGANISATION, PERSON, SECRET, WORKFLOW, Watched, review};
use super::publishing::everything;
use super::server::{Manner, Reply};

/// Returns everything that a client says in one scene.
fn said(hub: &Hub, token: &str) -> String {
    let mut settings = hub.settings(token);
    settings.tokens.organisation = Token::new(ORGANISATION);
    settings.task_ms = 2_000;
    let mut text = format!("{settings:?} {settings:#?}");
    let client = Watched::new(settings);
    let asked = Asked { number: 7, teams: vec!["acme/payments".to_owned()], open_changes: true };
    let pull = client.pull(&asked);
    write!(text, "{pull:?}").unwrap();
    match &pull {
        Ok(state) => text.push_str(&serde_json::to_string(state).unwrap()),
        Err(error) => write!(text, "{error} {:?}", std::error::Error::source(error)).unwrap(),
    }
    write!(
        text,
        "{:?} {:?} {:?} {:?}",
        client.open_pulls(),
        client.pull_of(HEAD),
        client.ends(7),
        client.with_head(HEAD, None)
    )
    .unwrap();
    write!(text, "{:?}", client.publish(&everything())).unwrap();
    text
}

#[test]
fn no_token_is_in_anything_that_is_said_row_143() {
    let echo = json!({"message": format!("Bad credentials: {WORKFLOW} {PERSON} {FORK} {ORGANISATION}")});
    let scenes = [
        None,
        Some(Reply::json(401, &echo)),
        Some(Reply::json(403, &echo)),
        Some(Reply::json(422, &echo)),
        Some(Reply::json(429, &echo).with("retry-after", "3600")),
        Some(Reply::json(500, &echo)),
        Some(Reply::json(200, &echo)),
        Some(Reply::json(302, &echo).with("location", &format!("https://evil.example/{PERSON}"))),
        Some(Reply::json(200, &echo).in_manner(Manner::Cut)),
        Some(Reply::json(200, &echo).in_manner(Manner::Silent)),
    ];
    for (index, scene) in scenes.into_iter().enumerate() {
        for token in [WORKFLOW, PERSON, FORK, "ghs_SECRETwrong"] {
            let hub = Hub::new();
            hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1)];
            if let Some(reply) = &scene {
                for method in ["GET", "POST"] {
                    hub.fault(method, "/", u32::MAX, reply.clone());
                }
            }
            let said = said(&hub, token);
            assert!(!said.contains(SECRET), "scene {index}: {said}");
        }
    }
}

#[test]
fn a_token_goes_in_one_header_and_nowhere_else_row_143() {
    let hub = Hub::new();
    said(&hub, WORKFLOW);
    for request in &hub.state().log {
        let authorised = &request.headers["authorization"];
        assert!(authorised.starts_with("Bearer ghs_SECRET") || authorised.ends_with(ORGANISATION), "{request:?}");
        assert!(!request.target.contains(SECRET));
        assert!(!String::from_utf8_lossy(&request.body).contains(SECRET));
        let elsewhere =
            request.headers.iter().filter(|(name, value)| *name != "authorization" && value.contains(SECRET));
        assert_eq!(elsewhere.count(), 0, "{request:?}");
        let organisation = authorised.ends_with(ORGANISATION);
        assert_eq!(organisation, request.target.starts_with("/orgs/"), "each token is sent for its own purpose");
    }
}

/// Variables of a run in CI that hold a token.
const VARIABLES: &[&str] =
    &["PORTCULLIS_TOKEN", "PORTCULLIS_ORG_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN", "GH_TOKEN"];

/// Writes a program that notes its environment in a file and fails.
#[cfg(unix)]
fn listening(folder: &Path, name: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let program = folder.join(name);
    // Written beside and moved, so that whoever waits for it sees it whole.
    let text = format!("#!/bin/sh\n/usr/bin/env >{0}/part\n/bin/mv {0}/part {0}/seen\nexit 1\n", folder.display());
    std::fs::write(&program, text).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    program
}

#[cfg(unix)]
#[test]
fn a_git_of_ours_is_started_without_a_token_row_143() {
    let folder = tempfile::tempdir().unwrap();
    listening(folder.path(), "git");
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command.arg("demo").env_clear().env("PATH", folder.path()).current_dir(folder.path());
    command.envs(VARIABLES.iter().map(|name| (name, format!("{SECRET}{name}"))));
    let output = command.stdin(Stdio::null()).output().unwrap();
    let seen = std::fs::read_to_string(folder.path().join("seen")).unwrap();
    assert!(seen.contains("GIT_CONFIG_NOSYSTEM") && !seen.contains(SECRET), "{seen}");
    let said = [output.stdout, output.stderr].concat();
    assert!(!String::from_utf8_lossy(&said).contains(SECRET));
}

#[cfg(unix)]
#[test]
fn the_worker_is_started_without_a_token_row_143() {
    let folder = tempfile::tempdir().unwrap();
    listening(folder.path(), "worker");
    // This very test program again, as only another process can have another environment.
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "forge::secrets::starts_a_worker"]).env_clear();
    command.env("SCENE", folder.path()).envs(VARIABLES.iter().map(|name| (name, SECRET)));
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
    let seen = std::fs::read_to_string(folder.path().join("seen")).unwrap();
    assert!(seen.contains("RUST_LIB_BACKTRACE") && !seen.contains(SECRET), "{seen}");
}

#[test]
#[ignore = "a part of the_worker_is_started_without_a_token"]
fn starts_a_worker() {
    let folder = std::path::PathBuf::from(std::env::var_os("SCENE").expect("the other test sets it"));
    let command = WorkerCommand { program: folder.join("worker"), args: Vec::new() };
    let mut supervisor = Supervisor::new(command, Setup::default());
    supervisor.begin();
    let clock = Stopwatch::start();
    while !folder.join("seen").exists() {
        assert!(clock.elapsed() < Duration::from_secs(20), "the worker does not start");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn whatever_starts_a_program_begins_with_an_empty_environment_row_143() {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut starting = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            let production = text.split("#[cfg(test)]\nmod ").next().unwrap();
            let starts = production.matches("Command::new(").count();
            starting += starts;
            assert_eq!(starts, production.matches(".env_clear()").count(), "{}", path.display());
        }
    }
    assert!(starting > 0, "nothing was looked at");
}
