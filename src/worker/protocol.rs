//! What supervisor and worker say to each other.
//!
//! Owns the message types. A frame is a 4-byte little-endian length and that many bytes of postcard.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use super::confinement::{Confinement, Layer};
use crate::facts::{CodePatternSet, FileFacts, FileImports};
use crate::imported::{ReportTask, ToolReport};
use crate::limits::Limits;
use crate::policies::input::FileClass;
use crate::policies::probe::{Probe, Probed};
use crate::policies::trial::{TestPlan, Trial, TrialReport};
use crate::policies::{Evaluation, Loaded, PolicySet, PolicySource, RuleOverride};

/// What a worker needs before its first task.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Setup {
    /// Threads of the worker's pool.
    pub threads: u32,
    /// Budgets.
    pub limits: Limits,
    /// Policies and patterns.
    pub policies: PolicySet,
    /// What the rules of the specification look for in code.
    pub code: Vec<CodePatternSet>,
    /// What the configuration changes about rules, by rule id.
    pub overrides: BTreeMap<String, RuleOverride>,
    /// True at somebody's desk, where facts of the forge are not asked: rules that read them are not evaluated.
    pub defer_forge: bool,
    /// True when other open changes are known all the same: rules that read nothing else of the forge are evaluated.
    pub others: bool,
    /// Files `_test.rego`; only where their tests are to be run.
    pub tests: Vec<PolicySource>,
}

/// One side's bytes of a changed file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Blob {
    /// The bytes of the git object.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

/// Read the facts of one changed file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadTask {
    /// Path on the head side, in wire form.
    pub path: String,
    /// Path on the base side.
    pub old_path: String,
    /// What kind of file it is; `generated` and `vendored` files are only preflighted.
    pub class: FileClass,
    /// The base side, or none when added.
    pub old: Option<Blob>,
    /// The head side, or none when deleted.
    pub new: Option<Blob>,
    /// What an earlier run learnt from the very bytes of the base side, or none.
    pub known: Option<Blob>,
    /// True to return what the base side says, for later runs.
    pub learn: bool,
}

/// Read what one file of the repository imports.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportsTask {
    /// Its path, in wire form; it tells the language.
    pub path: String,
    /// Its bytes.
    pub blob: Blob,
}

/// What an evaluation looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Target {
    /// The whole document.
    Change,
    /// One file by its index in `files`.
    File(u32),
    /// The configuration document of one file, by its index in `files`: head against base.
    Document(u32),
    /// All configuration documents at once: head against base.
    Combined,
    /// The whole document and what everything else said.
    Review,
    /// A complete document of an empty change: can the package work at all?
    Empty,
}

/// How long a batch of evaluations goes on to the next target, in milliseconds.
pub const BATCH_MS: u64 = 1_000;

/// One unit of work; the unit of blame when the worker dies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Task {
    /// Read facts.
    Read(ReadTask),
    /// Read imports only.
    Imports(ImportsTask),
    /// Load and check all policies of the setup.
    Load,
    /// Evaluate one package, by its index in `Loaded::packages`. The worker may stop after [`BATCH_MS`] and leave out
    /// targets at the end, but never all of them.
    Evaluate {
        /// Index into `Loaded::packages`.
        package: u32,
        /// What it looks at, one evaluation each.
        targets: Vec<Target>,
    },
    /// Read all tests of the setup.
    Plan,
    /// Run one test or case.
    Try(Box<Trial>),
    /// Answer a question of an author.
    Probe(Box<Probe>),
    /// Read a file of another tool.
    Report(Box<ReportTask>),
}

impl Task {
    /// Returns about how many bytes it takes on the wire.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Read(task) => {
                let sides = [&task.old, &task.new, &task.known].into_iter().flatten().map(|blob| blob.bytes.len());
                sides.fold(512, usize::saturating_add)
            }
            Self::Imports(task) => task.blob.bytes.len().saturating_add(512),
            Self::Try(trial) => match trial.as_ref() {
                Trial::Test(_) => 64,
                Trial::Case { document, review, .. } => document.len().saturating_add(review.len()).saturating_add(512),
            },
            Self::Probe(probe) => match probe.as_ref() {
                Probe::Query { text, .. } => text.len().saturating_add(128),
                Probe::Trace { .. } => 512,
            },
            Self::Report(task) => task.bytes.len().saturating_add(512),
            Self::Load | Self::Evaluate { .. } | Self::Plan => 64,
        }
    }
}

/// The answer to one task.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// To `Task::Read`.
    Read(Box<FileFacts>),
    /// To `Task::Imports`.
    Imports(Box<FileImports>),
    /// To `Task::Load`.
    Loaded(Loaded),
    /// To `Task::Evaluate`: one a target, in their order, and how many microseconds all of them took.
    Evaluated(Vec<Evaluation>, u64),
    /// To `Task::Plan`.
    Planned(Box<TestPlan>),
    /// To `Task::Try`.
    Tried(Box<TrialReport>),
    /// To `Task::Probe`.
    Probed(Box<Probed>),
    /// To `Task::Report`.
    Reported(Box<ToolReport>),
}

/// Supervisor to worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// The first frame.
    Setup(Box<Setup>),
    /// The input document without its files, as JSON, in place of the one before; needed before `Task::Evaluate`.
    Document(#[serde(with = "serde_bytes")] Vec<u8>),
    /// More files of the document: the number of this part from 0, and a JSON list.
    Files(u32, #[serde(with = "serde_bytes")] Vec<u8>),
    /// What scope `review` adds to the document, as a JSON mapping; after the document and all its files.
    Review(#[serde(with = "serde_bytes")] Vec<u8>),
    /// A task under an id that the supervisor chose.
    Task(u64, Box<Task>),
}

/// Worker to supervisor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// What the worker has taken away from itself; before the first `Ready`, from a process of its own.
    Confined(Box<Confinement>),
    /// A `Setup`, a `Document`, `Files` or a `Review` have been taken; one reply each.
    Ready,
    /// The task has been taken up by a thread.
    Started(u64),
    /// The task is done.
    Finished(u64, Answer),
}

/// How an item that failed alone ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Death {
    /// The process died.
    Crash,
    /// It overran its time and was killed.
    Timeout,
    /// It overran its memory.
    Memory,
}
