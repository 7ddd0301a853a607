//! GitHub's workflows, as far as they decide whether the gate runs and with which rights.
//!
//! Owns the shape of a workflow and how a step that runs the gate is known. What cannot be read is left out here and stands
//! among the gaps of [`Files`]. Must not judge.

use std::collections::BTreeMap;

use serde_json::Value;

use super::files::{Document, Files, WORKFLOWS};

/// Events that are about a request, so that a job of theirs can hold it up.
const REQUEST: &[&str] = &["pull_request", "pull_request_target"];

/// A job that runs the gate, or calls a workflow that does.
#[derive(Clone, Debug)]
pub struct GateJob<'a> {
    /// The file.
    pub path: &'a str,
    /// What starts its workflow: the events and what is said of each.
    pub on: BTreeMap<&'a str, &'a Value>,
    /// Line of `on:`.
    pub on_line: u64,
    /// Its key.
    pub id: &'a str,
    /// The job.
    pub job: &'a Value,
    /// The whole workflow.
    pub workflow: &'a Value,
    /// Lines of the job, as `yaml::Lined` has them.
    pub lines: &'a Value,
    /// The steps that run the gate, each with its line; those of the called workflow where it calls one.
    pub steps: Vec<GateStep<'a>>,
}

/// A step that runs the gate.
#[derive(Clone, Debug)]
pub struct GateStep<'a> {
    /// The step.
    pub step: &'a Value,
    /// The job around it, which may be that of a called workflow.
    pub job: &'a Value,
    /// The workflow around that.
    pub workflow: &'a Value,
    /// File and line.
    pub place: String,
}

impl GateJob<'_> {
    /// Says whether a request starts it.
    #[must_use]
    pub fn is_about_requests(&self) -> bool {
        REQUEST.iter().any(|event| self.on.contains_key(event))
    }

    /// Returns the place of one of its keys, else its own.
    #[must_use]
    pub fn place(&self, key: &str) -> String {
        let line = self.lines.get(key).map_or(0, line_of);
        format!("{}:{}", self.path, if line > 0 { line } else { line_of(self.lines) })
    }

    /// Returns the name under which GitHub shows its check; none where an expression or a matrix makes it.
    #[must_use]
    pub fn check_name(&self) -> Option<String> {
        let name = self.job.get("name").and_then(Value::as_str).unwrap_or(self.id);
        let made = name.contains("${{") || self.job.get("strategy").is_some() || self.job.get("uses").is_some();
        (!made).then(|| name.to_owned())
    }
}

impl GateStep<'_> {
    /// Returns what it publishes, sorted.
    #[must_use]
    pub fn publishes(&self) -> Vec<String> {
        let with = self.step.get("with").and_then(|with| with.get("publish")).and_then(Value::as_str);
        let run = self.step.get("run").and_then(Value::as_str).unwrap_or_default();
        let mut words = run.split_whitespace();
        let mut lists: Vec<&str> = with.into_iter().collect();
        while let Some(word) = words.next() {
            match word.strip_prefix("--publish") {
                Some("") => lists.extend(words.next()),
                Some(rest) => lists.extend(rest.strip_prefix('=')),
                None => {}
            }
        }
        let parts = lists.iter().flat_map(|list| list.split(','));
        let mut parts: Vec<String> = parts.map(|part| part.trim_matches(['"', '\'', ' ']).to_owned()).collect();
        parts.retain(|part| !part.is_empty());
        parts.sort();
        parts.dedup();
        parts
    }

    /// Says whether it has another token than that of the job.
    #[must_use]
    pub fn has_own_token(&self) -> bool {
        let own = |value: &Value| {
            let text = value.as_str().unwrap_or_default();
            !text.is_empty() && !text.contains("github.token") && !text.contains("secrets.GITHUB_TOKEN")
        };
        let variable = |holder: &Value| holder.get("env").and_then(|env| env.get("PORTCULLIS_TOKEN")).is_some_and(own);
        let input = self.step.get("with").and_then(|with| with.get("token")).is_some_and(own);
        input || [self.step, self.job, self.workflow].into_iter().any(variable)
    }
}

/// Returns the line of a part.
#[must_use]
pub fn line_of(lines: &Value) -> u64 {
    let own = match lines {
        Value::Array(items) => items.first(),
        Value::Object(map) => map.get(""),
        other => Some(other),
    };
    own.and_then(Value::as_u64).unwrap_or(0)
}

/// Says whether text of a shell runs the gate.
#[must_use]
pub fn runs_gate(text: &str) -> bool {
    ["portcullis check", "portcullis review", "portcullis sweep"].iter().any(|words| text.contains(words))
}

