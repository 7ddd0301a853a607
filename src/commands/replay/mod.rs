//! `replay`: what rules would have said about the changes of the past.
//!
//! Owns which changes are asked about, and asking several at a time.

mod page;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::change::{Landed, RangeError, Repository, Stretch, landed};
use crate::cli::check::ProgressChoice;
use crate::cli::replay::{ReplayArguments, ReplayFormat};
use crate::clock::{self, Stopwatch};
use crate::commands::check::threads;
use crate::commands::output::closed;
use crate::commands::page::print;
use crate::commands::progress::Bar;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::gate::progress::{Progress, Silent};
use crate::gate::trial::{Trial, TrialRequest};
use crate::limits::Limits;
use crate::replay::journal::Journal;
use crate::replay::{Answer, Past, Ruled, csv, report};
use crate::untrusted::{Untrusted, write_json};

/// Changes that are judged where nothing says how many.
const USUAL: usize = 100;

/// The exit code where the policies or the history could not be read.
const UNREAD: u8 = 4;

/// Runs `replay` and returns the exit code.
pub(super) fn run(arguments: &ReplayArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let watch = Stopwatch::start();
    let Some(changes) = changes(arguments, surroundings)? else { return Ok(UNREAD) };
    let Some(trial) = opened(arguments, None, surroundings)? else { return Ok(UNREAD) };
    let other = match &arguments.against {
        None => None,
        Some(revision) => match opened(arguments, Some(revision.clone()), surroundings)? {
            Some(trial) => Some((revision, trial)),
            None => return Ok(UNREAD),
        },
    };
    let mut journal = journal(arguments)?;
    let bar = Bar::of("replaying", "changes");
    let shown = arguments.progress == ProgressChoice::Auto && surroundings.watched;
    let progress: &dyn Progress = if shown { &bar } else { &Silent };
    let workers = arguments.threads.unwrap_or_else(threads) as usize;
    progress.begin(changes.len() * if other.is_some() { 2 } else { 1 });
    let now = judged(&trial, "the work tree", &changes, &mut journal, workers, progress)?;
    let before = other
        .as_ref()
        .map(|(revision, trial)| judged(trial, revision, &changes, &mut journal, workers, progress))
        .transpose()?;
    progress.end();
    let past: Vec<Past> = changes.iter().map(past).collect();
    let report = report(&tool(), &past, &now, before.as_ref(), arguments.examples);
    match arguments.format {
        ReplayFormat::Human => page::write(&report, watch.elapsed(), surroundings.width)?,
        ReplayFormat::Csv => print(&csv::render(&report))?,
        ReplayFormat::Json => {
            let mut out = std::io::stdout().lock();
            write_json(&report, &mut out).and_then(|()| out.flush()).or_else(closed)?;
        }
    }
    Ok(0)
}

fn tool() -> String {
    format!("portcullis {}", env!("CARGO_PKG_VERSION"))
}

/// Returns the changes that are asked for, newest first; none, with the reason told, when the clone lacks them.
fn changes(arguments: &ReplayArguments, surroundings: &Surroundings) -> Result<Option<Vec<Landed>>, Error> {
    let repository =
        Repository::open(&arguments.repo).map_err(|error| UsageError::new(error.to_string(), error.remedy()))?;
    let range = arguments.range.as_deref().unwrap_or("HEAD");
    let (after, until) = match range.split_once("..") {
        Some((after, until)) => (Some(after.to_owned()), until.trim_start_matches('.')),
        None => (None, range),
    };
    let until = if until.is_empty() { "HEAD" } else { until }.to_owned();
    let most = arguments.last.unwrap_or(if after.is_some() { usize::MAX } else { USUAL });
    match landed(&repository, &Stretch { after, until, most }, &Limits::default()) {
        Ok(changes) if changes.is_empty() => {
            Err(UsageError::new("there is no change to replay", "name a range of commits, or leave it out").into())
        }
        Ok(changes) => Ok(Some(changes)),
        Err(RangeError::Usage { message, help }) => Err(UsageError::new(message, help).into()),
        Err(RangeError::Undecided(reason)) => {
            surroundings.complain(&format!("{}\n  {}", reason.message.raw(), reason.remedy.raw()));
            Ok(None)
        }
    }
}

/// Opens the rules; none, with every fault told, when they are unfit.
fn opened(
    arguments: &ReplayArguments,
    revision: Option<String>,
    surroundings: &Surroundings,
) -> Result<Option<Trial>, Error> {
    let trial = Trial::open(TrialRequest {
        repository: arguments.repo.clone(),
        revision,
        policies: arguments.policies.clone(),
        packs: arguments.packs.clone(),
        worker: surroundings.worker(),
        as_of: arguments.as_of.clone().unwrap_or_else(clock::today),
    })?;
    for reason in &trial.reasons {
        let place = if reason.path.is_empty() { String::new() } else { format!("{}: ", reason.path.raw()) };
        surroundings.complain(&format!("{place}{} ({})", reason.message.raw(), reason.remedy.raw()));
    }
    Ok(trial.reasons.is_empty().then_some(trial))
}

fn journal(arguments: &ReplayArguments) -> Result<Journal, Error> {
    let Some(path) = &arguments.resume else { return Ok(Journal::none()) };
    Journal::open(path).map_err(|error| {
        let shown = Untrusted::new(path.display().to_string()).terminal();
        let help = "name a new file, or one that an earlier replay wrote";
        UsageError::new(format!("cannot go on from {shown}: {error}"), help).into()
    })
}

fn past(landed: &Landed) -> Past {
    Past {
        commit: landed.commit.clone(),
        date: clock::date_of(landed.time),
        subject: Untrusted::new(landed.subject.as_str()),
    }
}

/// What one change cost, by package.
type Micros = BTreeMap<String, u64>;

/// Asks about every change that the journal does not know, several at a time; the answers come in the changes' order.
fn judged<'t>(
    trial: &'t Trial,
    revision: &'t str,
    changes: &[Landed],
    journal: &mut Journal,
    workers: usize,
    progress: &dyn Progress,
) -> Result<Ruled<'t>, Error> {
    let mut answers: BTreeMap<usize, (Answer, Micros)> = BTreeMap::new();
    let mut open = Vec::new();
    for (at, landed) in changes.iter().enumerate() {
        match journal.known(&trial.digest, &landed.commit) {
            Some(known) => {
                progress.step();
                answers.insert(at, known.clone());
            }
            None => open.push((at, landed)),
        }
    }
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..workers.min(open.len()) {
            let (send, next, open) = (send.clone(), &next, &open);
            scope.spawn(move || {
                while let Some((at, landed)) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // Nobody listens any more when the journal could not be written.
                    if send.send((*at, trial.judge(landed))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        for (at, (answer, micros)) in receive {
            progress.step();
            if let Some(landed) = changes.get(at) {
                journal
                    .add(&trial.digest, &landed.commit, &answer, &micros)
                    .map_err(|source| Error::Output { target: "the file of --resume".to_owned(), source })?;
            }
            answers.insert(at, (answer, micros));
        }
        Ok::<(), Error>(())
    })?;
    let mut micros = Micros::new();
    for (package, took) in answers.values().flat_map(|(_, micros)| micros) {
        let sum = micros.entry(package.clone()).or_default();
        *sum = sum.saturating_add(*took);
    }
    let answers = answers.into_values().map(|(answer, _)| answer).collect();
    Ok(Ruled { loaded: &trial.loaded, digest: &trial.digest, revision, answers, micros })
}
