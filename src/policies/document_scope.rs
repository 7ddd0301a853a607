//! Scope `document`: Conftest's world. One package over a configuration file, head held against base.
//!
//! Owns what `data.conftest.file` is there, exceptions, and which results the base gives too. Results of every side stand
//! under one budget of time.

mod subject;
mod trace;

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regorus::{Engine, Value};

use super::bench::{Covered, covered};
use super::evaluate::{Engines, Failure, Prepared, Run, evaluate_path, rule_path};
use super::fault::Place;
use super::module::{decision_word, rule_name};
use super::places::{Places, Touched};
use super::{Evaluation, Fault, Package, Rule, RuleResult};
use crate::clock::Deadline;
use crate::finding::RuleId;
use crate::limits::Limits;
use subject::{Side, Subject};

/// The rule that names what it lets through.
pub(super) const EXCEPTION: &str = "exception";

/// Says which documents a package looks at.
pub struct Looks(Option<GlobSet>);

impl Looks {
    /// Compiles the globs of a package; one that does not compile was refused with the configuration.
    #[must_use]
    pub fn of(package: &Package) -> Self {
        if package.files.is_empty() {
            return Self(None);
        }
        let mut builder = GlobSetBuilder::new();
        let globs = package.files.iter().map(|text| GlobBuilder::new(text).literal_separator(true).build());
        for glob in globs.filter_map(Result::ok) {
            builder.add(glob);
        }
        Self(builder.build().ok())
    }

    /// Says whether the package looks at that path.
    #[must_use]
    pub fn at(&self, path: &str) -> bool {
        self.0.as_ref().is_none_or(|globs| globs.is_match(path))
    }
}

/// What identifies a result over time: everything that it says but its place.
type Key = (u32, String, String, bool);

fn key(result: &RuleResult) -> Key {
    (result.rule, result.message.clone(), result.metadata.clone(), result.excepted)
}

/// Says of each result whether base gives it too: as many times as base has it. Of several with the same words those that
/// the change did not touch are the old ones.
fn old<'r>(
    head: impl Iterator<Item = &'r RuleResult>,
    base: impl Iterator<Item = &'r RuleResult>,
    touched: &Touched,
) -> Vec<bool> {
    let mut left: BTreeMap<Key, usize> = BTreeMap::new();
    for result in base {
        *left.entry(key(result)).or_default() += 1;
    }
    let mut rows: Vec<(bool, usize, &RuleResult)> =
        head.enumerate().map(|(at, result)| (touched.holds(result.line), at, result)).collect();
    rows.sort_by_key(|(touched, at, _)| (*touched, *at));
    let aged = rows.into_iter().map(|(_, at, result)| {
        let same = left.get_mut(&key(result)).filter(|left| **left > 0);
        (at, same.map(|left| *left -= 1).is_some())
    });
    let mut aged: Vec<(usize, bool)> = aged.collect();
    aged.sort_unstable();
    aged.into_iter().map(|(_, old)| old).collect()
}

/// Which rules of a package are evaluated, and what is told besides.
struct Manner<'a> {
    /// Rules that wait for CI.
    skip: &'a BTreeSet<RuleId>,
    /// True for rules whose status keeps them from running too.
    all: bool,
    /// True when the lines that ran are told.
    coverage: bool,
}

impl Manner<'_> {
    fn wants(&self, rule: &Rule) -> bool {
        (self.all || rule.status.runs()) && !self.skip.contains(&rule.id)
    }
}

/// What one side gave.
#[derive(Default)]
struct Seen {
    /// One evaluation for each document that was looked at.
    each: Vec<Evaluation>,
    /// What is wrong with the side as a whole.
    faults: Vec<Fault>,
    /// The lines that ran, by file.
    covered: Covered,
}

impl Seen {
    fn results(&self) -> impl Iterator<Item = &RuleResult> {
        self.each.iter().flat_map(|one| &one.results)
    }

    /// Returns what all documents gave together; over the limit no result is used.
    fn whole(self, prepared: &Prepared, limits: &Limits) -> Evaluation {
        let mut all = Evaluation { results: Vec::new(), prints: Vec::new(), faults: self.faults };
        for one in self.each {
            all.results.extend(one.results);
            all.prints.extend(one.prints);
            all.faults.extend(one.faults);
        }
        if all.results.len() as u64 > limits.findings {
            let message = format!("its package gave more than {} results on one file", limits.findings);
            let hint = "report once a document, or raise `limits: findings`";
            all.results.clear();
            all.faults.push(Place::file(file_of(prepared)).fault("too-many-results", message, hint));
        }
        all.faults.sort();
        all.faults.dedup();
        all
    }
}

/// Returns the file that faults of a package as a whole stand at.
fn file_of(prepared: &Prepared) -> &str {
    prepared.package.rules.first().map_or("", |rule| rule.path.as_str())
}

impl Engines {
    /// Evaluates a package of scope `document` on both sides; results that base gives too are left out.
    pub(super) fn evaluate_document(
        &self,
        prepared: &Prepared,
        subject: &Subject,
        skip: &BTreeSet<RuleId>,
    ) -> Evaluation {
        self.compare(prepared, subject, &Manner { skip, all: false, coverage: false }).0
    }

    /// As [`Self::evaluate_document`] with all rules whatever their status; and the lines that ran on head.
    pub(super) fn rehearse_document(&self, prepared: &Prepared, subject: &Subject) -> (Evaluation, Covered) {
        self.compare(prepared, subject, &Manner { skip: &BTreeSet::new(), all: true, coverage: true })
    }

