//! Changed files -> facts, in the worker; the policies are loaded beside them.
//!
//! Owns which bytes are sent and what an unread file means. Must not interpret facts.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::change::{Change, ChangedFile, EntryKind, Reader, Repository, Side};
use crate::completeness::Reason;
use crate::configuration::Classifier;
use crate::facts::{FileFacts, ParseStatus, Parsed};
use crate::gate::cache::Cache;
use crate::gate::progress::Progress;
use crate::limits::Limits;
use crate::policies::Loaded;
use crate::policies::input::FileClass;
use crate::worker::Supervisor;
use crate::worker::protocol::{Answer, Blob, Death, ReadTask, Task};

/// What reading gave.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Facts by path.
    pub(super) facts: BTreeMap<String, FileFacts>,
    /// The loaded policies.
    pub(super) loaded: Loaded,
    /// What could not be read.
    pub(super) reasons: Vec<Reason>,
}

/// The id of the task that loads the policies; files count from 1.
const LOAD: u64 = 0;

/// Reads the facts of every changed file, biggest first, and loads the policies.
pub(super) fn read_files(
    change: &Change,
    repository: &Repository,
    classifier: &Classifier,
    limits: &Limits,
    supervisor: &mut Supervisor,
    cache: &mut Cache,
    progress: &dyn Progress,
) -> Read {
    let reader = repository.reader();
    let files = biggest_first(change, &reader);
    let unreadable = RefCell::new(Vec::new());
    let tasks =
        (1u64..).zip(&files).filter_map(|(id, file)| match read_task(change, file, &reader, classifier, limits) {
            Ok(task) => Some((id, Task::Read(with_known(task, file, cache)))),
            Err(reason) => {
                unreadable.borrow_mut().push(reason);
                None
            }
        });
    let mut answers: BTreeMap<u64, Result<Answer, Death>> = BTreeMap::new();
    progress.begin(files.len());
    let ended = supervisor.run(std::iter::once((LOAD, Task::Load)).chain(tasks), |id, answer| {
        progress.step();
        answers.insert(id, answer);
    });
    progress.end();
    let mut read = Read { reasons: unreadable.into_inner(), ..Read::default() };
    let missing: Vec<String> = read.reasons.iter().map(|reason| reason.path.raw().to_owned()).collect();
    match ended {
        Err(error) => read.reasons.push(worker_lost(&error.to_string())),
        Ok(()) => take_loaded(answers.remove(&LOAD), limits, &mut read),
    }
    for (id, file) in (1u64..).zip(&files) {
        match answers.remove(&id) {
            Some(mut answer) => {
                if let (Ok(Answer::Read(facts)), Some(old)) = (&mut answer, &file.old) {
                    cache.learn(&old.id, std::mem::take(&mut facts.learnt));
                }
                take_facts(file, classifier.classify(&file.path), answer, &mut read);
            }
            None if missing.contains(&file.path) => {}
            None => read.reasons.push(unread(&file.path)),
        }
    }
    read
}

/// Loads the policies and reads nothing.
pub(super) fn load(supervisor: &mut Supervisor, limits: &Limits) -> Read {
    let mut read = Read::default();
    let mut answered = None;
    match supervisor.run(std::iter::once((LOAD, Task::Load)), |_, answer| answered = Some(answer)) {
        Err(error) => read.reasons.push(worker_lost(&error.to_string())),
        Ok(()) => take_loaded(answered, limits, &mut read),
    }
    read
}

fn take_loaded(answer: Option<Result<Answer, Death>>, limits: &Limits, read: &mut Read) {
    match answer {
        Some(Ok(Answer::Loaded(loaded))) => read.loaded = loaded,
        Some(Err(death)) => read.reasons.push(Reason::new(
            "policies-not-loaded",
            format!("loading the policies ended with {death:?} (`load-ms` is {})", limits.load_ms),
            "look for deeply nested literals or endless rules in the policies; `portcullis policy check` will say more",
        )),
        _ => read.reasons.push(worker_lost("it gave no answer about the policies")),
    }
}

pub(super) fn worker_lost(why: &str) -> Reason {
    Reason::new("worker-lost", format!("the worker process could not do its work: {why}"), "run again; check memory")
}

fn unread(path: &str) -> Reason {
    Reason::new("file-not-read", "the worker gave no facts for this file", "run again; check memory").at(path)
}

