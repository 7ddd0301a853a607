//! Scope `document`: Conftest's world. One package over a configuration file, head held against base.
//!
//! Owns what `input` and `data.conftest.file` are there, how several documents of a file are taken, exceptions, and which
//! results the base gives too. Results of every side stand under one budget of time.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regorus::{Engine, Value};

use super::evaluate::{Document, Engines, Failure, Prepared, Run, evaluate_path, failed, rule_path};
use super::fault::Place;
use super::module::{decision_word, rule_name};
use super::places::{Places, Touched};
use super::{Evaluation, Fault, Package, Rule, RuleResult};
use crate::clock::Deadline;
use crate::finding::RuleId;
use crate::worker::protocol::Target;

/// The rule that names what it lets through.
pub(super) const EXCEPTION: &str = "exception";

/// The place that Conftest gives all documents together.
const COMBINED: &str = "Combined";

/// What one package looks at, at once.
pub(super) struct Subject {
    /// The path that findings stand at; empty for all documents together.
    path: String,
    /// Inputs of the base side, one evaluation each.
    base: Side,
    /// Inputs of the head side.
    head: Side,
    /// Lines that the change touched at head.
    touched: Touched,
}

struct Side {
    /// The path of the file on this side.
    path: String,
    inputs: Vec<Value>,
    /// Where the parts of each input stand.
    places: Vec<Places>,
}

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

impl Document {
    /// Returns the sides of one file; none when it has no document at head.
    pub(super) fn subject(&self, index: u32) -> Option<Subject> {
        let (path, file) = self.files.get(index as usize)?;
        let side = |path: &str, key: &str, status: &str| {
            let read = read(file, status);
            let inputs = if read { split(&text_key(file, key)?) } else { Vec::new() };
            Some(Side { path: path.to_owned(), inputs, places: Vec::new() })
        };
        let old_path = text_key(file, "old_path").and_then(|path| path.as_string().ok().map(ToString::to_string))?;
        read(file, "head").then_some(())?;
        let mut head = side(path, "document", "head")?;
        head.places = places(&text_key(file, "document")?, text_key(file, "document_lines"));
        let base = side(&old_path, "old_document", "base")?;
        Some(Subject { path: path.clone(), base, head, touched: Touched::of(text_key(file, "hunks").as_ref()) })
    }

    /// Returns what a package of scope `document` is evaluated on.
    pub(super) fn targets_of(&self, package: &Package) -> Vec<Target> {
        if package.combine {
            return vec![Target::Combined];
        }
        let looks = Looks::of(package);
        let files = (0_u32..).zip(&self.files).filter(|(_, (path, file))| looks.at(path) && read(file, "head"));
        files.map(|(index, _)| Target::Document(index)).collect()
    }

    /// Returns all documents that a package looks at as one input a side, sorted by path.
    pub(super) fn combined(&self, package: &Package) -> Subject {
        let looks = Looks::of(package);
        let side = |path_key: &str, key: &str, status: &str| {
            let mut all: Vec<(String, Value)> = Vec::new();
            for (_, file) in self.files.iter().filter(|(_, file)| read(file, status)) {
                let path = text_key(file, path_key).and_then(|path| path.as_string().ok().map(ToString::to_string));
                let (Some(path), Some(contents)) = (path, text_key(file, key)) else { continue };
                if !looks.at(&path) {
                    continue;
                }
                all.extend(split(&contents).into_iter().map(|one| (path.clone(), one)));
            }
            let beside = text_key(&self.value, "documents");
            for one in beside.iter().flat_map(items) {
                let path = text_key(&one, "path").and_then(|path| path.as_string().ok().map(ToString::to_string));
                let (Some(path), Some(contents)) = (path, text_key(&one, "document")) else { continue };
                if looks.at(&path) {
                    all.extend(split(&contents).into_iter().map(|one| (path.clone(), one)));
                }
            }
            all.sort_by(|a, b| a.0.cmp(&b.0));
            let entries = all.into_iter().map(|(path, contents)| {
                let mut entry = Value::new_object();
                if let Ok(map) = entry.as_object_mut() {
                    map.insert(Value::from("contents"), contents);
                    map.insert(Value::from("path"), Value::from(path));
                }
                entry
            });
            let entries: Vec<Value> = entries.collect();
            let inputs = if entries.is_empty() { Vec::new() } else { vec![Value::from(entries)] };
            Side { path: COMBINED.to_owned(), inputs, places: Vec::new() }
        };
        let (base, head) = (side("old_path", "old_document", "base"), side("path", "document", "head"));
        Subject { path: String::new(), base, head, touched: Touched::default() }
    }
}

fn text_key(file: &Value, key: &str) -> Option<Value> {
    match file {
        Value::Object(map) => map.get(&Value::from(key)).cloned(),
        _ => None,
    }
}

/// Says whether a side of a file is a document that could be read.
fn read(file: &Value, side: &str) -> bool {
    let status = text_key(file, "document_reading").and_then(|reading| text_key(&reading, side));
    status.is_some_and(|status| status.as_string().is_ok_and(|status| status.as_ref() == "ok"))
}

/// A list at the root is a list of documents, whatever the format: each is looked at by itself.
fn split(document: &Value) -> Vec<Value> {
    match document {
        Value::Array(items) => items.iter().cloned().collect(),
        other => vec![other.clone()],
    }
}