    fn compare(&self, prepared: &Prepared, subject: &Subject, manner: &Manner<'_>) -> (Evaluation, Covered) {
        let deadline = Deadline::after_ms(self.limits.evaluation_ms);
        let mut seen = self.side(prepared, &subject.path, &subject.head, deadline, manner);
        let covered = std::mem::take(&mut seen.covered);
        let mut head = seen.whole(prepared, &self.limits);
        if head.results.is_empty() || subject.base.inputs.is_empty() {
            return (head, covered);
        }
        // An error on the base side makes nothing old: the results there are lost, and head's stand.
        let manner = Manner { coverage: false, ..*manner };
        let base = self.side(prepared, &subject.path, &subject.base, deadline, &manner);
        let base = base.whole(prepared, &self.limits);
        let mut ages = old(head.results.iter(), base.results.iter(), &subject.touched);
        ages.reverse();
        head.results.retain(|_| !ages.pop().unwrap_or_default());
        (head, covered)
    }

    fn side(&self, prepared: &Prepared, path: &str, side: &Side, deadline: Deadline, manner: &Manner<'_>) -> Seen {
        let mut seen = Seen::default();
        let engine = match with_place(prepared, &side.path) {
            Ok(engine) => engine,
            Err(message) => {
                let hint = "no data file may define `data.conftest`";
                seen.faults.push(Place::file(file_of(prepared)).fault("data-conflict", message, hint));
                return seen;
            }
        };
        let mut results: u64 = 0;
        let places = side.places.iter().cloned().chain(std::iter::repeat(Places::default()));
        for (input, places) in side.inputs.iter().zip(places) {
            let mut run = Run::on(prepared, engine.clone(), &self.limits, input.clone(), path, deadline);
            run.engine.set_enable_coverage(manner.coverage);
            run.places = places;
            let excepted = run.exceptions();
            for (index, rule) in prepared.package.rules.iter().enumerate().filter(|(_, rule)| manner.wants(rule)) {
                run.document_rule(index, rule, excepted.contains(suffix(rule)));
            }
            if manner.coverage {
                for (path, lines) in covered(&run.engine) {
                    seen.covered.entry(path).or_default().extend(lines);
                }
            }
            let one = run.finish();
            results = results.saturating_add(one.results.len() as u64);
            seen.each.push(one);
            if results > self.limits.findings || deadline.passed() {
                break;
            }
        }
        seen
    }
}

/// Returns the package's engine with `data.conftest.file` for that path.
fn with_place(prepared: &Prepared, path: &str) -> Result<Engine, String> {
    let (dir, name) = path.rsplit_once('/').unwrap_or((".", path));
    let mut engine = (*prepared.engine).clone();
    let place = serde_json::json!({ "conftest": { "file": { "name": name, "dir": dir } } });
    engine.add_data(Value::from(place)).map_err(|error| error.to_string())?;
    // Prepared once a file, not once a document.
    engine.eval_query("true".to_owned(), false).map_err(|error| error.to_string())?;
    Ok(engine)
}

/// Returns what an exception names a rule by: the name without `deny_`, `warn_` or `violation_`.
fn suffix(rule: &Rule) -> &str {
    if decision_word(&rule.entry) == Some(&rule.entry) {
        return "";
    }
    let mut name = rule.entry.as_str();
    for prefix in ["violation_", "deny_", "warn_"] {
        name = name.strip_prefix(prefix).unwrap_or(name);
    }
    name
}

impl Run<'_> {
    /// Returns the rules that the package lets through on this input, by their suffix.
    fn exceptions(&mut self) -> BTreeSet<String> {
        if !self.prepared.excepts {
            return BTreeSet::new();
        }
        let path = rule_path(self.prepared.package.name.split('.'), EXCEPTION);
        self.within_time();
        match evaluate_path(&mut self.engine, &path) {
            Ok(value) => items(&value).flat_map(|inner| items(&inner).collect::<Vec<_>>()).filter_map(text).collect(),
            Err(failure) => {
                let message = match failure {
                    Failure::Time => "`exception` ran longer than its package may".to_owned(),
                    Failure::Engine(text) => format!("`exception`: {}", text.lines().last().unwrap_or_default()),
                    Failure::Panic => "`exception`: a builtin failed inside the engine".to_owned(),
                };
                let path = file_of(self.prepared);
                // Without it nothing is let through.
                self.note(Place::file(path).fault("evaluation-error", message, "an error is never a pass"));
                BTreeSet::new()
            }
        }
    }

    fn note(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// The elements of a list or set, or the values of a mapping.
fn items(value: &Value) -> Box<dyn Iterator<Item = Value>> {
    let items: Vec<Value> = match value {
        Value::Array(items) => items.iter().cloned().collect(),
        Value::Set(items) => items.iter().cloned().collect(),
        Value::Object(map) => map.iter_sorted().map(|(_, value)| value.clone()).collect(),
        _ => Vec::new(),
    };
    Box::new(items.into_iter())
}

fn text(value: Value) -> Option<String> {
    value.as_string().ok().map(ToString::to_string)
}

/// Says whether a rule of a module is the package's `exception`.
pub(super) fn is_exception(rule: &regorus::unstable::Rule) -> bool {
    rule_name(rule) == EXCEPTION
}
