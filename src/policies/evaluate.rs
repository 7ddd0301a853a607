//! Evaluation of one package on one target, under budgets of time, count and bytes.
//!
//! Owns the engines after loading. Runs inside the worker: a builtin cannot be interrupted and recursion kills the
//! process, so the supervisor stands behind every budget here. An error is never "undefined, so allowed".

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, LimitError, Value};

use super::fault::{Place, from_engine};
use super::places::Places;
use super::results::{self, kind_of};
use super::{Evaluation, Fault, Package, Rule, RuleResult, Scope, schema};
use crate::clock::Deadline;
use crate::finding::RuleId;
use crate::limits::Limits;
use crate::worker::protocol::Target;

/// The input document in the engine's own form; file targets share its parts.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) value: Value,
    change: Value,
    pub(super) files: Vec<(String, Value)>,
    /// The document with the keys of scope `review`, once those are known.
    review: Option<Value>,
}

/// Some files of the document.
pub struct Files(Vec<Value>);

impl Files {
    /// Reads a JSON list of files.
    ///
    /// # Errors
    /// When the bytes are no JSON list, or nested deeper than 127 levels.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        match value_of(bytes)? {
            Value::Array(list) => Ok(Self(list.iter().cloned().collect())),
            _ => Err("a part of the input document is no list".to_owned()),
        }
    }
}

fn value_of(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("the input document is no UTF-8: {error}"))?;
    Value::from_json_str(text).map_err(|error| format!("the input document is no JSON: {error}"))
}

impl Document {
    /// Reads the JSON of `portcullis.input/v1`.
    ///
    /// # Errors
    /// When the bytes are no JSON, nested deeper than 127 levels, or lack `change` or `files`.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        Self::of(value_of(bytes)?)
    }

    /// Puts the document together from the JSON of its head, whose list of files is empty, and its files in order.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_parts(head: &[u8], parts: impl IntoIterator<Item = Result<Files, String>>) -> Result<Self, String> {
        let mut value = value_of(head)?;
        let mut files = Vec::new();
        for part in parts {
            files.append(&mut part?.0);
        }
        let map = value.as_object_mut().map_err(|_| "the input document is no mapping")?;
        map.insert(Value::from("files"), Value::from(files));
        Self::of(value)
    }

    fn of(value: Value) -> Result<Self, String> {
        let part = |key: &str| match &value {
            Value::Object(map) => map.get(&Value::from(key)).cloned(),
            _ => None,
        };
        let change = part("change").ok_or("the input document has no `change`")?;
        let Some(Value::Array(list)) = part("files") else {
            return Err("the input document has no list `files`".to_owned());
        };
        let path = |file: &Value| match file {
            Value::Object(map) => map.get(&Value::from("path")).and_then(|path| path.as_string().ok().cloned()),
            _ => None,
        };
        let files = list
            .iter()
            .map(|file| path(file).map(|path| (path.to_string(), file.clone())))
            .collect::<Option<Vec<_>>>()
            .ok_or("a file of the input document has no `path`")?;
        Ok(Self { value, change, files, review: None })
    }

    /// Lays the keys of scope `review` over the document.
    ///
    /// # Errors
    /// When the bytes are no JSON mapping.
    pub fn with_review(&self, json: &[u8]) -> Result<Self, String> {
        let Value::Object(keys) = value_of(json)? else {
            return Err("what scope `review` adds is no mapping".to_owned());
        };
        let mut whole = self.value.clone();
        let map = whole.as_object_mut().map_err(|_| "the input document is no mapping")?;
        for (key, value) in keys.iter_sorted() {
            map.insert(key.clone(), value.clone());
        }
        Ok(Self { review: Some(whole), ..self.clone() })
    }

    /// Returns how many files the document has.
    #[must_use]
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// Returns `input` for a target, and the path of the file when the target is one.
    pub(super) fn input(&self, target: Target) -> Option<(Value, &str)> {
        match target {
            Target::Change => Some((self.value.clone(), "")),
            Target::Review => Some((self.review.clone()?, "")),
            Target::File(index) => {
                let (path, file) = self.files.get(index as usize)?;
                let mut input = Value::new_object();
                let map = input.as_object_mut().ok()?;
                map.insert(Value::from("change"), self.change.clone());
                map.insert(Value::from("file"), file.clone());
                Some((input, path))
            }
            // They have their own input: see `Engines::self_check_of` and `document_scope`.
            Target::Empty | Target::Document(_) | Target::Combined => None,
        }
    }
}

/// A package ready to run.
pub(super) struct Prepared {
    /// The package, as in `Loaded::packages`.
    pub(super) package: Package,
    /// The engine with the package and its libraries, prepared once and cloned for each evaluation.
    pub(super) engine: Arc<Engine>,
    /// True when the package has a rule `exception`, and scope `document`, where that works.
    pub(super) excepts: bool,
}

