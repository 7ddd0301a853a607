//! Packages over the document, in the worker: one task a package and target.
//!
//! Owns which package looks at which file. Must not interpret results.

use std::collections::{BTreeMap, BTreeSet};

use crate::completeness::Reason;
use crate::finding::RuleId;
use crate::gate::decide::reason;
use crate::policies::input::{FileClass, InputDocument};
use crate::policies::{Evaluation, Loaded, Package, Scope};
use crate::untrusted::Untrusted;
use crate::worker::Supervisor;
use crate::worker::protocol::{Answer, Death, Target, Task};

/// The packs that look at generated and vendored files too; all others leave them alone.
pub(super) const EVERYWHERE: &[&str] = &["governance", "hidden-code", "secrets", "workflows"];

/// How many printed lines of policies are kept as notes.
const PRINTS: usize = 100;

/// What every package said, by package and target.
#[derive(Debug, Default)]
pub(super) struct Evaluations {
    by_target: BTreeMap<(u32, Target), Evaluation>,
    ran: BTreeSet<u32>,
    /// What could not be evaluated.
    pub(super) reasons: Vec<Reason>,
    /// What policies printed.
    pub(super) prints: Vec<Untrusted>,
}

impl Evaluations {
    /// Returns the packages that ran, by index.
    pub(super) fn packages(&self) -> impl Iterator<Item = u32> + '_ {
        self.ran.iter().copied()
    }

    /// Returns each evaluation with its package, in a fixed order.
    pub(super) fn of_packages<'a>(&'a self, loaded: &'a Loaded) -> Vec<(&'a Package, &'a Evaluation)> {
        let package = |index: u32| loaded.packages.get(index as usize);
        self.by_target.iter().filter_map(|((index, _), said)| Some((package(*index)?, said))).collect()
    }

    fn take(&mut self, package: &Package, key: (u32, Target), evaluation: Evaluation) {
        self.reasons.extend(evaluation.faults.iter().map(reason));
        if key.1 == Target::Empty {
            return;
        }
        let unknown = evaluation.results.iter().any(|result| result.rule as usize >= package.rules.len());
        if unknown {
            self.reasons.push(Reason::new(
                "worker-answer",
                format!("{} gave a result of a rule that it does not have", package.name),
                "report this as a defect of portcullis",
            ));
        }
        let room = PRINTS.saturating_sub(self.prints.len());
        self.prints.extend(evaluation.prints.iter().take(room).map(|text| Untrusted::new(format!("print {text}"))));
        self.ran.insert(key.0);
        self.by_target.insert(key, evaluation);
    }
}

/// Evaluates every package on every target it looks at; `skip` holds the rules that wait for CI.
pub(super) fn evaluate(
    input: &InputDocument,
    input_json: Vec<u8>,
    loaded: &Loaded,
    skip: &BTreeSet<RuleId>,
    supervisor: &mut Supervisor,
) -> Evaluations {
    let mut evaluations = Evaluations::default();
    let targets = targets(input, loaded, skip);
    if targets.is_empty() {
        return evaluations;
    }
    if let Err(error) = supervisor.document(input_json) {
        evaluations.reasons.push(error.reason());
        return evaluations;
    }
    let tasks = targets
        .iter()
        .enumerate()
        .map(|(id, (package, target))| (id as u64, Task::Evaluate { package: *package, target: *target }));
    let mut answers: BTreeMap<u64, Result<Answer, Death>> = BTreeMap::new();
    let ended = supervisor.run(tasks, |id, answer| {
        answers.insert(id, answer);
    });
    if let Err(error) = ended {
        evaluations.reasons.push(error.reason());
    }
    for (id, key) in targets.into_iter().enumerate() {
        let Some(package) = loaded.packages.get(key.0 as usize) else { continue };
        match answers.remove(&(id as u64)) {
            Some(Ok(Answer::Evaluated(evaluation))) => evaluations.take(package, key, evaluation),
            Some(Err(death)) => evaluations.reasons.push(stopped(package, key.1, input, death)),
            Some(Ok(_)) | None => evaluations.reasons.push(Reason::new(
                "policy-not-evaluated",
                format!("package {} was not evaluated", package.name),
                "run again; if it stays, report it as a defect of portcullis",
            )),
        }
    }
    evaluations
}

/// Returns what each package looks at: an empty change first, then the change once, or each file that its pack may judge.
fn targets(input: &InputDocument, loaded: &Loaded, skip: &BTreeSet<RuleId>) -> Vec<(u32, Target)> {
    let mut targets = Vec::new();
    for (index, package) in (0u32..).zip(&loaded.packages) {
        if package.rules.iter().any(|rule| rule.status.runs()) {
            targets.push((index, Target::Empty));
        }
        let runs = package.rules.iter().any(|rule| rule.status.runs() && !skip.contains(&rule.id));
        if !runs {
            continue;
        }
        match package.scope {
            Scope::Change => targets.push((index, Target::Change)),
            Scope::File => targets.extend(
                (0u32..)
                    .zip(&input.files)
                    .filter(|(_, file)| judges(package, file.class))
                    .map(|(file, _)| (index, Target::File(file))),
            ),
            // Refused at load until they work.
            Scope::Document | Scope::Review => {}
        }
    }
    targets
}

fn judges(package: &Package, class: FileClass) -> bool {
    match class {
        FileClass::Generated | FileClass::Vendored => EVERYWHERE.contains(&package.pack.as_str()),
        FileClass::Source | FileClass::Test | FileClass::Config | FileClass::Docs => true,
    }
}

fn stopped(package: &Package, target: Target, input: &InputDocument, death: Death) -> Reason {
    let (code, what) = match death {
        Death::Crash => ("policy-crash", "ended its process"),
        Death::Timeout => ("policy-timeout", "did not finish in time"),
        Death::Memory => ("policy-memory", "used more memory than allowed"),
    };
    let path = match target {
        Target::Change | Target::Empty => package.rules.first().map(|rule| rule.path.clone()).unwrap_or_default(),
        Target::File(index) => input.files.get(index as usize).map(|file| file.path.clone()).unwrap_or_default(),
    };
    let rules: Vec<&str> = package.rules.iter().map(|rule| rule.id.as_str()).collect();
    Reason::new(
        code,
        format!("package {} {what} (rules {})", package.name, rules.join(", ")),
        "make the policy cheaper, or raise `limits: {evaluation-ms: ...}` in .portcullis.yaml",
    )
    .at(path)
}
