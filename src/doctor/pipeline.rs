//! GitLab's pipeline, as far as it decides whether the gate runs.
//!
//! Owns the shape of a job, what it inherits by `extends`, and what is included. Files of other projects are not read; they
//! are named. Must not judge.

use serde_json::Value;

use super::files::{Document, Files, PIPELINE};
use super::workflow::{line_of, runs_gate};

/// How many `extends` are followed; GitLab follows eleven.
const INHERITED: usize = 11;

/// Keys of a pipeline that are no jobs.
const NO_JOBS: &[&str] = &["default", "include", "spec", "stages", "variables", "workflow"];

/// A job that runs the gate.
#[derive(Clone, Debug)]
pub struct PipelineJob<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its file and line.
    pub place: String,
    /// All that its scripts say.
    pub script: String,
    /// The job, and what it extends, the nearest first.
    chain: Vec<&'a Value>,
}

impl<'a> PipelineJob<'a> {
    /// Returns a key of it, its own or inherited.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.chain.iter().find_map(|job| job.get(key))
    }

    /// Says whether one of its rules speaks of this.
    #[must_use]
    pub fn speaks_of(&self, word: &str) -> bool {
        ["rules", "only"].iter().filter_map(|key| self.get(key)).any(|rules| rules.to_string().contains(word))
    }
}

/// An include of another project, a component or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What is included.
    pub what: String,
    /// Where: file and line.
    pub place: String,
    /// The input `mode` of a component, or empty.
    pub mode: String,
}

/// Returns the pipeline of a file behind its `spec:` header, and its lines.
fn body(document: &Document) -> (&Value, &Value) {
    match (&document.read.value, &document.read.lines) {
        (Value::Array(parts), Value::Array(lines)) => {
            (parts.last().unwrap_or(&Value::Null), lines.last().unwrap_or(&Value::Null))
        }
        (value, lines) => (value, lines),
    }
}

fn includes(document: &Document) -> Vec<&Value> {
    match body(document).0.get("include") {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

/// Returns the files of the same project that one includes; patterns are left out.
#[must_use]
pub fn included(document: &Document) -> Vec<String> {
    let path = |include: &Value| {
        let text = include.as_str().or_else(|| include.get("local").and_then(Value::as_str))?;
        let plain = !text.contains("://") && !text.contains(['*', '$']);
        plain.then(|| text.trim_start_matches('/').to_owned())
    };
    includes(document).into_iter().filter_map(path).collect()
}

/// Returns the files that the pipeline is made of.
fn parts(files: &Files) -> Vec<&Document> {
    let mut names = vec![PIPELINE.to_owned()];
    let mut at = 0;
    while let Some(name) = names.get(at).cloned() {
        at += 1;
        let document = files.documents.iter().find(|document| document.path == name);
        for path in document.map(included).unwrap_or_default() {
            if !names.contains(&path) {
                names.push(path);
            }
        }
    }
    files.documents.iter().filter(|document| names.contains(&document.path)).collect()
}

/// Returns the includes that lead out of the project and name the gate, and whether any leads out.
#[must_use]
pub fn foreign(files: &Files) -> (Vec<Foreign>, bool) {
    let mut found = Vec::new();
    let mut any = false;
    for document in parts(files) {
        for include in includes(document) {
            let named = ["component", "project", "remote"].iter().find_map(|key| include.get(key)?.as_str());
            let Some(what) = named.or_else(|| include.as_str().filter(|text| text.contains("://"))) else { continue };
            any = true;
            let inputs = include.get("inputs");
            let mode = inputs.and_then(|inputs| inputs.get("mode")).and_then(Value::as_str).unwrap_or_default();
            if what.contains("portcullis") {
                let line = body(document).1.get("include").map_or(0, line_of);
                let place = format!("{}:{line}", document.path);
                found.push(Foreign { what: what.to_owned(), place, mode: mode.to_owned() });
            }
        }
    }
    (found, any)
}

fn chain<'a>(all: &[(&'a str, &'a Value)], job: &'a Value) -> Vec<&'a Value> {
    let mut chain = vec![job];
    let mut at = 0;
    while let Some(one) = chain.get(at).copied() {
        at += 1;
        let parents = match one.get("extends") {
            Some(Value::String(name)) => vec![name.as_str()],
            // The last one wins.
            Some(Value::Array(names)) => names.iter().rev().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        for parent in parents {
            if let Some((_, found)) = all.iter().find(|(name, _)| *name == parent)
                && chain.len() < INHERITED
            {
                chain.push(found);
            }
        }
    }
    chain
}

fn script_of(chain: &[&Value]) -> String {
    let keys = ["before_script", "script", "after_script"];
    let parts = keys.iter().filter_map(|key| chain.iter().find_map(|job| job.get(key)));
    let mut lines = Vec::new();
    for part in parts {
        match part {
            Value::String(text) => lines.push(text.clone()),
            Value::Array(items) => {
                // A list in a list is how `!reference` brings its lines.
                let texts = items.iter().flat_map(|item| match item {
                    Value::Array(inner) => inner.iter().collect(),
                    other => vec![other],
                });
                lines.extend(texts.filter_map(Value::as_str).map(str::to_owned));
            }
            _ => {}
        }
    }
    lines.join("\n")
}

/// Returns all jobs that run the gate, in the order of files and names.
#[must_use]
pub fn gate_jobs(files: &Files) -> Vec<PipelineJob<'_>> {
    let documents = parts(files);
    let mut all: Vec<(&str, &Value)> = Vec::new();
    for document in &documents {
        if let Value::Object(map) = body(document).0 {
            all.extend(map.iter().map(|(name, job)| (name.as_str(), job)));
        }
    }
    let mut found = Vec::new();
    for document in &documents {
        let (value, lines) = body(document);
        let Value::Object(map) = value else { continue };
        let jobs = map
            .iter()
            .filter(|(name, job)| job.is_object() && !name.starts_with('.') && !NO_JOBS.contains(&name.as_str()));
        for (name, job) in jobs {
            let chain = chain(&all, job);
            let script = script_of(&chain);
            if runs_gate(&script) {
                let line = lines.get(name).map_or(0, line_of);
                found.push(PipelineJob { name, place: format!("{}:{line}", document.path), script, chain });
            }
        }
    }
    found
}