/// The prepared engines, parallel to `Loaded::packages`.
#[derive(Default)]
pub struct Engines {
    pub(super) packages: Vec<Prepared>,
    pub(super) limits: Limits,
}

impl std::fmt::Debug for Engines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engines").field("packages", &self.packages.len()).finish_non_exhaustive()
    }
}

impl Engines {
    /// Evaluates the decision rules of one package on one target; `skip` names rules that wait for CI.
    ///
    /// Each rule is one query. One query for all of them would evaluate shared helpers once, but it costs a parse and
    /// an analysis each time (three small rules on 2,000 files: 53 ms against 18 ms), and could not tell which rule
    /// failed or overran.
    #[must_use]
    pub fn evaluate(&self, package: usize, document: &Document, target: Target, skip: &BTreeSet<RuleId>) -> Evaluation {
        let Some(prepared) = self.packages.get(package) else {
            return failed(Place::file("").fault("unknown-package", format!("there is no package {package}"), ""));
        };
        match (prepared.package.scope, target) {
            (Scope::Document, Target::Document(file)) => {
                return match document.subject(file) {
                    Some(subject) => self.evaluate_document(prepared, &subject, skip),
                    None => failed(Place::file("").fault("unknown-target", "the file is no document", "")),
                };
            }
            (Scope::Document, Target::Combined) => {
                return self.evaluate_document(prepared, &document.combined(&prepared.package), skip);
            }
            _ => {}
        }
        let wanted = matches!(
            (prepared.package.scope, target),
            (Scope::Change, Target::Change) | (Scope::File, Target::File(_)) | (Scope::Review, Target::Review)
        );
        let Some((input, file)) = document.input(target).filter(|_| wanted) else {
            let message = format!("package `{}` does not run on {target:?}", prepared.package.name);
            return failed(Place::file("").fault("unknown-target", message, ""));
        };
        let mut run = Run::new(prepared, &self.limits, input, file);
        for (index, rule) in prepared.package.rules.iter().enumerate() {
            if rule.status.runs() && !skip.contains(&rule.id) {
                run.rule(index, rule);
            }
        }
        run.finish()
    }

    /// Returns the packages in their order.
    pub(super) fn packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().map(|prepared| &prepared.package)
    }

    /// Evaluates all decision rules of a package whatever their status, and says which lines were evaluated.
    pub(super) fn rehearse(
        &self,
        package: usize,
        document: &Document,
        target: Target,
    ) -> (Evaluation, BTreeMap<String, BTreeSet<u32>>) {
        let found = self.packages.get(package).zip(document.input(target));
        let Some((prepared, (input, file))) = found else {
            let message = format!("there is no package {package} for {target:?}");
            return (failed(Place::file("").fault("unknown-package", message, "")), BTreeMap::new());
        };
        let mut run = Run::new(prepared, &self.limits, input, file);
        run.engine.set_enable_coverage(true);
        for (index, rule) in prepared.package.rules.iter().enumerate() {
            run.rule(index, rule);
        }
        let covered = super::bench::covered(&run.engine);
        (run.finish(), covered)
    }

    /// Checks every package by itself; see [`Self::self_check_of`].
    #[must_use]
    pub fn self_check(&self) -> Vec<Fault> {
        (0..self.packages.len()).flat_map(|package| self.self_check_of(package)).collect()
    }

    /// Evaluates one package on a complete but empty document; a fault says that it cannot work here.
    ///
    /// A broken pack must not look like a clean change. One package at a time, because one that does not return must
    /// not keep the others from being loaded.
    #[must_use]
    pub fn self_check_of(&self, package: usize) -> Vec<Fault> {
        let bytes = schema::empty_document().to_string();
        let review = schema::empty_review().to_string();
        let document = Document::from_json(bytes.as_bytes()).and_then(|empty| empty.with_review(review.as_bytes()));
        let document = match document {
            Ok(document) => document,
            Err(why) => return vec![Place::file("").fault("self-check", why, "this is a bug of the gate")],
        };
        let target = match self.packages.get(package).map(|prepared| prepared.package.scope) {
            // What an empty document of an unknown format would mean to a policy, nobody can say.
            Some(Scope::Document) => return Vec::new(),
            Some(Scope::File) => Target::File(0),
            Some(Scope::Review) => Target::Review,
            Some(Scope::Change) | None => Target::Change,
        };
        let evaluation = self.evaluate(package, &document, target, &BTreeSet::new());
        let failed = |fault: Fault| Fault {
            code: "self-check".to_owned(),
            message: format!("self check on an empty change: {}", fault.message),
            ..fault
        };
        evaluation.faults.into_iter().map(failed).collect()
    }
}

