//! What a traced rule looks at, one after the other, and why it does not look at the rest.
//!
//! Owns which files are asked about; what is looked at is what `evaluation` has judged.

use std::cmp::Reverse;

use crate::change::FileStatus;
use crate::documents::Format;
use crate::gate::evaluation::{judges, looked_at, touches, unread};
use crate::gate::probing::put;
use crate::policies::input::{FileClass, FileEntry, InputDocument};
use crate::policies::probe::{Probe, Probed};
use crate::policies::trace::{Clause, Look, TargetTrace, Tracing};
use crate::policies::{Loaded, Looks, Package, Scope};
use crate::worker::Supervisor;
use crate::worker::protocol::Target;

/// How many files are traced; more would keep their author waiting.
const FILES: usize = 200;

/// Traces the rule on everything that it looks at.
pub(super) fn trace(
    input: &InputDocument,
    loaded: &Loaded,
    (package, rule): (usize, usize),
    file: Option<u32>,
    supervisor: &mut Supervisor,
) -> Vec<TargetTrace> {
    let Some(of) = loaded.packages.get(package) else { return Vec::new() };
    let path = |index: u32| input.files.get(index as usize).map(|file| file.path.clone()).unwrap_or_default();
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut traced = Vec::new();
    for (target, index) in asked(of, input, file) {
        let one = TargetTrace { path: index.map(path).unwrap_or_default(), ..TargetTrace::default() };
        let entry = index.and_then(|index| input.files.get(index as usize));
        let why_not = match target {
            Target::File(_) => entry.map(|entry| not_judged(of, entry)).unwrap_or_default(),
            Target::Document(_) => entry.map(|entry| no_document(of, entry)).unwrap_or_default(),
            _ => String::new(),
        };
        if !why_not.is_empty() {
            traced.push(TargetTrace { why_not, ..one });
            continue;
        }
        let focus = index.map(path).filter(|_| !matches!(target, Target::File(_) | Target::Document(_)));
        let probe = Probe::Trace { package: number(package), rule: number(rule), target, focus };
        match put(supervisor, probe) {
            Ok(Probed::Trace(tracing)) => traced.extend(shown(&one, target, tracing)),
            Ok(Probed::Query(_)) => traced.push(one),
            Err(error) => traced.push(TargetTrace { why_not: error.title, ..one }),
        }
    }
    traced.sort_by_key(|one| (Reverse((one.results > 0, one.reach())), one.path.clone()));
    traced
}

/// Returns the targets of a rule, each with the file that is asked about.
fn asked(package: &Package, input: &InputDocument, file: Option<u32>) -> Vec<(Target, Option<u32>)> {
    let all = 0..u32::try_from(input.files.len()).unwrap_or(u32::MAX);
    let mut asked: Vec<(Target, Option<u32>)> = match package.scope {
        Scope::Change => vec![(Target::Change, file)],
        Scope::Review => vec![(Target::Review, file)],
        Scope::File => all
            .filter(|index| file.is_none_or(|file| file == *index))
            .map(|index| (Target::File(index), Some(index)))
            .collect(),
        Scope::Document if package.combine => {
            if touches(package, input) {
                vec![(Target::Combined, file)]
            } else {
                Vec::new()
            }
        }
        Scope::Document => match file {
            Some(index) => vec![(Target::Document(index), Some(index))],
            None => looked_at(package, input).map(|(index, _)| (Target::Document(index), Some(index))).collect(),
        },
    };
    asked.truncate(FILES);
    asked
}

/// Says why the files of a class are not judged; nothing where they are.
fn not_judged(package: &Package, file: &FileEntry) -> String {
    if judges(package, file.class) {
        return String::new();
    }
    let word = if file.class == FileClass::Vendored { "vendored" } else { "generated" };
    format!("the file is {word}: only packs about hidden code, secrets and the gate look at it")
}

/// Says why a file is not looked at as a document; nothing where it is.
fn no_document(package: &Package, file: &FileEntry) -> String {
    let why = not_judged(package, file);
    if !why.is_empty() {
        return why;
    }
    if file.status == FileStatus::Deleted {
        return "the change deletes it: only what stands at head is held against the rule".to_owned();
    }
    if let Some(why) = unread(file) {
        return format!("it could not be read as a document: {why}");
    }
    if Format::of(&file.path).is_none() {
        return "its name is of no format that is read as a document: see docs/conftest.md".to_owned();
    }
    if !Looks::of(package).at(&file.path) {
        return format!("`files:` of the entry under `policies:` leaves it out: {}", package.files.join(", "));
    }
    String::new()
}

/// Makes one entry of each thing that was looked at.
fn shown(target: &TargetTrace, kind: Target, tracing: Tracing) -> Vec<TargetTrace> {
    let failed = tracing.faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
    if tracing.looks.is_empty() {
        return vec![TargetTrace { why_not: failed, notes: tracing.notes, ..target.clone() }];
    }
    let (is_document, more) = (matches!(kind, Target::Document(_) | Target::Combined), tracing.more);
    let name = |look: &Look| match (kind, look.number) {
        (Target::Combined, _) => "all documents together".to_owned(),
        (_, 0) => String::new(),
        (_, number) => format!("document {number} of {}", look.of),
    };
    let mut notes = tracing.notes;
    if more > 0 {
        notes.push(format!("{more} more documents of the file were judged and are not shown"));
    }
    let made = |look: &Look| match is_document {
        true => look.came.len() as u64,
        false => look.clauses.iter().filter_map(made).sum(),
    };
    let one = |look: Look| TargetTrace {
        document: name(&look),
        results: made(&look),
        why_not: failed.clone(),
        clauses: look.clauses,
        came: look.came,
        notes: notes.clone(),
        ..target.clone()
    };
    tracing.looks.into_iter().map(one).collect()
}

/// Returns how many results a clause made: none where it stopped.
fn made(clause: &Clause) -> Option<u64> {
    if clause.made.is_empty() { None } else { clause.left }
}
