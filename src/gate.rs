//! THE pipeline: collect, then decide; a dozen calls in the order of the flow.
//!
//! Owns nothing but the order. The only module that sees all the others. `collect` reads, `decide` is a pure function
//! of a [`SavedInput`], so that what was decided once can be decided again offline, byte for byte.

mod again;
mod beside;
mod cache;
mod collect;
mod coordinating;
mod decide;
mod described;
mod evaluation;
mod governed;
pub mod graph;
mod handover;
mod heard;
mod importing;
mod intent;
pub mod probing;
pub mod progress;
mod proposed;
mod reach;
mod reading;
mod redacting;
pub mod rehearsal;
mod review_input;
mod saved;
mod settled;
mod specified;
pub mod tracing;
pub mod trial;
mod twins;
mod unknown;
mod workshop;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::change::{Change, EntryKind, Environment, RangeRequest, Repository, Side};
use crate::coordination::Known;
use crate::error::Error;
use crate::facts::secrets::mask;
use crate::facts::source_text;
use crate::forge::{Asked, Neighbour};
use crate::imported::ImportFile;
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::policies::input::InputDocument;
use crate::review::state::ForgeFacts;
use crate::verdict::FailOn;
use crate::worker::protocol::Setup;
use crate::worker::{Supervisor, WorkerCommand};

pub use again::{AgainRequest, review_again};
use collect::{Collection, collect};
use progress::Progress;
use reading::Read;
pub use saved::{SCHEMA as SAVED_SCHEMA, SavedInput};
use specified::Specified;
pub use workshop::Gatehouse;

/// From where rules are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The merge base, as git objects.
    Base,
    /// The work tree; for authors at their desk, refused in CI.
    Worktree,
}

/// Whether and how the forge is asked.
#[derive(Clone)]
pub enum ForgeAccess<'a> {
    /// Not at all; this is what stands for its answer.
    Closed(ForgeFacts),
    /// By this, once, when it is known what must be asked. The number in the question is the callee's to fill in.
    Open(&'a dyn Fn(&Asked) -> ForgeFacts),
}

/// Asks a forge for the other open changes.
pub trait Neighbours {
    /// Returns the open changes into a branch, at most [`crate::forge::NEIGHBOURS`], those that changed last.
    ///
    /// # Errors
    /// With the reason, as a sentence.
    fn list(&self, target_branch: &str) -> Result<Vec<Neighbour>, String>;

    /// Returns the paths that one of them changes, and whether these are all.
    ///
    /// # Errors
    /// With the reason, as a sentence.
    fn paths(&self, number: u64) -> Result<(Vec<String>, bool), String>;
}

/// Where other open changes are looked for.
#[derive(Clone, Copy)]
pub enum OpenChanges<'a> {
    /// Nowhere.
    Closed,
    /// Among the branches of this clone: names, and patterns with `*`.
    Branches(&'a [String]),
    /// At the forge, once it has told about this change and where a rule looks at the others.
    Forge(&'a dyn Neighbours),
}

/// What one run is asked to do.
#[derive(Clone)]
pub struct CheckRequest<'a> {
    /// A folder of the repository.
    pub repository: PathBuf,
    /// Which change.
    pub range: RangeRequest,
    /// The process's environment: CI systems say there what they want judged.
    pub environment: Environment,
    /// From where rules are read.
    pub trust: Trust,
    /// Overrides the configuration's `fail-on`.
    pub fail_on: Option<FailOn>,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: String,
    /// Threads of the worker.
    pub threads: u32,
    /// How to start a worker.
    pub worker: WorkerCommand,
    /// Whether and how the forge is asked.
    pub forge: ForgeAccess<'a>,
    /// Where other open changes are looked for.
    pub others: OpenChanges<'a>,
    /// Files of other tools, in any order.
    pub imports: Vec<ImportFile>,
    /// A folder where what base sides say is kept between runs; whoever writes there can hide a finding.
    pub cache: Option<PathBuf>,
    /// Hears how far it has come.
    pub progress: &'a dyn Progress,
}

/// Collects and decides.
///
/// # Errors
/// When the command line, the repository or the base's configuration is wrong; everything else is a verdict.
pub fn check(request: &CheckRequest<'_>) -> Result<Outcome, Error> {
    Ok(decided(&mut collect(request)?))
}

