//! Loading, checking and evaluating policies.
//!
//! Most tests name a folder of `tests/cases/policies/`: `policies/` and `data/` are loaded, each package is evaluated
//! on `input.json` where there is one, and everything that is seen must be what `expect.txt` says. Set
//! `PORTCULLIS_BLESS=1` to write the files anew; then read the difference.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use portcullis::finding::SourceKind;
use portcullis::limits::Limits;
use portcullis::policies::evaluate::{Document, Engines};
use portcullis::policies::{
    DataSource, Evaluation, Fault, Loaded, PolicySet, PolicySource, RuleOverride, Scope, loader, schema,
};
use portcullis::worker::protocol::Target;
use serde_json::{Value, json};

#[path = "policies/engine.rs"]
mod engine;
#[path = "policies/loading.rs"]
mod loading;
#[path = "policies/needs.rs"]
mod needs;
#[path = "policies/rows.rs"]
mod rows;
#[path = "policies/unit_tests.rs"]
mod unit_tests;

fn source(path: &str, text: &str) -> PolicySource {
    let pack = path.split('/').next().unwrap().to_owned();
    PolicySource {
        pack,
        path: path.to_owned(),
        text: text.to_owned(),
        kind: SourceKind::Policy,
        v0: false,
        scope: None,
    }
}

fn set(files: &[(&str, &str)]) -> PolicySet {
    PolicySet { policies: files.iter().map(|(path, text)| source(path, text)).collect(), ..PolicySet::default() }
}

fn load(files: &[(&str, &str)]) -> (Loaded, Engines) {
    loader::load(&set(files), &BTreeMap::new(), &Limits::default())
}

fn load_limited(files: &[(&str, &str)], change: impl FnOnce(&mut Limits)) -> (Loaded, Engines) {
    let mut limits = Limits::default();
    change(&mut limits);
    loader::load(&set(files), &BTreeMap::new(), &limits)
}

/// An empty but complete document, with `patch` merged into it.
fn document(patch: &Value) -> Document {
    let mut value = complete(&schema::input_schema());
    let file = complete(&schema::input_schema()["$defs"]["FileEntry"]);
    merge(&mut value, patch);
    for entry in value["files"].as_array_mut().unwrap() {
        let mut full = file.clone();
        merge(&mut full, entry);
        *entry = full;
    }
    Document::from_json(value.to_string().as_bytes()).unwrap()
}

fn complete(node: &Value) -> Value {
    let root = schema::input_schema();
    let name = node.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next().map(str::to_owned));
    let node = name.map_or_else(|| node.clone(), |name| root["$defs"][name].clone());
    if let Some(word) =
        node.get("oneOf").map(|all| all[0]["const"].clone()).or_else(|| Some(node.get("enum")?[0].clone()))
    {
        return word;
    }
    match node["type"].as_str() {
        Some("object") => {
            let none = serde_json::Map::new();
            let fields = node["properties"].as_object().unwrap_or(&none);
            fields.iter().map(|(key, value)| (key.clone(), complete(value))).collect::<serde_json::Map<_, _>>().into()
        }
        Some("array") => json!([]),
        Some("integer") => json!(0),
        Some("boolean") => json!(false),
        _ => json!(""),
    }
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Reads a case: each folder of `policies/` is a pack, each file of `data/<pack>/` a data file of it.
fn read_case(folder: &Path) -> (PolicySet, BTreeMap<String, RuleOverride>) {
    let shown = |root: &Path, path: &Path| path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let mut set = PolicySet::default();
    let root = folder.join("policies");
    for path in files_below(&root).iter().filter(|path| !path.to_str().unwrap().ends_with("_test.rego")) {
        let mut policy = source(&shown(&root, path), &fs::read_to_string(path).unwrap());
        policy.v0 = policy.pack.ends_with("-v0");
        set.policies.push(policy);
    }
    let root = folder.join("data");
    for path in files_below(&root) {
        let name = shown(&root, &path);
        let mut parts: Vec<String> = name.split('/').map(str::to_owned).collect();
        let pack = parts.remove(0);
        parts.pop();
        let text = fs::read_to_string(&path).unwrap();
        set.data.push(DataSource { pack, path: format!("data/{name}"), at: parts, text });
    }
    let overrides = fs::read_to_string(folder.join("overrides.json"))
        .map_or_else(|_| BTreeMap::new(), |text| serde_json::from_str(&text).unwrap());
    (set, overrides)
}

fn shown_fault(fault: &Fault) -> String {
    let Fault { path, line, column, code, message, hint } = fault;
    format!("fault {path}:{line}:{column} {code}: {message} | {hint}\n")
}

fn shown_results(loaded: &Loaded, engines: &Engines, input: &Document, text: &mut String) {
    for (index, package) in loaded.packages.iter().enumerate() {
        let targets = match package.scope {
            Scope::File => (0..u32::try_from(input.files()).unwrap()).map(Target::File).collect(),
            _ => vec![Target::Change],
        };
        for target in targets {
            let evaluation = engines.evaluate(index, input, target, &BTreeSet::new());
            for result in evaluation.results {
                let id = &package.rules[result.rule as usize].id;
                writeln!(text, "result {id} {}:{} {}", result.path, result.line, result.message).unwrap();
            }
            evaluation.prints.iter().for_each(|print| writeln!(text, "print {print:?}").unwrap());
            evaluation.faults.iter().for_each(|fault| text.push_str(&shown_fault(fault)));
        }
    }
}

/// Runs one case and compares everything that is seen.
fn case(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/policies").join(name);
    let (set, overrides) = read_case(&folder);
    let (loaded, engines) = loader::load(&set, &overrides, &Limits::default());
    let mut text = String::new();
    for package in &loaded.packages {
        for rule in &package.rules {
            let (id, scope, severity, status) = (&rule.id, package.scope, rule.severity, rule.status);
            let reads = rule.forge_inputs.join(" ").replace("input.change.", "");
            writeln!(text, "rule {id} {scope:?} {severity:?} {status:?} layer {} reads [{reads}]", rule.layer).unwrap();
        }
    }
    loaded.faults.iter().for_each(|fault| text.push_str(&shown_fault(fault)));
    if let Ok(input) = fs::read_to_string(folder.join("input.json")) {
        shown_results(&loaded, &engines, &document(&serde_json::from_str(&input).unwrap()), &mut text);
    }
    let expected = folder.join("expect.txt");
    if std::env::var_os("PORTCULLIS_BLESS").is_some() {
        fs::write(&expected, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&expected).unwrap_or_default(), "case {name}");
}

fn codes(loaded: &Loaded) -> Vec<&str> {
    loaded.faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn evaluate(engines: &Engines, package: usize, target: Target, input: &Document) -> Evaluation {
    engines.evaluate(package, input, target, &BTreeSet::new())
}

/// The faults of loading a package `p` with this body.
fn faults_of(body: &str) -> Vec<(String, u32, String)> {
    let text = format!("package p\n\n{body}\n");
    let (loaded, _) = load(&[("p/p.rego", &text)]);
    loaded.faults.into_iter().map(|fault| (fault.code, fault.line, fault.hint)).collect()
}

fn assert_clean(body: &str) {
    assert_eq!(faults_of(body), [], "{body}");
}

fn assert_fault(body: &str, code: &str, line: u32) {
    let faults = faults_of(body);
    assert!(faults.iter().any(|(c, l, _)| c == code && *l == line), "{code} at {line} not in {faults:?}: {body}");
}