/// Returns where the parts of each document of a file stand.
fn places(document: &Value, lines: Option<Value>) -> Vec<Places> {
    match (document, lines) {
        (Value::Array(_), Some(Value::Array(lines))) => {
            lines.iter().skip(1).map(|lines| Places::of(Some(lines.clone()))).collect()
        }
        (_, lines) => vec![Places::of(lines)],
    }
}

/// What identifies a result over time: everything that it says but its place.
type Key = (u32, String, String, bool);

fn key(result: &RuleResult) -> Key {
    (result.rule, result.message.clone(), result.metadata.clone(), result.excepted)
}

impl Engines {
    /// Evaluates a package of scope `document` on both sides; results that base gives too are left out.
    pub(super) fn evaluate_document(
        &self,
        prepared: &Prepared,
        subject: &Subject,
        skip: &BTreeSet<RuleId>,
    ) -> Evaluation {
        let deadline = Deadline::after_ms(self.limits.evaluation_ms);
        let mut head = self.side(prepared, &subject.path, &subject.head, deadline, skip);
        // What stood under a name that nobody looks at was never judged, so it is not old where it comes from there.
        let judged = subject.path.is_empty() || Looks::of(&prepared.package).at(&subject.base.path);
        if head.results.is_empty() || subject.base.inputs.is_empty() || !judged {
            return head;
        }
        // An error on the base side makes nothing old: the results there are lost, and head's stand.
        let base = self.side(prepared, &subject.path, &subject.base, deadline, skip);
        let mut old: BTreeMap<Key, usize> = BTreeMap::new();
        for result in &base.results {
            *old.entry(key(result)).or_default() += 1;
        }
        // Of several with the same words those that the change did not touch are the old ones.
        let (touched, untouched): (Vec<_>, Vec<_>) =
            std::mem::take(&mut head.results).into_iter().partition(|result| subject.touched.holds(result.line));
        let mut fresh: Vec<RuleResult> = untouched.into_iter().chain(touched).collect();
        fresh.retain(|result| match old.get_mut(&key(result)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        });
        fresh.sort();
        Evaluation { results: fresh, ..head }
    }

    /// Says which lines of a package, and of what it asks, are evaluated on the head side.
    pub(super) fn covered_by_document(
        &self,
        package: usize,
        document: &Document,
        target: Target,
    ) -> BTreeMap<String, BTreeSet<u32>> {
        let mut all: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        let Some(prepared) = self.packages.get(package) else { return all };
        let subject = match target {
            Target::Document(file) => document.subject(file),
            _ => Some(document.combined(&prepared.package)),
        };
        let Some(subject) = subject else { return all };
        let Ok(engine) = with_place(prepared, &subject.head.path) else { return all };
        let deadline = Deadline::after_ms(self.limits.evaluation_ms);
        for input in &subject.head.inputs {
            let mut run = Run::on(prepared, engine.clone(), &self.limits, input.clone(), &subject.path, deadline);
            run.engine.set_enable_coverage(true);
            for (index, rule) in prepared.package.rules.iter().enumerate() {
                run.document_rule(index, rule, false);
            }
            for (path, lines) in super::bench::covered(&run.engine) {
                all.entry(path).or_default().extend(lines);
            }
        }
        all
    }

    fn side(
        &self,
        prepared: &Prepared,
        path: &str,
        side: &Side,
        deadline: Deadline,
        skip: &BTreeSet<RuleId>,
    ) -> Evaluation {
        let mut all = Evaluation { results: Vec::new(), prints: Vec::new(), faults: Vec::new() };
        let engine = match with_place(prepared, &side.path) {
            Ok(engine) => engine,
            Err(message) => {
                let place = prepared.package.rules.first().map_or("", |rule| rule.path.as_str());
                let hint = "no data file may define `data.conftest`";
                return failed(Place::file(place).fault("data-conflict", message, hint));
            }
        };
        let places = side.places.iter().cloned().chain(std::iter::repeat(Places::default()));
        for (input, places) in side.inputs.iter().zip(places) {
            let mut run = Run::on(prepared, engine.clone(), &self.limits, input.clone(), path, deadline);
            run.places = places;
            let excepted = run.exceptions();
            for (index, rule) in prepared.package.rules.iter().enumerate() {
                if rule.status.runs() && !skip.contains(&rule.id) {
                    run.document_rule(index, rule, excepted.contains(suffix(rule)));
                }
            }
            let one = run.finish();
            all.results.extend(one.results);
            all.prints.extend(one.prints);
            all.faults.extend(one.faults);
            if all.results.len() as u64 > self.limits.findings || deadline.passed() {
                break;
            }
        }
        if all.results.len() as u64 > self.limits.findings {
            let message = format!("its package gave more than {} results on one file", self.limits.findings);
            let place = prepared.package.rules.first().map_or("", |rule| rule.path.as_str());
            let hint = "report once a document, or raise `limits: findings`";
            all.results.clear();
            all.faults.push(Place::file(place).fault("too-many-results", message, hint));
        }
        all.faults.sort();
        all.faults.dedup();
        all
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
                let path = self.prepared.package.rules.first().map_or("", |rule| rule.path.as_str());
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
