//! Policies tried by their authors: self checks, unit tests and cases, in the worker.
//!
//! Owns how a case becomes a document, and what it means that a worker dies. Must not decide on a change.

mod stage;

use std::collections::{BTreeMap, BTreeSet};

use crate::configuration::Configuration;
use crate::facts::FileFacts;
use crate::limits::Limits;
use crate::policies::cases::{Case, Expected, means};
use crate::policies::inspect::within;
use crate::policies::trial::{PlannedTest, TestPlan, Trial, TrialReport};
use crate::policies::{Fault, PolicySet, PolicySource, loader};
use crate::worker::protocol::{Answer, Death, Setup, Target, Task};
use crate::worker::{Supervisor, WorkerCommand, WorkerError};

/// What is to be tried.
pub struct RehearsalRequest<'a> {
    /// Policies, data and patterns of all packs that run together.
    pub set: &'a PolicySet,
    /// Files `_test.rego` of the packs whose tests are run.
    pub tests: &'a [PolicySource],
    /// Cases of these packs.
    pub cases: &'a [Case],
    /// The policy folders whose tests are run, or of which a part is.
    pub packs: &'a [String],
    /// The folders in which a test or case must lie to be run.
    pub asked: &'a [String],
    /// Ids of rules of other packs that a case may name: nothing is asked about them.
    pub elsewhere: &'a BTreeSet<String>,
    /// The configuration of the repository: its limits.
    pub configuration: &'a Configuration,
    /// How to start a worker.
    pub worker: WorkerCommand,
    /// Threads of the worker.
    pub threads: u32,
    /// Says whether a test or case of that name is run.
    pub chosen: &'a dyn Fn(&str) -> bool,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// The test.
    pub test: PlannedTest,
    /// What came of it.
    pub report: TrialReport,
}

/// How a case ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseResult {
    /// The pack.
    pub pack: String,
    /// The folder, which is the name.
    pub folder: String,
    /// The name of the rule's folder.
    pub rule: String,
    /// What should have been found, and was not: rule, path, line.
    pub missing: Vec<(String, String, u32)>,
    /// What was found and should not have been: rule, path, line, message.
    pub unexpected: Vec<(String, String, u32, String)>,
    /// What came of it.
    pub report: TrialReport,
}

impl CaseResult {
    /// Says whether exactly the expected was found.
    #[must_use]
    pub fn passed(&self) -> bool {
        let sound = self.report.error.is_empty() && self.report.faults.is_empty();
        sound && self.missing.is_empty() && self.unexpected.is_empty()
    }
}

/// What all tests and cases gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// The tests that there are, and what stands in their way.
    pub plan: TestPlan,
    /// What is wrong with the policies: their cases were not run.
    pub faults: Vec<Fault>,
    /// The tests that were chosen.
    pub tests: Vec<TestResult>,
    /// The cases that were chosen and could be run.
    pub cases: Vec<CaseResult>,
    /// Lines that were evaluated, by file.
    pub covered: BTreeMap<String, BTreeSet<u32>>,
}

/// Runs all chosen tests and cases, each by itself.
///
/// # Errors
/// When the worker could not do its work at all.
pub fn rehearse(request: &RehearsalRequest<'_>) -> Result<Rehearsal, WorkerError> {
    let setup = Setup {
        threads: request.threads,
        limits: request.configuration.limits.clone(),
        policies: request.set.clone(),
        tests: request.tests.to_vec(),
        ..Setup::default()
    };
    let mut supervisor = Supervisor::new(request.worker.clone(), setup);
    let mut found = Rehearsal::default();
    let mut rules = BTreeSet::new();
    supervisor.run([(0, Task::Load), (1, Task::Plan)], |_, answer| match answer {
        Ok(Answer::Loaded(loaded)) => {
            let ids = loaded.packages.iter().flat_map(|package| &package.rules).map(|rule| rule.id.to_string());
            rules.extend(ids);
            found.faults.extend(loaded.faults);
        }
        Ok(Answer::Planned(plan)) => found.plan = *plan,
        Ok(_) | Err(_) => found.faults.push(fault("", 0, "load", "reading the policies ended their process")),
    })?;
    // A pack whose rules are all drafts is none that runs, and may be tested all the same.
    found.faults.retain(|fault| fault.code != loader::NO_POLICIES && concerns(request, fault));
    found.plan.faults.retain(|fault| concerns(request, fault));
    let unsound: BTreeSet<String> = found.faults.iter().map(|fault| fault.path.clone()).collect();
    // What cannot be parsed is told once, at the place that tells an author most.
    let told = |fault: &Fault| found.plan.faults.iter().any(|other| other.path == fault.path && *other != *fault);
    let parsed: Vec<Fault> =
        found.faults.iter().filter(|fault| !(fault.code.contains("syntax") && told(fault))).cloned().collect();
    found.faults = parsed;
    found.plan.faults.retain(|fault| !found.faults.contains(fault));
    let asked = |path: &str| request.asked.iter().any(|folder| within(path, folder));
    found.plan.bodies.retain(|body| asked(&body.path));
    found.plan.tests.iter_mut().for_each(|test| test.elsewhere = !asked(&test.path));
    found.plan.warnings.retain(|warning| asked(&warning.path));
    run_tests(request, &mut supervisor, &mut found)?;
    let sound = |case: &Case| !unsound.iter().any(|path| path.is_empty() || within(path, &case.pack));
    run_cases(request, &rules, &sound, &mut supervisor, &mut found)?;
    let reports = found.tests.iter().map(|test| &test.report).chain(found.cases.iter().map(|case| &case.report));
    for (path, lines) in reports.flat_map(|report| &report.covered) {
        found.covered.entry(path.clone()).or_default().extend(lines);
    }
    Ok(found)
}

