//! What the worker does: facts of one file, loading of all policies, evaluation of one package.
//!
//! Owns the binding of tasks to the modules that perform them. Runs inside the worker.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::clock::{Deadline, Stopwatch};
use crate::facts::{Extractor, check_patterns};
use crate::finding::RuleId;
use crate::imported;
use crate::policies::bench::TestBench;
use crate::policies::evaluate::{Document, Engines, Files};
use crate::policies::probe::{Found, Probe, Probed};
use crate::policies::query::query;
use crate::policies::trace::Tracing;
use crate::policies::{Evaluation, Fault, Loaded, loader, packs};
use crate::worker::Workshop;
use crate::worker::protocol::{Answer, BATCH_MS, Setup, Target, Task};

/// The gate's workshop.
pub struct Gatehouse {
    setup: Setup,
    extractor: Extractor,
    pattern_faults: Vec<Fault>,
    policies: OnceLock<(Loaded, Engines)>,
    waiting: OnceLock<BTreeSet<RuleId>>,
    draft: Option<Draft>,
    bench: OnceLock<TestBench>,
}

/// The input document, put together from its parts when the first evaluation asks for it.
#[derive(Default)]
struct Draft {
    head: Vec<u8>,
    parts: Mutex<BTreeMap<u32, Result<Files, String>>>,
    document: OnceLock<Result<Document, String>>,
    review: Vec<u8>,
    reviewed: OnceLock<Result<Document, String>>,
}

impl Draft {
    fn document(&self) -> &Result<Document, String> {
        self.document.get_or_init(|| {
            let parts = std::mem::take(&mut *self.parts.lock().unwrap_or_else(PoisonError::into_inner));
            Document::from_parts(&self.head, parts.into_values())
        })
    }

    /// Returns the document with what scope `review` adds.
    fn reviewed(&self) -> &Result<Document, String> {
        self.reviewed.get_or_init(|| match self.document() {
            Ok(document) => document.with_review(&self.review),
            Err(message) => Err(message.clone()),
        })
    }
}

impl Gatehouse {
    /// Returns a workshop; policies are loaded when the first task asks for them.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let (extractor, pattern_faults) = Extractor::new(&setup.limits, &setup.policies.patterns);
        let extractor = extractor.with_code(&setup.code);
        Self {
            setup,
            extractor,
            pattern_faults,
            policies: OnceLock::new(),
            waiting: OnceLock::new(),
            draft: None,
            bench: OnceLock::new(),
        }
    }

    fn bench(&self) -> &TestBench {
        let Setup { policies, tests, limits, .. } = &self.setup;
        self.bench.get_or_init(|| TestBench::new(&policies.policies, tests, &policies.data, limits))
    }

    fn policies(&self) -> &(Loaded, Engines) {
        self.policies.get_or_init(|| self.load())
    }

    /// Pattern files are part of what must be right: their faults stand beside those of the policies. Rules of foreign
    /// files are compiled for that whatever languages the change is in; those that ship, when a file needs them.
    fn load(&self) -> (Loaded, Engines) {
        let Setup { policies, overrides, limits, .. } = &self.setup;
        let (mut loaded, engines) = loader::load(policies, overrides, limits);
        let foreign: Vec<_> = policies.patterns.iter().filter(|source| !packs::ships(source)).cloned().collect();
        loaded.faults.extend(self.pattern_faults.iter().cloned().chain(check_patterns(&foreign)));
        loaded.faults.sort();
        loaded.faults.dedup();
        (loaded, engines)
    }

    /// Rules that read the forge wait where it was not asked.
    fn waiting(&self) -> &BTreeSet<RuleId> {
        let rules = || {
            if self.setup.defer_forge { self.policies().0.reading_forge(self.setup.others) } else { BTreeSet::new() }
        };
        self.waiting.get_or_init(rules)
    }

    /// Evaluates target after target until the time of a batch is over, at least one.
    fn evaluate_all(&self, package: u32, targets: &[Target]) -> Vec<Evaluation> {
        let deadline = Deadline::after_ms(BATCH_MS);
        let mut evaluations = Vec::with_capacity(targets.len());
        for target in targets {
            evaluations.push(self.evaluate(package, *target));
            if deadline.passed() {
                break;
            }
        }
        evaluations
    }

    fn probe(&self, probe: &Probe) -> Probed {
        let document = match probe {
            Probe::Trace { target: Target::Review, .. } => Draft::reviewed,
            Probe::Query { .. } | Probe::Trace { .. } => Draft::document,
        };
        let document = match self.draft.as_ref().map(document) {
            Some(Ok(document)) => document,
            Some(Err(message)) => return unanswered(probe, message),
            None => return unanswered(probe, "no document was sent"),
        };
        let Setup { policies, limits, .. } = &self.setup;
        match probe {
            Probe::Query { text, target } => Probed::Query(query(policies, limits, text, document, *target)),
            Probe::Trace { package, rule, target, focus } => {
                let at = (*package as usize, *rule as usize);
                Probed::Trace(self.policies().1.trace(policies, at, document, *target, focus.as_deref()))
            }
        }
    }

    fn evaluate(&self, package: u32, target: Target) -> Evaluation {
        if target == Target::Empty {
            let faults = self.policies().1.self_check_of(package as usize);
            return Evaluation { results: Vec::new(), prints: Vec::new(), faults };
        }
        let document = if target == Target::Review { Draft::reviewed } else { Draft::document };
        match self.draft.as_ref().map(document) {
            Some(Ok(document)) => self.policies().1.evaluate(package as usize, document, target, self.waiting()),
            Some(Err(message)) => faulty(message),
            None => faulty("no document was sent"),
        }
    }
}