/// Returns the files that have bytes to read, biggest first, so that no large file is left for the end.
fn biggest_first<'a>(change: &'a Change, reader: &Reader) -> Vec<&'a ChangedFile> {
    let size = |side: &Option<Side>| plain(side.as_ref()).map_or(0, |side| reader.blob_size(&side.id).unwrap_or(0));
    let mut files: Vec<(u64, &ChangedFile)> = change
        .files
        .iter()
        .filter(|file| plain(file.old.as_ref()).or(plain(file.new.as_ref())).is_some())
        .map(|file| (size(&file.old) + size(&file.new), file))
        .collect();
    files.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.path.cmp(&b.1.path)));
    files.into_iter().map(|(_, file)| file).collect()
}

/// Returns the side when it is a file; a link's or submodule's bytes are never read as code.
fn plain(side: Option<&Side>) -> Option<&Side> {
    side.filter(|side| matches!(side.kind, EntryKind::File | EntryKind::Executable))
}

fn read_task(
    change: &Change,
    file: &ChangedFile,
    reader: &Reader,
    classifier: &Classifier,
    limits: &Limits,
) -> Result<ReadTask, Reason> {
    let blob = |side: &Option<Side>, path: &str| match plain(side.as_ref()) {
        None => Ok(None),
        Some(side) => match change.blob(reader, &side.id, limits) {
            Ok(bytes) => Ok(Some(Blob { bytes })),
            Err(error) => Err(error.reason(path)),
        },
    };
    let (old, new) = (blob(&file.old, &file.path)?, blob(&file.new, &file.path)?);
    let classes = (classifier.classify(&file.old_path), classifier.classify(&file.path));
    let old = old.filter(|_| new.is_none() || !leaves_leniency(classes));
    Ok(ReadTask {
        path: file.path.clone(),
        old_path: file.old_path.clone(),
        class: classes.1,
        old,
        new,
        known: None,
        learn: false,
    })
}

/// Adds what an earlier run learnt from the base side, or asks for it.
fn with_known(task: ReadTask, file: &ChangedFile, cache: &Cache) -> ReadTask {
    let known = file.old.as_ref().filter(|_| task.old.is_some()).and_then(|old| cache.known(&old.id));
    let learn = cache.learns() && known.is_none();
    ReadTask { known: known.map(|bytes| Blob { bytes }), learn, ..task }
}

/// Says whether a file comes from where fewer rules hold than at its new place. What it holds was never held against
/// the rules, so all of it is new.
fn leaves_leniency((old, new): (FileClass, FileClass)) -> bool {
    let lenience = |class| match class {
        FileClass::Source => 0,
        FileClass::Config => 1,
        FileClass::Docs => 2,
        FileClass::Test => 3,
        FileClass::Generated | FileClass::Vendored => 4,
    };
    lenience(old) > lenience(new)
}

fn take_facts(file: &ChangedFile, class: FileClass, answer: Result<Answer, Death>, read: &mut Read) {
    match answer {
        Ok(Answer::Read(facts)) => {
            let at = |(code, message): &(String, String)| {
                Reason::new(code, message.clone(), remedy(class)).at(file.path.clone())
            };
            read.reasons.extend(facts.faults.iter().map(at));
            read.facts.insert(file.path.clone(), *facts);
        }
        Err(death) => {
            let (status, code, message) = match death {
                Death::Crash => (ParseStatus::Crash, "file-crash", "reading the file ended the worker process"),
                Death::Timeout => (ParseStatus::Timeout, "file-timeout", "reading the file did not end in time"),
                Death::Memory => (ParseStatus::Memory, "file-memory", "reading the file took too much memory"),
            };
            let parsed = Parsed { status, errors_in_change: false };
            read.facts.insert(file.path.clone(), FileFacts { parsed, ..FileFacts::unread() });
            read.reasons.push(Reason::new(code, message, remedy(class)).at(file.path.clone()));
        }
        Ok(_) => read.reasons.push(unread(&file.path)),
    }
}

fn remedy(class: FileClass) -> &'static str {
    match class {
        FileClass::Generated | FileClass::Vendored => "leave this file out of the change, or look at it by hand",
        FileClass::Source | FileClass::Test | FileClass::Config | FileClass::Docs => {
            "split the file, raise the limit, or declare it under `paths: {generated: [...]}` in the base's \
             .portcullis.yaml"
        }
    }
}
