//! Tests of policies, each by itself: a fresh engine, a budget, and what there is to say when it fails.
//!
//! Owns the engines that tests run in, one a pack; they are never those of a run that judges. Runs inside the worker: a
//! test that kills the process or never ends is the supervisor's to blame. Must not open files.

mod coverage;
mod probe;

pub(super) use coverage::covered;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regorus::{Engine, Value};

use super::checker::{Surroundings, check_all};
use super::evaluate::{Document, Engines, Failure, evaluate_path, limited, rule_path};
use super::fault::engine_error;
use super::mend::{Sheet, mend};
use super::module::{self, ParsedModule};
use super::trial::{PlannedTest, TestPlan, Trial, TrialReport};
use super::{DataSource, Fault, PolicySource, annotations, data, loader};
use crate::clock::Deadline;
use crate::limits::Limits;
use crate::worker::protocol::Target;

/// What is wrong with a test when one of these stands in it: it would pass or fail for the wrong reason.
const GRAVE: &[&str] = &["recursion", "unknown-data", "unknown-function", "wrong-arity"];

/// What `with` cannot replace, and the engine does not say so.
const IN_VAIN: &[&str] = &["with-builtin", "with-function"];

/// The tests of all packs, ready to run.
pub struct TestBench {
    plan: TestPlan,
    engines: BTreeMap<String, Arc<Engine>>,
    sources: Vec<PolicySource>,
    limits: Limits,
}

impl TestBench {
    /// Reads all tests and prepares an engine for each pack that has some.
    #[must_use]
    pub fn new(policies: &[PolicySource], tests: &[PolicySource], data: &[DataSource], limits: &Limits) -> Self {
        let mut plan = TestPlan::default();
        let data = data::read(data, limits, &mut plan.faults);
        let (tests, spoilt) = mended(tests, limits, &mut plan);
        let (sources, answers) = rewritten(policies.iter().cloned().chain(tests).collect(), limits, &mut plan);
        let mut broken = BTreeSet::new();
        let mut modules: Vec<ParsedModule<'_>> = Vec::new();
        for source in &sources {
            match module::parse(source, limits) {
                Ok(module) => modules.push(module),
                Err(_) => {
                    broken.insert(source.pack.as_str());
                    plan.faults.extend(mend(source, limits).faults);
                }
            }
        }
        for module in modules.iter().filter(|module| !is_test(module.source)) {
            plan.bodies.extend(coverage::bodies(module));
        }
        let packs: BTreeSet<&str> =
            sources.iter().filter(|source| is_test(source)).map(|source| source.pack.as_str()).collect();
        let mut engines = BTreeMap::new();
        for pack in packs.into_iter().filter(|pack| !broken.contains(pack)) {
            let held = held(&modules, pack);
            let mut planned = planned(&held, pack, &data, limits, &mut plan);
            refuse(&mut planned, &held, &spoilt, &mut plan.faults);
            if let Some(engine) = engine(&held, (&data, answers.as_ref()), &mut planned, &mut plan.faults) {
                engines.insert(pack.to_owned(), Arc::new(engine));
            }
            plan.tests.extend(planned);
        }
        drop(modules);
        plan.faults.sort();
        plan.warnings.sort();
        Self { plan, engines, sources, limits: limits.clone() }
    }

    /// Returns what can be run.
    #[must_use]
    pub fn plan(&self) -> &TestPlan {
        &self.plan
    }

    /// Runs one test, or all rules of a pack on the document of a case.
    #[must_use]
    pub fn run(&self, trial: &Trial, engines: &Engines) -> TrialReport {
        match trial {
            Trial::Test(index) => match self.plan.tests.get(*index as usize) {
                Some(test) => self.test(test),
                None => failed("there is no such test".to_owned()),
            },
            Trial::Case { pack, document, review } => {
                case(pack, document, review, engines, Deadline::after_ms(self.limits.evaluation_ms.saturating_mul(2)))
            }
        }
    }

    fn test(&self, test: &PlannedTest) -> TrialReport {
        let Some(prepared) = self.engines.get(&test.pack) else { return failed("its pack has no engine".to_owned()) };
        let mut engine = Engine::clone(prepared);
        engine.set_enable_coverage(true);
        engine.set_input(Value::new_object());
        limited(&mut engine, self.limits.evaluation_ms);
        let path = rule_path(test.package.split('.'), &test.name);
        let mut report = TrialReport::default();
        let told = match evaluate_path(&mut engine, &path) {
            Ok(Value::Bool(true)) => {
                report.passed = true;
                None
            }
            Ok(Value::Bool(false) | Value::Undefined) => Some(String::new()),
            Ok(other) => Some(format!("a test is true or false, not {}", super::results::kind_of(&other))),
            Err(Failure::Time) => Some(format!("it ran longer than {} ms", self.limits.evaluation_ms)),
            Err(Failure::Panic) => Some("a builtin failed inside the engine".to_owned()),
            Err(Failure::Engine(text)) => Some(located(&text)),
        };
        report.prints = bounded(engine.take_prints().unwrap_or_default());
        report.covered = covered(&engine);
        if let Some(error) = told {
            // What never ends, or fails inside the engine, is not tried again.
            let again = error.is_empty() || error.contains(':');
            let source = self.sources.iter().find(|source| source.path == test.path);
            report.failure =
                source.filter(|_| again).and_then(|source| probe::explain(prepared, source, test, &self.limits));
            report.error = error;
        }
        report
    }
}

