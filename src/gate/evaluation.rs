//! Packages over the document, in the worker: one task a package and target.
//!
//! Owns which package looks at which file. Must not interpret results.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::FileStatus;
use crate::completeness::Reason;
use crate::dependencies::{ReadStatus, recognise};
use crate::documents::Format;
use crate::finding::{RuleId, Status};
use crate::gate::decide::reason;
use crate::policies::Looks;
use crate::policies::input::{DocumentStatus, FileClass, FileEntry, InputDocument};
use crate::policies::{Evaluation, Loaded, Package, Rule, Scope};
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
    /// Microseconds by package; for people who ask what a rule costs, and for nothing else.
    micros: BTreeMap<u32, u64>,
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

    /// Returns how many microseconds each package took.
    pub(super) fn micros(&self, loaded: &Loaded) -> BTreeMap<String, u64> {
        let name = |index: u32| loaded.packages.get(index as usize).map(|package| package.name.clone());
        self.micros.iter().filter_map(|(index, micros)| Some((name(*index)?, *micros))).collect()
    }

    /// Takes the answer to a batch, and returns what must be asked again: targets for which there was no time, and one
    /// by one those of a batch that ended its process. Each round is smaller than the one before.
    fn settle(
        &mut self,
        (package, mut targets): Batch,
        answer: Option<Result<Answer, Death>>,
        input: &InputDocument,
        loaded: &Loaded,
    ) -> Vec<Batch> {
        let Some(of) = loaded.packages.get(package as usize) else { return Vec::new() };
        match answer {
            Some(Ok(Answer::Evaluated(said, micros))) if (1..=targets.len()).contains(&said.len()) => {
                let sum = self.micros.entry(package).or_default();
                *sum = sum.saturating_add(micros);
                let rest = targets.split_off(said.len());
                for (target, evaluation) in targets.into_iter().zip(said) {
                    self.take(of, (package, target), evaluation);
                }
                return if rest.is_empty() { Vec::new() } else { vec![(package, rest)] };
            }
            Some(Err(_)) if targets.len() > 1 => {
                return targets.into_iter().map(|target| (package, vec![target])).collect();
            }
            Some(Err(death)) => {
                self.reasons.extend(targets.into_iter().map(|target| stopped(of, target, input, death)));
            }
            Some(Ok(_)) | None => self.reasons.push(Reason::new(
                "policy-not-evaluated",
                format!("package {} was not evaluated", of.name),
                "run again; if it stays, report it as a defect of portcullis",
            )),
        }
        Vec::new()
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

/// Evaluates every package on every target it looks at, on the document that the worker has; `skip` holds the rules that wait for CI.
pub(super) fn evaluate(
    input: &InputDocument,
    loaded: &Loaded,
    skip: &BTreeSet<RuleId>,
    supervisor: &mut Supervisor,
) -> Evaluations {
    let mut evaluations = run(targets(input, loaded, skip), input, loaded, supervisor);
    // Where no document changed they looked at all that there was.
    let documents = (0u32..).zip(&loaded.packages).filter(|(_, package)| package.scope == Scope::Document);
    evaluations.ran.extend(documents.filter(|(_, package)| runs(package, skip)).map(|(index, _)| index));
    evaluations.reasons.extend(unread_documents(input, loaded, skip));
    evaluations.reasons.extend(unread_manifests(input, loaded, skip));
    without(evaluations, loaded, skip)
}

/// Takes out what rules said that wait for the forge: they saw a change of which nothing was known there.
fn without(mut evaluations: Evaluations, loaded: &Loaded, skip: &BTreeSet<RuleId>) -> Evaluations {
    for ((package, _), said) in &mut evaluations.by_target {
        let Some(package) = loaded.packages.get(*package as usize) else { continue };
        let waits = |rule: u32| package.rules.get(rule as usize).is_some_and(|rule| skip.contains(&rule.id));
        said.results.retain(|result| !waits(result.rule));
    }
    evaluations
}

/// Evaluates every package of scope `review`, on the document and what was added to it since.
pub(super) fn evaluate_review(
    input: &InputDocument,
    loaded: &Loaded,
    skip: &BTreeSet<RuleId>,
    supervisor: &mut Supervisor,
) -> Evaluations {
    let packages = (0u32..).zip(&loaded.packages);
    let asked = packages.filter(|(_, package)| package.scope == Scope::Review && runs(package, skip));
    let targets = asked.map(|(index, _)| (index, Target::Review)).collect();
    without(run(targets, input, loaded, supervisor), loaded, skip)
}

/// Says whether a package has a rule that runs and does not wait.
fn runs(package: &Package, skip: &BTreeSet<RuleId>) -> bool {
    package.rules.iter().any(|rule| rule.status.runs() && !skip.contains(&rule.id))
}

fn run(
    targets: Vec<(u32, Target)>,
    input: &InputDocument,
    loaded: &Loaded,
    supervisor: &mut Supervisor,
) -> Evaluations {
    let mut evaluations = Evaluations::default();
    let mut open = batches(targets);
    while !open.is_empty() {
        let tasks = (0u64..).zip(&open).map(|(id, (package, targets))| {
            let (package, targets) = (*package, targets.clone());
            (id, Task::Evaluate { package, targets })
        });
        let mut answers: BTreeMap<u64, Result<Answer, Death>> = BTreeMap::new();
        let ended = supervisor.run(tasks, |id, answer| {
            answers.insert(id, answer);
        });
        if let Err(error) = ended {
            evaluations.reasons.push(error.reason());
        }
        let answered = (0u64..).zip(open).map(|(id, batch)| (batch, answers.remove(&id)));
        open = answered.flat_map(|(batch, answer)| evaluations.settle(batch, answer, input, loaded)).collect();
    }
    evaluations
}

/// A package and what it looks at, one after the other.
type Batch = (u32, Vec<Target>);

/// The most targets of a batch: each task costs messages, which for a small policy cost more than itself.
const BATCH: usize = 64;

/// Says whether two targets may stand in one batch.
fn alike(a: Target, b: Target) -> bool {
    matches!((a, b), (Target::File(_), Target::File(_)) | (Target::Document(_), Target::Document(_)))
}

/// Puts targets of the same package together.
fn batches(targets: Vec<(u32, Target)>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for group in targets.chunk_by(|a, b| a.0 == b.0 && alike(a.1, b.1)) {
        // Enough batches for every thread to have some.
        let size = (group.len() / 8).clamp(1, BATCH);
        let list = |batch: &[(u32, Target)]| batch.iter().map(|(_, target)| *target).collect();
        batches.extend(group.chunks(size).filter_map(|batch| Some((batch.first()?.0, list(batch)))));
    }
    batches
}

/// Returns what each package looks at: an empty change first, then the change once, or each file that its pack may judge.
fn targets(input: &InputDocument, loaded: &Loaded, skip: &BTreeSet<RuleId>) -> Vec<(u32, Target)> {
    let mut targets = Vec::new();
    for (index, package) in (0u32..).zip(&loaded.packages) {
        if package.rules.iter().any(|rule| rule.status.runs()) {
            targets.push((index, Target::Empty));
        }
        if !runs(package, skip) {
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
            // Asked when everything else has been judged: see `review`.
            Scope::Review => {}
            Scope::Document if package.combine => {
                targets.extend(touches(package, input).then_some((index, Target::Combined)));
            }
            Scope::Document => {
                targets.extend(looked_at(package, input).map(|(file, _)| (index, Target::Document(file))));
            }
        }
    }
    targets
}

/// Returns the documents that a package of scope `document` looks at, by their index in the list of files.
pub(super) fn looked_at<'a>(
    package: &'a Package,
    input: &'a InputDocument,
) -> impl Iterator<Item = (u32, &'a FileEntry)> {
    let looks = Looks::of(package);
    let files = (0u32..).zip(&input.files).filter(|(_, file)| judges(package, file.class));
    files.filter(move |(_, file)| file.document_reading.head == DocumentStatus::Ok && looks.at(&file.path))
}

