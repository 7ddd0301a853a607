//! Unit tests of policies: the `test_` rules of `_test.rego` files.
//!
//! Owns running them, each in a fresh engine. Must not share an engine between packs, or with judging.

use std::collections::{BTreeMap, BTreeSet};

use regorus::{Engine, Value};

use super::checker::{Surroundings, check_tests};
use super::evaluate::{Failure, evaluate_path, rule_path};
use super::fault::engine_error;
use super::module::{self, ParsedModule};
use super::{DataSource, PolicySource, annotations, data, loader};
use crate::limits::Limits;

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The rule is true.
    Passed,
    /// The rule is false or undefined.
    Failed,
    /// A `todo_test_` rule: not run.
    Todo,
    /// It could not be run.
    Error(String),
}

/// One test and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// The Rego package, or the file when it cannot be read.
    pub package: String,
    /// The rule's name; empty when the file cannot be read.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// Runs all tests, pack by pack; sorted by pack, package and name.
#[must_use]
pub fn run_tests(policies: &[PolicySource], tests: &[PolicySource], data: &[DataSource]) -> Vec<TestResult> {
    let limits = Limits::default();
    let mut packs: BTreeMap<&str, Vec<&PolicySource>> = BTreeMap::new();
    for source in policies.iter().chain(tests) {
        packs.entry(&source.pack).or_default().push(source);
    }
    let mut faults = Vec::new();
    let data = data::read(data, &limits, &mut faults);
    let mut results: Vec<TestResult> = faults
        .into_iter()
        .map(|fault| unread_file(&fault.path, format!("{}: {}", fault.code, fault.message)))
        .collect();
    for (pack, sources) in packs {
        run_pack(pack, &sources, data.get(pack), &limits, &mut results);
    }
    results
}

fn unread_file(path: &str, message: String) -> TestResult {
    TestResult { package: path.to_owned(), name: String::new(), outcome: Outcome::Error(message) }
}

fn run_pack(
    pack: &str,
    sources: &[&PolicySource],
    data: Option<&serde_json::Value>,
    limits: &Limits,
    results: &mut Vec<TestResult>,
) {
    let before = results.len();
    let mut modules: Vec<ParsedModule<'_>> = Vec::new();
    for source in sources {
        match module::parse(source, limits) {
            Ok(module) => modules.push(module),
            Err(fault) => results.push(unread_file(&source.path, format!("line {}: {}", fault.line, fault.message))),
        }
    }
    if results.len() > before {
        return;
    }
    let data = data.map(|value| (pack.to_owned(), value.clone())).into_iter().collect();
    let unread = BTreeSet::new();
    for fault in check_tests(&modules, &Surroundings { data: &data, unread: &unread }) {
        results.push(unread_file(&fault.path, format!("line {}: {}", fault.line, fault.message)));
    }
    if results.len() > before {
        return;
    }
    let mut told = Vec::new();
    let rewritten = annotations::rewrite(&modules, &mut told);
    results.extend(told.into_iter().map(|fault| unread_file(&fault.path, fault.message)));
    let sources: Vec<PolicySource> = sources.iter().map(|source| rewritten.source(source)).collect();
    let answers = rewritten.data();
    let sources: Vec<&PolicySource> = sources.iter().collect();
    let engine = match loader::build(&sources, data.values().chain(&answers)) {
        Ok(engine) => engine,
        Err(text) => {
            let (path, line, _, message) = engine_error(&text);
            results.push(unread_file(&path.unwrap_or_default(), format!("line {line}: {message}")));
            return;
        }
    };
    for (package, name) in test_rules(&modules) {
        let outcome = if name.starts_with("todo_") { Outcome::Todo } else { run(&engine, &package, &name, limits) };
        results.push(TestResult { package: package.join("."), name, outcome });
    }
}

/// Returns the names of all tests, sorted and once each.
fn test_rules(modules: &[ParsedModule<'_>]) -> Vec<(Vec<String>, String)> {
    let mut tests: Vec<(Vec<String>, String)> = modules
        .iter()
        .filter(|module| module.source.path.ends_with("_test.rego"))
        .flat_map(|module| module.rules().map(|(name, _)| (module.package.clone(), name)))
        .filter(|(_, name)| name.starts_with("test_") || name.starts_with("todo_test_"))
        .collect();
    tests.sort();
    tests.dedup();
    tests
}

fn run(engine: &Engine, package: &[String], name: &str, limits: &Limits) -> Outcome {
    let mut engine = engine.clone();
    engine.set_input(Value::new_object());
    engine.set_execution_timer_config(regorus::utils::limits::ExecutionTimerConfig {
        limit: std::time::Duration::from_millis(limits.evaluation_ms),
        check_interval: std::num::NonZeroU32::MIN,
    });
    match evaluate_path(&mut engine, &rule_path(package.iter().map(String::as_str), name)) {
        Ok(Value::Bool(true)) => Outcome::Passed,
        Ok(Value::Bool(false) | Value::Undefined) => Outcome::Failed,
        Ok(other) => Outcome::Error(format!("a test is true or false, not {}", super::results::kind_of(&other))),
        Err(Failure::Time) => Outcome::Error(format!("it ran longer than {} ms", limits.evaluation_ms)),
        Err(Failure::Panic) => Outcome::Error("a builtin failed inside the engine".to_owned()),
        Err(Failure::Engine(text)) => {
            let (path, line, _, message) = engine_error(&text);
            Outcome::Error(format!("{}:{line}: {message}", path.unwrap_or_default()))
        }
    }
}