fn failed(error: String) -> TrialReport {
    TrialReport { error, ..TrialReport::default() }
}

fn is_test(source: &PolicySource) -> bool {
    source.path.ends_with("_test.rego")
}

/// Words an error of the engine with its place.
fn located(text: &str) -> String {
    let (path, line, _, message) = engine_error(text);
    // What follows is the engine's own bookkeeping.
    let message = message.split(" (path [").next().unwrap_or(&message);
    format!("{}:{line}: {message}", path.unwrap_or_default())
}

/// Keeps as many prints as a report can show.
fn bounded(mut prints: Vec<String>) -> Vec<String> {
    const MOST: usize = 200;
    let over = prints.len().saturating_sub(MOST);
    prints.truncate(MOST);
    if over > 0 {
        prints.push(format!("and {over} more lines"));
    }
    prints
}

/// Returns the modules of a pack, and those of other packs that they need.
fn held<'a, 'm>(modules: &'m [ParsedModule<'a>], pack: &str) -> Vec<&'m ParsedModule<'a>> {
    let of_others = |module: &&ParsedModule<'_>| module.source.pack == pack || !is_test(module.source);
    let own = modules.iter().filter(|module| module.source.pack == pack).collect();
    loader::reached(modules, own).into_iter().filter(of_others).collect()
}

/// Returns the test files with stubs for what cannot be parsed, and what that is.
fn mended(tests: &[PolicySource], limits: &Limits, plan: &mut TestPlan) -> (Vec<PolicySource>, Vec<Fault>) {
    let (mut sources, mut spoilt) = (Vec::new(), Vec::new());
    for test in tests {
        let found = mend(test, limits);
        match found.source {
            Some(source) => {
                sources.push(source);
                spoilt.extend(found.faults);
            }
            None => plan.faults.extend(found.faults),
        }
    }
    (sources, spoilt)
}

/// Returns the files as the engine gets them, and the data that they then read.
fn rewritten(
    sources: Vec<PolicySource>,
    limits: &Limits,
    plan: &mut TestPlan,
) -> (Vec<PolicySource>, Option<serde_json::Value>) {
    let modules: Vec<ParsedModule<'_>> =
        sources.iter().filter_map(|source| module::parse(source, limits).ok()).collect();
    let found = annotations::rewrite(&modules, &mut plan.faults);
    if found.is_empty() {
        drop(modules);
        return (sources, None);
    }
    (sources.iter().map(|source| found.source(source)).collect(), found.data())
}