impl Workshop for Gatehouse {
    fn document(&mut self, json: Vec<u8>) {
        self.draft = Some(Draft { head: json, ..Draft::default() });
    }

    fn files(&self, part: u32, json: Vec<u8>) {
        let files = Files::from_json(&json);
        if let Some(draft) = &self.draft {
            draft.parts.lock().unwrap_or_else(PoisonError::into_inner).insert(part, files);
        }
    }

    fn review(&mut self, json: Vec<u8>) {
        if let Some(draft) = &mut self.draft {
            draft.review = json;
            draft.reviewed = OnceLock::new();
        }
    }

    fn perform(&self, task: &Task) -> Answer {
        match task {
            Task::Read(task) => Answer::Read(Box::new(self.extractor.read(task))),
            Task::Imports(task) => Answer::Imports(Box::new(self.extractor.imports(task))),
            Task::Load => Answer::Loaded(self.policies().0.clone()),
            Task::Evaluate { package, targets } => {
                let watch = Stopwatch::start();
                let said = self.evaluate_all(*package, targets);
                Answer::Evaluated(said, u64::try_from(watch.elapsed().as_micros()).unwrap_or(u64::MAX))
            }
            Task::Plan => Answer::Planned(Box::new(self.bench().plan().clone())),
            Task::Try(trial) => Answer::Tried(Box::new(self.bench().run(trial, &self.policies().1))),
            Task::Probe(probe) => Answer::Probed(Box::new(self.probe(probe))),
            Task::Report(task) => Answer::Reported(Box::new(imported::read(task, &self.setup.limits))),
        }
    }
}

fn unanswered(probe: &Probe, message: &str) -> Probed {
    let faults = faulty(message).faults;
    match probe {
        Probe::Query { .. } => Probed::Query(Found { faults, ..Found::default() }),
        Probe::Trace { .. } => Probed::Trace(Tracing { faults, ..Tracing::default() }),
    }
}

fn faulty(message: &str) -> Evaluation {
    let fault = Fault {
        path: String::new(),
        line: 0,
        column: 0,
        code: "input-document".to_owned(),
        message: message.to_owned(),
        hint: "report this as a defect of portcullis".to_owned(),
    };
    Evaluation { results: Vec::new(), prints: Vec::new(), faults: vec![fault] }
}