/// Says whether a fault stands in a pack whose tests are run.
fn concerns(request: &RehearsalRequest<'_>, fault: &Fault) -> bool {
    fault.path.is_empty() || request.packs.iter().any(|pack| within(&fault.path, pack))
}

fn run_tests(
    request: &RehearsalRequest<'_>,
    supervisor: &mut Supervisor,
    found: &mut Rehearsal,
) -> Result<(), WorkerError> {
    let name = |test: &PlannedTest| format!("{}.{}", test.package, test.name);
    let chosen: Vec<(u32, &PlannedTest)> =
        (0_u32..).zip(&found.plan.tests).filter(|(_, test)| !test.elsewhere && (request.chosen)(&name(test))).collect();
    let runs = chosen.iter().filter(|(_, test)| !test.todo && test.refused.is_empty());
    let tasks: Vec<(u64, Task)> =
        runs.map(|(index, _)| (u64::from(*index), Task::Try(Box::new(Trial::Test(*index))))).collect();
    let mut reports: BTreeMap<u64, TrialReport> = BTreeMap::new();
    supervisor.run(tasks, |id, answer| {
        reports.insert(id, told(answer));
    })?;
    let results = chosen.into_iter().map(|(index, test)| {
        let refused = || TrialReport { error: test.refused.clone(), ..TrialReport::default() };
        TestResult { test: test.clone(), report: reports.remove(&u64::from(index)).unwrap_or_else(refused) }
    });
    found.tests = results.collect();
    Ok(())
}

fn told(answer: Result<Answer, Death>) -> TrialReport {
    let error = match answer {
        Ok(Answer::Tried(report)) => return *report,
        Ok(_) => "it was not run",
        Err(Death::Crash) => "it ended its process; look for a function that calls itself",
        Err(Death::Timeout) => "it did not end in time; a builtin over very many values cannot be stopped",
        Err(Death::Memory) => "it used more memory than allowed (`limits: worker-bytes`)",
    };
    TrialReport { error: error.to_owned(), ..TrialReport::default() }
}

fn run_cases(
    request: &RehearsalRequest<'_>,
    rules: &BTreeSet<String>,
    sound: &dyn Fn(&Case) -> bool,
    supervisor: &mut Supervisor,
    found: &mut Rehearsal,
) -> Result<(), WorkerError> {
    let chosen: Vec<&Case> = request
        .cases
        .iter()
        .filter(|case| {
            request.asked.iter().any(|folder| within(&case.folder, folder))
                && (request.chosen)(&case.folder)
                && sound(case)
        })
        .collect();
    // A case says by itself what its files are, and stays true when the repository declares other folders.
    let classifier = Configuration::default().classifier();
    let files: Vec<(usize, usize)> =
        chosen.iter().enumerate().flat_map(|(at, case)| (0..case.files.len()).map(move |file| (at, file))).collect();
    let tasks = (0_u64..).zip(&files).filter_map(|(id, (at, file))| {
        let file = chosen.get(*at)?.files.get(*file)?;
        Some((id, Task::Read(stage::read_task(file, &classifier)?)))
    });
    let mut facts: BTreeMap<(usize, String), FileFacts> = BTreeMap::new();
    let mut unread: BTreeMap<usize, String> = BTreeMap::new();
    supervisor.run(tasks, |id, answer| {
        let place = usize::try_from(id).ok().and_then(|id| files.get(id));
        let Some((at, file)) = place.and_then(|(at, file)| Some((*at, chosen.get(*at)?.files.get(*file)?))) else {
            return;
        };
        match answer {
            Ok(Answer::Read(read)) => {
                facts.insert((at, file.path.clone()), *read);
            }
            Ok(_) | Err(_) => {
                unread.insert(at, format!("reading {} ended the worker", file.path));
            }
        }
    })?;
    let mut tasks = Vec::new();
    for (at, case) in chosen.iter().enumerate() {
        let own =
            case.files.iter().filter_map(|file| Some((file.path.clone(), facts.remove(&(at, file.path.clone()))?)));
        match stage::documents(case, own.collect(), &classifier) {
            Ok((document, review)) => {
                let trial = Trial::Case { pack: case.pack.clone(), document, review };
                tasks.push((at as u64, Task::Try(Box::new(trial))));
            }
            Err(why) => {
                unread.insert(at, why);
            }
        }
    }
    let mut reports: BTreeMap<usize, TrialReport> = BTreeMap::new();
    supervisor.run(tasks, |id, answer| {
        reports.insert(usize::try_from(id).unwrap_or(usize::MAX), told(answer));
    })?;
    for (at, case) in chosen.iter().enumerate() {
        let mut report = reports.remove(&at).unwrap_or_default();
        if let Some(why) = unread.remove(&at) {
            report.error = why;
        }
        found.cases.push(compared(case, report, rules, request.elsewhere));
    }
    Ok(())
}