/// Says whether a document that a package looks at came, went or changed.
pub(super) fn touches(package: &Package, input: &InputDocument) -> bool {
    let looks = Looks::of(package);
    let read = |status| status == DocumentStatus::Ok;
    input.files.iter().any(|file| {
        let (head, base) = (read(file.document_reading.head), read(file.document_reading.base));
        judges(package, file.class) && ((head && looks.at(&file.path)) || (base && looks.at(&file.old_path)))
    })
}

/// Returns a reason for each document that could not be read and that a rule looks at.
fn unread_documents(input: &InputDocument, loaded: &Loaded, skip: &BTreeSet<RuleId>) -> Vec<Reason> {
    // What a rule that cannot gate would have said is no part of the decision.
    let gates = |rule: &Rule| rule.status == Status::Enforced && !skip.contains(&rule.id);
    let running: Vec<&Package> = loaded.packages.iter().filter(|package| package.rules.iter().any(gates)).collect();
    let looking: Vec<(&Package, Looks)> = running
        .iter()
        .filter(|package| package.scope == Scope::Document)
        .map(|package| (*package, Looks::of(package)))
        .collect();
    let reading = |rule: &Rule| rule.reads_documents && gates(rule);
    let reading: Vec<&&Package> = running.iter().filter(|package| package.rules.iter().any(reading)).collect();
    let mut reasons = Vec::new();
    for file in input.files.iter().filter(|file| file.status != FileStatus::Deleted) {
        let Some(why) = unread(file) else { continue };
        let looked = |(package, looks): &(&Package, Looks)| judges(package, file.class) && looks.at(&file.path);
        let anywhere = reading.iter().any(|package| judges(package, file.class));
        if anywhere || looking.iter().any(looked) {
            let format = Format::of(&file.path).map_or("", Format::word);
            let remedy = "mend the file; what is no document of its format can be left out with `files:` of the entry \
                          under `policies:`, or as `generated` under `paths:`";
            let message = format!("the policies cannot look at it: as {format}, {why}");
            reasons.push(Reason::new("document-unread", message, remedy).at(&file.path));
        }
    }
    reasons
}

