//! What the worker does: facts of one file, loading of all policies, evaluation of one package.
//!
//! Owns the binding of tasks to the modules that perform them. Runs inside the worker.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::facts::{Extractor, check_patterns};
use crate::finding::RuleId;
use crate::policies::evaluate::{Document, Engines};
use crate::policies::{Evaluation, Fault, Loaded, loader};
use crate::worker::Workshop;
use crate::worker::protocol::{Answer, Setup, Target, Task};

/// The gate's workshop.
pub struct Gatehouse {
    setup: Setup,
    extractor: Extractor,
    policies: OnceLock<(Loaded, Engines)>,
    waiting: OnceLock<BTreeSet<RuleId>>,
    document: Option<Result<Document, String>>,
}

impl Gatehouse {
    /// Returns a workshop; policies are loaded when the first task asks for them.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let (extractor, _) = Extractor::new(&setup.limits, &setup.policies.patterns);
        Self { setup, extractor, policies: OnceLock::new(), waiting: OnceLock::new(), document: None }
    }

    fn policies(&self) -> &(Loaded, Engines) {
        self.policies.get_or_init(|| self.load())
    }

    /// Pattern files are part of what must be right: their faults stand beside those of the policies.
    fn load(&self) -> (Loaded, Engines) {
        let Setup { policies, overrides, limits, .. } = &self.setup;
        let (mut loaded, engines) = loader::load(policies, overrides, limits);
        loaded.faults.extend(check_patterns(&policies.patterns));
        loaded.faults.sort();
        loaded.faults.dedup();
        (loaded, engines)
    }

    /// Rules that read the forge wait where it was not asked.
    fn waiting(&self) -> &BTreeSet<RuleId> {
        let rules = || if self.setup.defer_forge { self.policies().0.reading_forge() } else { BTreeSet::new() };
        self.waiting.get_or_init(rules)
    }

    fn evaluate(&self, package: u32, target: Target) -> Evaluation {
        if target == Target::Empty {
            let faults = self.policies().1.self_check_of(package as usize);
            return Evaluation { results: Vec::new(), prints: Vec::new(), faults };
        }
        match &self.document {
            Some(Ok(document)) => self.policies().1.evaluate(package as usize, document, target, self.waiting()),
            Some(Err(message)) => faulty(message),
            None => faulty("no document was sent"),
        }
    }
}

impl Workshop for Gatehouse {
    fn document(&mut self, json: Vec<u8>) {
        self.document = Some(Document::from_json(&json));
    }

    fn perform(&self, task: &Task) -> Answer {
        match task {
            Task::Read(task) => Answer::Read(Box::new(self.extractor.read(task))),
            Task::Imports(task) => Answer::Imports(Box::new(self.extractor.imports(task))),
            Task::Load => Answer::Loaded(self.policies().0.clone()),
            Task::Evaluate { package, target } => Answer::Evaluated(self.evaluate(*package, *target)),
        }
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