/// Decides on what was collected; the texts of changed files are read when they are asked for.
fn decided(collection: &mut Collection) -> Outcome {
    let texts = RefCell::new(BTreeMap::new());
    let Collection { saved, specified, graphs, loaded, supervisor, repository, change, limits, redaction } = collection;
    let read = |path: &str| {
        let mut texts = texts.borrow_mut();
        let text = || {
            let text = text(change.as_ref()?, repository, path, limits)?;
            Some(redaction.text(&text).into_owned())
        };
        texts.entry(path.to_owned()).or_insert_with(text).clone()
    };
    decide::decide(saved, specified, graphs.as_ref(), loaded, supervisor, &read)
}

/// Collects, decides, and returns the arguments of the decision beside it, the texts of all changed files included.
///
/// # Errors
/// As [`check`].
pub fn check_and_save(request: &CheckRequest<'_>) -> Result<(Outcome, SavedInput), Error> {
    let mut collection = collect_with_texts(request)?;
    let Collection { saved, specified, graphs, loaded, supervisor, .. } = &mut collection;
    let outcome =
        decide::decide(saved, specified, graphs.as_ref(), loaded, supervisor, &|path| saved.texts.get(path).cloned());
    Ok((outcome, collection.saved))
}

/// Collects, the texts of all changed files included.
fn collect_with_texts(request: &CheckRequest<'_>) -> Result<Collection, Error> {
    let mut collection = collect(request)?;
    if let Some(change) = &collection.change {
        let paths: Vec<String> = collection.saved.input.files.iter().map(|file| file.path.clone()).collect();
        for path in paths {
            if let Some(text) = text(change, &collection.repository, &path, &collection.limits) {
                let text = collection.redaction.text(&text).into_owned();
                collection.saved.texts.insert(path, text);
            }
        }
    }
    Ok(collection)
}

/// Collects only: what policies would see.
///
/// # Errors
/// As [`check`].
pub fn facts(request: &CheckRequest<'_>) -> Result<InputDocument, Error> {
    Ok(collect(request)?.saved.input)
}

/// Decides again on a saved input.
#[must_use]
pub fn decide_again(saved: &SavedInput, worker: WorkerCommand, threads: u32) -> Outcome {
    let specified = Specified::of(saved.specification.as_ref(), &saved.configuration);
    let setup = Setup {
        threads,
        limits: saved.configuration.limits.clone(),
        policies: specified.with_policies(&saved.policies),
        code: Vec::new(),
        overrides: collect::overrides(&saved.configuration),
        // As `collect` sets it up, before the forge was asked; what its silence makes undecided, `decide` says.
        defer_forge: saved.forge == ForgeFacts::Local,
        others: saved.input.change.others.known != Known::No,
        tests: Vec::new(),
    };
    let mut supervisor = Supervisor::new(worker, setup);
    // Where nothing could be compared, `check` read no rules: neither may this.
    let compared = !saved.input.change.head.is_empty();
    let read = if compared { reading::load(&mut supervisor, &saved.configuration.limits) } else { Read::default() };
    let mut saved = saved.clone();
    let known = &saved.input.completeness.reasons;
    let new: Vec<_> = read.reasons.into_iter().filter(|reason| !known.contains(reason)).collect();
    saved.input.completeness.reasons.extend(new);
    let graphs = saved.imports.as_ref().map(reach::graphs);
    decide::decide(&saved, &specified, graphs.as_ref(), &read.loaded, &mut supervisor, &|path| {
        saved.texts.get(path).cloned()
    })
}

/// Returns a changed file's text: of head, or of the base when it was deleted; none for links and binary files.
fn text(change: &Change, repository: &Repository, path: &str, limits: &Limits) -> Option<String> {
    let file = change.files.iter().find(|file| file.path == path)?;
    side_text(change, repository, file.new.as_ref().or(file.old.as_ref())?, limits)
}

/// Returns the text of a changed file before and after.
fn both_texts(
    change: &Change,
    repository: &Repository,
    path: &str,
    limits: &Limits,
) -> (Option<String>, Option<String>) {
    let file = change.files.iter().find(|file| file.path == path);
    let of = |side: Option<&Side>| side_text(change, repository, side?, limits);
    (of(file.and_then(|file| file.old.as_ref())), of(file.and_then(|file| file.new.as_ref())))
}

fn side_text(change: &Change, repository: &Repository, side: &Side, limits: &Limits) -> Option<String> {
    let plain = matches!(side.kind, EntryKind::File | EntryKind::Executable);
    let bytes = if plain { change.blob(&repository.reader(), &side.id, limits).ok()? } else { return None };
    // Nobody outside of the worker sees the text as it is.
    Some(mask(&source_text(&bytes)).into_owned())
}
