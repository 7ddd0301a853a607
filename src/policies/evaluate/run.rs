//! One package on one target: rule after rule, within what is left of the time.
//!
//! Owns what becomes of each rule's value: results, or the fault that says why there are none.

use regorus::{Engine, Value};

use super::Prepared;
use super::engine::{Failure, evaluate_path, limit_time, rule_path};
use crate::clock::Deadline;
use crate::limits::Limits;
use crate::policies::fault::{Place, from_engine};
use crate::policies::places::Places;
use crate::policies::results::{self, kind_of};
use crate::policies::{Evaluation, Fault, Rule, RuleResult, Scope};

/// One package on one target.
pub(in crate::policies) struct Run<'a> {
    pub(in crate::policies) engine: Engine,
    /// What the engine was cloned from.
    fresh: Engine,
    input: Value,
    prints: Vec<String>,
    pub(in crate::policies) prepared: &'a Prepared,
    limits: &'a Limits,
    file: &'a str,
    /// At scope `document`: where the parts of the document stand.
    pub(in crate::policies) places: Places,
    deadline: Deadline,
    results: Vec<RuleResult>,
    bytes: u64,
    pub(in crate::policies) faults: Vec<Fault>,
}

impl<'a> Run<'a> {
    pub(super) fn new(prepared: &'a Prepared, limits: &'a Limits, input: Value, file: &'a str) -> Self {
        let deadline = Deadline::after_ms(limits.evaluation_ms);
        Self::on(prepared, (*prepared.engine).clone(), limits, input, file, deadline)
    }

    /// Runs on another engine than the package's own, and within the time of several runs.
    pub(in crate::policies) fn on(
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
    pub(in crate::policies) fn within_time(&mut self) {
        limit_time(&mut self.engine, self.deadline.remaining());
    }

    /// Evaluates a rule of scope `document`, where results are read as Conftest reads them.
    pub(in crate::policies) fn document_rule(&mut self, index: usize, rule: &Rule, excepted: bool) {
        let before = self.results.len();
        self.rule(index, rule);
        for result in self.results.iter_mut().skip(before) {
            result.excepted = excepted;
        }
    }

    pub(in crate::policies) fn rule(&mut self, index: usize, rule: &Rule) {
        let started = !self.deadline.passed();
        let value = match evaluate_rule(&mut self.engine, &self.prepared.package.name, rule, self.deadline) {
            Ok(value) => value,
            Err(Failure::Time) => return self.overrun(rule, started),
            Err(Failure::Engine(text)) => {
                let sources = self.engine.get_policies().unwrap_or_default();
                let text_of = |path: &str| sources.iter().find(|source| source.get_path() == path);
                let text_of = |path: &str| text_of(path).map(|source| source.get_contents().as_str());
                let mut fault = from_engine("evaluation-error", &rule.path, &text, text_of);
                let hint = match self.prepared.package.scope {
                    Scope::Document => {
                        "an error is never a pass; Conftest would take it as undefined. Where the value may be of \
                         another kind, ask before: `is_string(x)`, `is_number(x)`, `regex.match(...)`"
                    }
                    Scope::Change | Scope::File | Scope::Review => "an error is never a pass; guard the value first",
                };
                hint.clone_into(&mut fault.hint);
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

    /// Leaves out what a rule said.
    pub(super) fn forget(&mut self, index: usize) {
        self.results.retain(|result| result.rule as usize != index);
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

    pub(in crate::policies) fn finish(mut self) -> Evaluation {
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

/// Evaluates one rule within what is left of the time.
fn evaluate_rule(engine: &mut Engine, package: &str, rule: &Rule, deadline: Deadline) -> Result<Value, Failure> {
    let limit = deadline.remaining();
    if limit.is_zero() {
        return Err(Failure::Time);
    }
    limit_time(engine, limit);
    evaluate_path(engine, &rule_path(package.split('.'), &rule.entry))
}
