//! `doctor` as people run it: the real binary, a real repository, and the forges of the other tests with their settings.
#![cfg(all(feature = "github", feature = "gitlab"))]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(unreachable_pub, dead_code, reason = "the fakes and the scene are shared with other tests")]

#[path = "forge"]
mod forge {
    mod contract;
    pub mod hub;
    mod routes;
    pub mod server;
    pub mod settings;
}

#[path = "forge/gitlab"]
mod lab {
    pub(crate) mod fake;
    mod oracle;
    mod routes;
    pub(crate) mod settings;
    // One server serves both.
    use crate::forge::server;
}

#[path = "doctor/github.rs"]
mod github;
#[path = "doctor/gitlab.rs"]
mod gitlab;
#[path = "doctor/offline.rs"]
mod offline;
#[path = "check/scene.rs"]
mod scene;
#[path = "support/mod.rs"]
mod support;

use scene::{Run, portcullis, run};
use serde_json::Value;
use support::TestRepository;

/// Returns a repository with these files on `main`.
pub fn repository(files: &[(&str, &str)]) -> TestRepository {
    let repository = TestRepository::new();
    for (path, text) in files {
        repository.write(path, text);
    }
    repository.commit("Begin");
    repository
}

/// Runs `doctor` with these variables.
pub fn doctor(repository: &TestRepository, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = portcullis(repository.root(), &[&["doctor"], arguments].concat());
    run(command.envs(variables.iter().copied()))
}

/// Reads its document, which is what the published schema says.
pub fn document(run: &Run) -> Value {
    let document: Value = serde_json::from_slice(&run.out).unwrap_or_else(|_| panic!("no document: {}", run.err));
    let schema = portcullis::doctor::diagnosis::doctor_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(document["exit_code"], run.code);
    assert!(!String::from_utf8_lossy(&run.out).contains("SECRET") && !run.err.contains("SECRET"), "a token is told");
    document
}

/// Returns the names of the checks that found something.
pub fn found(document: &Value) -> Vec<&str> {
    let findings = document["findings"].as_array().unwrap();
    let mut ids: Vec<&str> = findings.iter().map(|one| one["id"].as_str().unwrap()).collect();
    ids.dedup();
    ids
}

/// Returns the checks that something unknown leaves open, sorted.
pub fn open(document: &Value) -> Vec<&str> {
    let unknown = document["unknown"].as_array().unwrap().iter();
    let mut ids: Vec<&str> =
        unknown.flat_map(|one| one["checks"].as_array().unwrap()).map(|id| id.as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