/// Returns a reason for each manifest that could not be read while a rule that can gate asks what it says.
fn unread_manifests(input: &InputDocument, loaded: &Loaded, skip: &BTreeSet<RuleId>) -> Vec<Reason> {
    let asks = |rule: &Rule| rule.status == Status::Enforced && !skip.contains(&rule.id) && rule.reads_manifests;
    let asking: Vec<&Package> = loaded.packages.iter().filter(|package| package.rules.iter().any(asks)).collect();
    let mut reasons = Vec::new();
    for file in input.files.iter().filter(|file| file.status != FileStatus::Deleted) {
        let why = match file.manifest.reading {
            ReadStatus::Unreadable | ReadStatus::TooLarge if file.manifest.line == 0 => file.manifest.message.clone(),
            ReadStatus::Unreadable | ReadStatus::TooLarge => {
                format!("line {}: {}", file.manifest.line, file.manifest.message)
            }
            // What it leads to would be used under this name, and may name anything.
            ReadStatus::None if file.kind == "symlink" && recognise(&file.path).is_some() => {
                "it is a symbolic link".to_owned()
            }
            ReadStatus::None | ReadStatus::Ok => continue,
        };
        if asking.iter().any(|package| judges(package, file.class)) {
            let remedy = "mend the file; what is no manifest of this project can be declared `generated` or `vendored` \
                          under `paths:`";
            let message = format!("what it depends on is not known: {why}");
            reasons.push(Reason::new("manifest-unread", message, remedy).at(&file.path));
        }
    }
    reasons
}

/// Returns why a configuration file is not known as a document; nothing when it is, or is none.
pub(super) fn unread(file: &FileEntry) -> Option<String> {
    Format::of(&file.path)?;
    let reading = &file.document_reading;
    match reading.head {
        DocumentStatus::Unreadable | DocumentStatus::TooLarge if reading.line == 0 => Some(reading.message.clone()),
        DocumentStatus::Unreadable | DocumentStatus::TooLarge => {
            Some(format!("line {}: {}", reading.line, reading.message))
        }
        // What it leads to would be used under this name, and may have any other.
        DocumentStatus::None if file.kind == "symlink" => Some("it is a symbolic link".to_owned()),
        DocumentStatus::None | DocumentStatus::Ok => None,
    }
}