pub(super) fn failed(fault: Fault) -> Evaluation {
    Evaluation { results: Vec::new(), prints: Vec::new(), faults: vec![fault] }
}

/// One package on one target.
pub(super) struct Run<'a> {
    pub(super) engine: Engine,
    /// What the engine was cloned from.
    fresh: Engine,
    input: Value,
    prints: Vec<String>,
    pub(super) prepared: &'a Prepared,
    limits: &'a Limits,
    file: &'a str,
    /// At scope `document`: where the parts of the document stand.
    pub(super) places: Places,
    deadline: Deadline,
    results: Vec<RuleResult>,
    bytes: u64,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Run<'a> {
    fn new(prepared: &'a Prepared, limits: &'a Limits, input: Value, file: &'a str) -> Self {
        let deadline = Deadline::after_ms(limits.evaluation_ms);
        Self::on(prepared, (*prepared.engine).clone(), limits, input, file, deadline)
    }

    /// Runs on another engine than the package's own, and within the time of several runs.
    pub(super) fn on(
        prepared: &'a Prepared,
        fresh: Engine,
        limits: &'a Limits,
        input: Value,
        file: &'a str,
        deadline: Deadline,
    ) -> Self {
        let mut engine = fresh.clone();
        engine.set_input(input.clone());
        let prints = Vec::new();
        Self {
            engine,
            fresh,
            input,
            prints,
            prepared,
            limits,
            file,
            places: Places::default(),
            deadline,
            results: Vec::new(),
            bytes: 0,
            faults: Vec::new(),
        }
    }

    /// Leaves the engine what is left of the time.
    pub(super) fn within_time(&mut self) {
        let limit = self.deadline.remaining();
        self.engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval: CHECK_INTERVAL });
    }

    /// Evaluates a rule of scope `document`, where results are read as Conftest reads them.
    pub(super) fn document_rule(&mut self, index: usize, rule: &Rule, excepted: bool) {
        let before = self.results.len();
        self.rule(index, rule);
        for result in self.results.iter_mut().skip(before) {
            result.excepted = excepted;
        }
    }

    fn rule(&mut self, index: usize, rule: &Rule) {
        let started = !self.deadline.passed();
        let value = match evaluate_rule(&mut self.engine, &self.prepared.package.name, rule, self.deadline) {
            Ok(value) => value,
            Err(Failure::Time) => return self.overrun(rule, started),
            Err(Failure::Engine(text)) => {
                let sources = self.engine.get_policies().unwrap_or_default();
                let text_of = |path: &str| sources.iter().find(|source| source.get_path() == path);
                let text_of = |path: &str| text_of(path).map(|source| source.get_contents().as_str());
                let mut fault = from_engine("evaluation-error", &rule.path, &text, text_of);
                "an error is never a pass; guard the value first".clone_into(&mut fault.hint);
                fault.message = format!("rule `{}`: {}", rule.id, fault.message);
                return self.faults.push(fault);
            }
            Err(Failure::Panic) => {
                self.renew();
                let message = "a builtin failed inside the engine";
                return self.fault(
                    rule,
                    "evaluation-panic",
                    message,
                    "e.g. `strings.count` with an empty text; guard it",
                );
            }
        };
        match value {
            Value::Set(results) => self.collect(index, rule, results.iter()),
            // Conftest takes lists of results too.
            Value::Array(results) if self.prepared.package.scope == Scope::Document => {
                self.collect(index, rule, results.iter());
            }
            Value::Undefined => {}
            other => {
                let message = format!("it is {}, not a set", kind_of(&other));
                let hint = format!("write `{} contains msg if {{ ... }}`", rule.entry);
                self.fault(rule, "decision-kind", &message, &hint);
            }
        }
    }

    /// Takes over results; over a limit none of the rule's results are used and the fault says so.
    fn collect<'v>(&mut self, index: usize, rule: &Rule, values: impl ExactSizeIterator<Item = &'v Value>) {
        let total = (self.results.len() as u64).saturating_add(values.len() as u64);
        if total > self.limits.findings {
            let message = format!("its package gave {total} results; the limit is {}", self.limits.findings);
            return self.fault(rule, "too-many-results", &message, "report once a file, or raise `limits: findings`");
        }
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let mut taken = Vec::with_capacity(values.len());
        for value in values {
            let read = match self.prepared.package.scope {
                Scope::Document => results::read_document(value, index, rule.kind, self.file, &self.places),
                Scope::Change | Scope::File | Scope::Review => {
                    results::read(value, index, rule.kind, self.file).map(Some)
                }
            };
            match read {
                Ok(None) => {}
                Ok(Some(result)) => {
                    self.bytes = self.bytes.saturating_add(bytes_of(&result));
                    taken.push(result);
                }
                Err(error) => self.fault(rule, "result-shape", &error.message, &error.hint),
            }
            if self.bytes > self.limits.evaluation_bytes {
                let message = format!("its package gave more than {} bytes of results", self.limits.evaluation_bytes);
                return self.fault(
                    rule,
                    "too-many-bytes",
                    &message,
                    "shorten messages, or raise `limits: evaluation-bytes`",
                );
            }
        }
        self.results.append(&mut taken);
    }

    fn overrun(&mut self, rule: &Rule, started: bool) {
        let limit = self.limits.evaluation_ms;
        let message = if started {
            format!("its package ran longer than {limit} ms")
        } else {
            format!("it was not run: its package had used up its {limit} ms")
        };
        self.fault(rule, "evaluation-timeout", &message, "loop over less, or raise `limits: evaluation-ms`");
    }

    /// Goes on with a fresh engine: a panic may leave the old one between two states.
    fn renew(&mut self) {
        self.prints.append(&mut self.engine.take_prints().unwrap_or_default());
        self.engine = self.fresh.clone();
        self.engine.set_input(self.input.clone());
    }

    fn fault(&mut self, rule: &Rule, code: &str, message: &str, hint: &str) {
        let place = Place { path: &rule.path, line: rule.line, column: 0 };
        let fault = place.fault(code, format!("rule `{}`: {message}", rule.id), hint);
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub(super) fn finish(mut self) -> Evaluation {
        let mut prints = std::mem::take(&mut self.prints);
        prints.append(&mut self.engine.take_prints().unwrap_or_default());
        let mut bytes = self.bytes;
        let mut kept = 0;
        for print in &prints {
            bytes = bytes.saturating_add(print.len() as u64);
            if bytes > self.limits.evaluation_bytes {
                break;
            }
            kept += 1;
        }
        if kept < prints.len() {
            prints.truncate(kept);
            let message = format!("package `{}` printed too much", self.prepared.package.name);
            self.faults.push(Place::file("").fault("too-many-bytes", message, "print less"));
        }
        self.faults.sort();
        Evaluation { results: self.results, prints, faults: self.faults }
    }
}