/// Refuses the tests in which a fault stands; what stands in no test keeps all of them from being trusted.
fn refuse(planned: &mut [PlannedTest], held: &[&ParsedModule<'_>], found: &[Fault], faults: &mut Vec<Fault>) {
    for fault in found {
        let Some(module) = held.iter().find(|module| module.source.path == fault.path) else { continue };
        let above = module.rules().filter(|(_, rule)| rule.span().line <= fault.line).last();
        let test =
            above.and_then(|(name, _)| planned.iter_mut().find(|test| test.path == fault.path && test.name == name));
        match test {
            Some(test) => {
                let gap = if test.refused.is_empty() { "" } else { "; " };
                test.refused = format!("{}{gap}{}:{}: {}", test.refused, fault.path, fault.line, fault.message);
            }
            None if faults.contains(fault) => {}
            None => faults.push(fault.clone()),
        }
    }
}

/// Builds the engine of a pack. A test that the engine's own analysis refuses is left out, and the next one is tried.
fn engine(
    held: &[&ParsedModule<'_>],
    (data, answers): (&BTreeMap<String, serde_json::Value>, Option<&serde_json::Value>),
    planned: &mut [PlannedTest],
    faults: &mut Vec<Fault>,
) -> Option<Engine> {
    const MOST_TRIES: usize = 200;
    let packs: BTreeSet<&str> = held.iter().map(|module| module.source.pack.as_str()).collect();
    let mut sheets: Vec<Sheet<'_>> = held.iter().map(|module| Sheet::of(module.source)).collect();
    for _ in 0..MOST_TRIES {
        let sources: Vec<PolicySource> = sheets.iter().map(Sheet::source).collect();
        let sources: Vec<&PolicySource> = sources.iter().collect();
        let text = match loader::build(&sources, packs.iter().filter_map(|pack| data.get(*pack)).chain(answers)) {
            Ok(engine) => return Some(engine),
            Err(text) => text,
        };
        let (path, line, ..) = engine_error(&text);
        let found =
            held.iter().zip(&mut sheets).find(|(module, _)| path.as_deref() == Some(module.source.path.as_str()));
        let Some((module, sheet)) = found else {
            faults.push(loader::static_fault("", &text, &sources));
            return None;
        };
        let fault = loader::static_fault(&module.source.path, &text, &[module.source]);
        let whole = sheet.is_whole(line);
        if !is_test(module.source) || !sheet.replace(line) {
            faults.push(fault);
            return None;
        }
        if whole {
            refuse(planned, held, &[fault], faults);
        }
    }
    None
}

/// Returns the tests of a pack; what stands in their way goes into the plan.
fn planned(
    held: &[&ParsedModule<'_>],
    pack: &str,
    data: &BTreeMap<String, serde_json::Value>,
    limits: &Limits,
    plan: &mut TestPlan,
) -> Vec<PlannedTest> {
    let unread = BTreeSet::new();
    // The checker wants them side by side.
    let beside: Vec<ParsedModule<'_>> =
        held.iter().filter_map(|module| module::parse(module.source, limits).ok()).collect();
    let faults = check_all(&beside, &Surroundings { data, unread: &unread });
    let own: Vec<&&ParsedModule<'_>> =
        held.iter().filter(|module| module.source.pack == pack && is_test(module.source)).collect();
    let mut tests: BTreeMap<(String, String), PlannedTest> = BTreeMap::new();
    for module in own {
        let is =
            |fault: &&Fault, codes: &[&str]| fault.path == module.source.path && codes.contains(&fault.code.as_str());
        plan.warnings.extend(faults.iter().filter(|fault| is(fault, IN_VAIN)).cloned());
        let mut grave: Vec<&Fault> = faults.iter().filter(|fault| is(fault, GRAVE)).collect();
        for (name, rule) in module.rules() {
            let todo = name.starts_with("todo_test_");
            if !todo && !name.starts_with("test_") {
                continue;
            }
            let lines = coverage::lines(module, rule);
            let inside = |fault: &&Fault| lines.contains(&fault.line);
            let refused: Vec<String> = grave
                .iter()
                .copied()
                .filter(inside)
                .map(|fault| format!("{}:{}: {}", fault.path, fault.line, fault.message))
                .collect();
            grave.retain(|fault| !inside(fault));
            let test = PlannedTest {
                pack: pack.to_owned(),
                package: module.package_name(),
                name: name.clone(),
                path: module.source.path.clone(),
                line: module.place(rule.span()).line,
                todo,
                refused: refused.join("; "),
                elsewhere: false,
            };
            tests.entry((test.package.clone(), name)).or_insert(test);
        }
        plan.faults.extend(grave.into_iter().cloned());
    }
    tests.into_values().collect()
}

/// Lets every package of a pack judge a document, whatever the status of its rules.
fn case(pack: &str, document: &[u8], review: &[u8], engines: &Engines, deadline: Deadline) -> TrialReport {
    let document = match Document::from_json(document).and_then(|document| document.with_review(review)) {
        Ok(document) => document,
        Err(why) => return failed(why),
    };
    let mut report = TrialReport { passed: true, ..TrialReport::default() };
    for (index, package) in engines.packages().enumerate().filter(|(_, package)| package.pack == pack) {
        let targets: Vec<Target> = match package.scope {
            super::Scope::Change => vec![Target::Change],
            super::Scope::File => (0_u32..).take(document.files()).map(Target::File).collect(),
            super::Scope::Review => vec![Target::Review],
            super::Scope::Document => document.targets_of(package),
        };
        for target in targets {
            if deadline.passed() {
                "judging all of it took too long".clone_into(&mut report.error);
                return report;
            }
            let (evaluation, covered) = match package.scope {
                super::Scope::Document => {
                    let covered = engines.covered_by_document(index, &document, target);
                    (engines.evaluate(index, &document, target, &BTreeSet::new()), covered)
                }
                _ => engines.rehearse(index, &document, target),
            };
            let ids = evaluation
                .results
                .into_iter()
                .filter_map(|result| Some((package.rules.get(result.rule as usize)?.id.to_string(), result)));
            report.results.extend(ids);
            report.faults.extend(evaluation.faults);
            report.prints.extend(evaluation.prints);
            for (path, lines) in covered {
                report.covered.entry(path).or_default().extend(lines);
            }
        }
    }
    report.prints = bounded(report.prints);
    report.faults.sort();
    report.faults.dedup();
    report
}