/// Holds what was found against what must be.
fn compared(
    case: &Case,
    mut report: TrialReport,
    rules: &BTreeSet<String>,
    elsewhere: &BTreeSet<String>,
) -> CaseResult {
    let mut result = CaseResult {
        pack: case.pack.clone(),
        folder: case.folder.clone(),
        rule: case.rule.clone(),
        ..CaseResult::default()
    };
    let known = |name: &str| rules.iter().any(|id| means(name, id));
    let of_others = |name: &str| elsewhere.iter().any(|id| means(name, id));
    let mut expected: Vec<&Expected> = Vec::new();
    for one in &case.expected {
        if known(&one.rule) {
            expected.push(one);
        } else if !of_others(&one.rule) && report.error.is_empty() {
            report.error = format!("it expects `{}`, which is no rule here", one.rule);
        }
    }
    if !known(&case.rule) && report.error.is_empty() {
        report.error = format!("it belongs to no rule: none has an id that ends in `/{}`", case.rule);
    }
    if report.error.is_empty() {
        let fits = |one: &Expected, id: &str, path: &str, line: u32| {
            means(&one.rule, id) && one.path == path && one.line == line
        };
        for one in &expected {
            if !report.results.iter().any(|(id, said)| fits(one, id, &said.path, said.line)) {
                // Rules of several packs may end alike: first what this case made fire, then what its own folder is called.
                let own = format!("{}/", case.pack.rsplit('/').next().unwrap_or(&case.pack));
                let fired = report.results.iter().map(|(id, _)| id);
                let named = fired.chain(rules.iter().filter(|id| id.starts_with(&own))).chain(rules);
                let id = named.into_iter().find(|id| means(&one.rule, id)).unwrap_or(&one.rule);
                result.missing.push((id.clone(), one.path.clone(), one.line));
            }
        }
        for (id, said) in &report.results {
            if !expected.iter().any(|one| fits(one, id, &said.path, said.line)) {
                result.unexpected.push((id.clone(), said.path.clone(), said.line, said.message.clone()));
            }
        }
        result.unexpected.sort();
    }
    result.report = report;
    result
}

/// Loads all policies and lets each package judge an empty change, as a run does first.
///
/// # Errors
/// When the worker could not do its work at all.
pub fn self_check(set: &PolicySet, limits: &Limits, worker: WorkerCommand) -> Result<Vec<Fault>, WorkerError> {
    let setup = Setup { threads: 1, limits: limits.clone(), policies: set.clone(), ..Setup::default() };
    let mut supervisor = Supervisor::new(worker, setup);
    let mut faults = Vec::new();
    let mut packages = Vec::new();
    supervisor.run([(0, Task::Load)], |_, answer| match answer {
        Ok(Answer::Loaded(loaded)) => {
            faults.extend(loaded.faults);
            packages = loaded.packages;
        }
        Ok(_) | Err(_) => faults.push(fault("", 0, "load", "loading the policies ended their process")),
    })?;
    let tasks = (0_u32..)
        .zip(&packages)
        .map(|(package, _)| (u64::from(package), Task::Evaluate { package, targets: vec![Target::Empty] }));
    let mut answers = Vec::new();
    supervisor.run(tasks.collect::<Vec<_>>(), |id, answer| answers.push((id, answer)))?;
    for (id, answer) in answers {
        let rule = usize::try_from(id).ok().and_then(|id| packages.get(id)?.rules.first());
        let (path, line) = rule.map_or(("", 0), |rule| (rule.path.as_str(), rule.line));
        match answer {
            Ok(Answer::Evaluated(evaluations, _)) => faults.extend(evaluations.into_iter().flat_map(|of| of.faults)),
            Ok(_) | Err(_) => faults.push(fault(path, line, "self-check", "on an empty change it ends its process")),
        }
    }
    faults.retain(|fault| fault.code != loader::NO_POLICIES);
    faults.sort();
    faults.dedup();
    Ok(faults)
}

fn fault(path: &str, line: u32, code: &str, message: &str) -> Fault {
    Fault {
        path: path.to_owned(),
        line,
        column: 0,
        code: code.to_owned(),
        message: message.to_owned(),
        hint: "look for recursion and for loops over loops".to_owned(),
    }
}