fn bytes_of(result: &RuleResult) -> u64 {
    let texts = [&result.message, &result.path, &result.symbol, &result.fix, &result.team, &result.metadata];
    texts.iter().map(|text| text.len() as u64).fold(64, u64::saturating_add)
}

/// How an evaluation failed.
pub(super) enum Failure {
    /// Over the time limit.
    Time,
    /// The engine said so.
    Engine(String),
    /// A builtin panicked.
    Panic,
}

const CHECK_INTERVAL: NonZeroU32 = NonZeroU32::MIN.saturating_add(999);

/// Evaluates one rule within what is left of the time.
fn evaluate_rule(engine: &mut Engine, package: &str, rule: &Rule, deadline: Deadline) -> Result<Value, Failure> {
    let limit = deadline.remaining();
    if limit.is_zero() {
        return Err(Failure::Time);
    }
    engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval: CHECK_INTERVAL });
    evaluate_path(engine, &rule_path(package.split('.'), &rule.entry))
}

/// Gives an engine so many milliseconds for each evaluation.
pub(super) fn limited(engine: &mut Engine, milliseconds: u64) {
    let limit = std::time::Duration::from_millis(milliseconds);
    engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval: CHECK_INTERVAL });
}

/// Evaluates the rule at a path; the engine's panics end here.
pub(super) fn evaluate_path(engine: &mut Engine, path: &str) -> Result<Value, Failure> {
    match catch_unwind(AssertUnwindSafe(|| engine.eval_rule(path.to_owned()))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) if matches!(error.downcast_ref(), Some(LimitError::TimeLimitExceeded { .. })) => {
            Err(Failure::Time)
        }
        Ok(Err(error)) => {
            let text = error.to_string();
            if text.contains("execution exceeded time limit") { Err(Failure::Time) } else { Err(Failure::Engine(text)) }
        }
        Err(_) => Err(Failure::Panic),
    }
}

/// Returns the engine's path of a rule; components that are no names stand in brackets.
pub(super) fn rule_path<'a>(package: impl Iterator<Item = &'a str>, entry: &'a str) -> String {
    let plain = |part: &str| {
        part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) && !part.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut path = "data".to_owned();
    for part in package.chain([entry]) {
        if plain(part) {
            path.push('.');
            path.push_str(part);
        } else {
            path.push_str(&format!("[{}]", serde_json::Value::from(part)));
        }
    }
    path
}
