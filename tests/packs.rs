//! The built-in packs: their Rego unit tests.
#![allow(missing_docs, clippy::tests_outside_test_module, reason = "an integration test")]

use std::path::{Path, PathBuf};

fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_rego_unit_test_passes() {
    let mut failed = Vec::new();
    for pack in sorted(&policies()) {
        let mut engine = regorus::Engine::new();
        for file in sorted(&pack).iter().filter(|path| path.extension().is_some_and(|e| e == "rego")) {
            let text = std::fs::read_to_string(file).unwrap();
            engine.add_policy(file.display().to_string(), text).unwrap();
        }
        engine.set_input(regorus::Value::new_object());
        let mut ran = 0;
        for file in sorted(&pack).iter().filter(|path| path.to_string_lossy().ends_with("_test.rego")) {
            let text = std::fs::read_to_string(file).unwrap();
            let package = text.lines().find_map(|line| line.strip_prefix("package ")).unwrap();
            for name in text.lines().filter(|line| line.starts_with("test_")) {
                let name = name.split(' ').next().unwrap();
                let answer = engine.eval_rule(format!("data.{package}.{name}"));
                ran += 1;
                if !matches!(answer, Ok(regorus::Value::Bool(true))) {
                    failed.push(format!("{package}.{name}: {answer:?}"));
                }
            }
        }
        assert!(ran > 0, "{} has no tests", pack.display());
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