pub(super) fn judges(package: &Package, class: FileClass) -> bool {
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
        Target::Change | Target::Review | Target::Empty | Target::Combined => {
            package.rules.first().map(|rule| rule.path.clone()).unwrap_or_default()
        }
        Target::File(index) | Target::Document(index) => {
            input.files.get(index as usize).map(|file| file.path.clone()).unwrap_or_default()
        }
    };
    let rules: Vec<&str> = package.rules.iter().map(|rule| rule.id.as_str()).collect();
    Reason::new(
        code,
        format!("package {} {what} (rules {})", package.name, rules.join(", ")),
        "make the policy cheaper, or raise `limits: {evaluation-ms: ...}` in .portcullis.yaml",
    )
    .at(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::SourceKind;

    fn said(count: usize) -> Option<Result<Answer, Death>> {
        let one = Evaluation { results: Vec::new(), prints: vec!["said".to_owned()], faults: Vec::new() };
        Some(Ok(Answer::Evaluated(vec![one; count], 1)))
    }

    fn files(range: std::ops::Range<u32>) -> Vec<Target> {
        range.map(Target::File).collect()
    }

    fn settle(batch: Batch, answer: Option<Result<Answer, Death>>) -> (Evaluations, Vec<Batch>) {
        let (pack, name, scope) = ("own".to_owned(), "own".to_owned(), Scope::File);
        let package = Package {
            pack,
            name,
            scope,
            kind: SourceKind::Policy,
            rules: Vec::new(),
            combine: false,
            files: Vec::new(),
        };
        let loaded = Loaded { packages: vec![package], faults: Vec::new() };
        let mut evaluations = Evaluations::default();
        let input = InputDocument::nothing(crate::completeness::Completeness::of(Vec::new()));
        let open = evaluations.settle(batch, answer, &input, &loaded);
        (evaluations, open)
    }

    #[test]
    fn a_batch_holds_files_of_one_package_and_nothing_else() {
        let mut targets = vec![(0, Target::Empty), (0, Target::Change), (1, Target::Empty)];
        targets.extend(files(0..1000).into_iter().map(|target| (1, target)));
        let batches = batches(targets.clone());
        assert!(batches.iter().skip(3).all(|batch| batch.0 == 1 && (2..=BATCH).contains(&batch.1.len())));
        let flat =
            batches.into_iter().flat_map(|(package, list)| list.into_iter().map(move |target| (package, target)));
        assert_eq!(flat.collect::<Vec<_>>(), targets);
    }

    #[test]
    fn targets_without_an_answer_are_asked_again() {
        let (evaluations, open) = settle((0, files(0..5)), said(2));
        assert_eq!(evaluations.prints.len(), 2);
        assert_eq!(open, [(0, files(2..5))]);
        assert_eq!(settle((0, files(0..5)), said(5)).1, []);
    }

    #[test]
    fn a_batch_that_ends_its_process_is_asked_one_by_one_and_only_a_single_target_is_blamed() {
        let (evaluations, open) = settle((0, files(0..3)), Some(Err(Death::Crash)));
        assert!(evaluations.reasons.is_empty());
        assert_eq!(open, [(0, files(0..1)), (0, files(1..2)), (0, files(2..3))]);
        let (evaluations, open) = settle((0, files(0..1)), Some(Err(Death::Crash)));
        assert_eq!((evaluations.reasons.len(), open.len()), (1, 0));
        assert_eq!(evaluations.reasons[0].code, "policy-crash");
    }

    #[test]
    fn no_answer_too_many_or_none_inside_leave_a_reason() {
        for answer in [None, said(0), said(4)] {
            let (evaluations, open) = settle((0, files(0..3)), answer);
            assert_eq!((evaluations.reasons.len(), open.len()), (1, 0));
        }
    }
}