fn is_gate(step: &Value) -> bool {
    let uses = step.get("uses").and_then(Value::as_str).unwrap_or_default();
    let action = uses.split('@').next().unwrap_or_default().trim_end_matches('/');
    let named = action.rsplit('/').next() == Some("portcullis");
    named || step.get("run").and_then(Value::as_str).is_some_and(runs_gate)
}

/// Returns what starts a workflow; YAML 1.1 reads the key `on` as a truth value.
#[must_use]
pub fn triggers(workflow: &Value) -> BTreeMap<&str, &Value> {
    let on = workflow.get("on").or_else(|| workflow.get("true"));
    match on {
        Some(Value::String(event)) => [(event.as_str(), &Value::Null)].into(),
        Some(Value::Array(events)) => events.iter().filter_map(|event| Some((event.as_str()?, &Value::Null))).collect(),
        Some(Value::Object(events)) => events.iter().map(|(event, more)| (event.as_str(), more)).collect(),
        _ => BTreeMap::new(),
    }
}

/// Returns the workflows among the documents.
pub fn workflows(files: &Files) -> impl Iterator<Item = &Document> {
    files.documents.iter().filter(|document| document.path.starts_with(WORKFLOWS))
}

fn gate_steps<'a>(document: &'a Document, job: &'a Value, lines: &'a Value) -> Vec<GateStep<'a>> {
    let steps = job.get("steps").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let gates = steps.iter().enumerate().filter(|(_, step)| is_gate(step));
    gates
        .map(|(at, step)| {
            let line = lines.get("steps").and_then(|lines| lines.get(at + 1)).map_or(0, line_of);
            let place = format!("{}:{line}", document.path);
            GateStep { step, job, workflow: &document.read.value, place }
        })
        .collect()
}

fn jobs(document: &Document) -> impl Iterator<Item = (&String, &Value, &Value)> {
    let jobs = document.read.value.get("jobs").and_then(Value::as_object);
    let lines = document.read.lines.get("jobs");
    jobs.into_iter()
        .flatten()
        .map(move |(id, job)| (id, job, lines.and_then(|lines| lines.get(id)).unwrap_or(&Value::Null)))
}

/// Returns all jobs that run the gate, by file and key. A workflow of the same tree that is called is looked into once.
#[must_use]
pub fn gate_jobs(files: &Files) -> Vec<GateJob<'_>> {
    let mut found = Vec::new();
    for document in workflows(files) {
        let workflow = &document.read.value;
        let lines = &document.read.lines;
        let on_line = lines.get("on").or_else(|| lines.get("true")).map_or(0, line_of);
        for (id, job, job_lines) in jobs(document) {
            let mut steps = gate_steps(document, job, job_lines);
            let called = job.get("uses").and_then(Value::as_str).and_then(|uses| uses.strip_prefix("./"));
            if let Some(called) = called.and_then(|path| workflows(files).find(|one| one.path == path)) {
                steps.extend(jobs(called).flat_map(|(_, job, lines)| gate_steps(called, job, lines)));
            }
            if !steps.is_empty() {
                let on = triggers(workflow);
                let path = document.path.as_str();
                found.push(GateJob { path, on, on_line, id, job, workflow, lines: job_lines, steps });
            }
        }
    }
    found
}

/// Returns the rights of the token of a job, by name; none where nothing is said, so that the repository's default holds.
#[must_use]
pub fn rights(job: &Value, workflow: &Value) -> Option<Rights> {
    let said = job.get("permissions").or_else(|| workflow.get("permissions"))?;
    Some(match said {
        Value::String(all) if all == "write-all" => Rights::All("write"),
        Value::String(all) if all == "read-all" => Rights::All("read"),
        Value::Object(map) => {
            let pairs = map.iter().map(|(name, right)| (name.clone(), right.as_str().unwrap_or("none").to_owned()));
            Rights::Named(pairs.collect())
        }
        _ => Rights::Named(BTreeMap::new()),
    })
}

/// Rights of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rights {
    /// The same for everything: `read` or `write`.
    All(&'static str),
    /// By name; what is not named is `none`.
    Named(BTreeMap<String, String>),
}

impl Rights {
    /// Says whether a right is among them.
    #[must_use]
    pub fn have(&self, name: &str, right: &str) -> bool {
        let own = match self {
            Self::All(own) => *own,
            Self::Named(rights) => rights.get(name).map_or("none", String::as_str),
        };
        own == right || own == "write"
    }
}
