//! The supervisor's side: streams tasks to the worker, and finds out who is to blame when it dies.
//!
//! Owns the window and the blame. An item that had started when a worker died is only a suspect: it runs again alone,
//! in a fresh process, under the same limits, and only what fails alone is recorded. So the blame depends neither on
//! the number of threads nor on the order of the tasks.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::command::WorkerCommand;
use super::frame::{self, FrameError};
use super::job::Job;
use super::process::{Frame, MAX_ITEMS, Turn, WorkerProcess};
use super::protocol::{Answer, Confinement, Death, Request, Setup, Task};
use crate::completeness::Reason;
use crate::facts::ParseStatus;
use crate::policies::Fault;

/// Bytes of tasks that are with the worker at a time; the last one may go over.
const WINDOW_BYTES: usize = 8 << 20;

/// How many items may fail alone before the whole run is given up. Each costs up to its time limit.
const MAX_FATAL: u32 = 100;

/// How many items a supervisor runs again alone because they ran out of time beside others.
const MAX_HURRIED: u32 = 50;

/// Why the worker could not do its work at all: the whole run is undecided.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The executable could not be started.
    #[error("the worker {program} could not be started: {source}", program = program.display())]
    Spawn {
        /// The executable.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A fresh process ended before it could take a task.
    #[error("a fresh worker did not get ready ({0:?})")]
    NotReady(Death),
    /// More items than the bound ended a process of their own.
    #[error("more than {MAX_FATAL} items ended their worker")]
    TooManyDeaths,
    /// The setup or the document does not fit a frame.
    #[error("what the worker needs cannot be sent: {0}")]
    Unsendable(#[source] FrameError),
}

impl WorkerError {
    /// Returns the reason under which the whole run is undecided.
    #[must_use]
    pub fn reason(&self) -> Reason {
        let (code, remedy) = match self {
            Self::Spawn { .. } => ("worker-missing", "check that the portcullis executable can be run from here"),
            Self::NotReady(_) => {
                ("worker-not-ready", "raise `limits: {worker-bytes, load-ms}` in the base configuration")
            }
            Self::TooManyDeaths => {
                ("worker-deaths", "look at the files reported as crash, timeout or memory; split the change")
            }
            Self::Unsendable(_) => ("worker-unsendable", "split the change"),
        };
        Reason::new(code, self.to_string(), remedy)
    }
}

/// An item that has been sent and not delivered.
struct Item {
    /// The caller's id.
    id: u64,
    /// Our own, never used twice, so that a late reply cannot be taken for another item's.
    ticket: u64,
    job: Job,
    frame: Frame,
}

/// Runs tasks in a worker process that it replaces when it dies, and kills when dropped.
pub struct Supervisor {
    command: WorkerCommand,
    setup: Setup,
    document: Vec<Frame>,
    company: Option<WorkerProcess>,
    outstanding: BTreeMap<u64, Item>,
    outstanding_bytes: usize,
    next_ticket: u64,
    fatal: u32,
    hurried: u32,
}

impl Supervisor {
    /// Returns a supervisor; the process starts with the first task.
    #[must_use]
    pub fn new(command: WorkerCommand, setup: Setup) -> Self {
        Self {
            command,
            setup,
            document: Vec::new(),
            company: None,
            outstanding: BTreeMap::new(),
            outstanding_bytes: 0,
            next_ticket: 0,
            fatal: 0,
            hurried: 0,
        }
    }

    /// Starts the process, so that it gets ready while its first task is being made.
    pub fn begin(&mut self) {
        // Where that fails, the first task says so.
        self.company = self.company.take().or_else(|| self.spawn(self.setup.threads).ok());
    }

    /// Returns what the process has taken away from itself, or none where none runs or it has not said so yet.
    #[must_use]
    pub fn confinement(&self) -> Option<&Confinement> {
        self.company.as_ref().and_then(WorkerProcess::confinement)
    }

    /// Keeps the input document (JSON, without its files) for every `Task::Evaluate` that follows, also in workers that
    /// start later. The one before is forgotten.
    ///
    /// # Errors
    /// When it does not fit a frame.
    pub fn document(&mut self, json: Vec<u8>) -> Result<(), WorkerError> {
        self.document.clear();
        let size = json.len();
        self.prepare(&Request::Document(json), size)
    }

    /// Keeps more files of the input document, a JSON list.
    ///
    /// # Errors
    /// When they do not fit a frame.
    pub fn files(&mut self, json: Vec<u8>) -> Result<(), WorkerError> {
        let size = json.len();
        let part = u32::try_from(self.document.len().saturating_sub(1)).unwrap_or(u32::MAX);
        self.prepare(&Request::Files(part, json), size)
    }

    /// Keeps what scope `review` adds to the document (JSON) for every `Target::Review` that follows.
    ///
    /// # Errors
    /// When it does not fit a frame.
    pub fn review(&mut self, json: Vec<u8>) -> Result<(), WorkerError> {
        let size = json.len();
        self.prepare(&Request::Review(json), size)
    }

    fn prepare(&mut self, request: &Request, size: usize) -> Result<(), WorkerError> {
        let frame = frame::encode(request, size.saturating_add(64)).map_err(WorkerError::Unsendable)?;
        let frame = Arc::new(frame);
        if let Some(company) = &mut self.company {
            company.prepare(Arc::clone(&frame));
        }
        self.document.push(frame);
        Ok(())
    }

    /// Runs all tasks and delivers each answer, or how the item died, once and in no particular order.
    ///
    /// Tasks are taken from the iterator as the worker has room, so their bytes are in memory only for a while. After
    /// an error nothing more is delivered and the run as a whole is undecided.
    pub fn run(
        &mut self,
        tasks: impl IntoIterator<Item = (u64, Task)>,
        mut deliver: impl FnMut(u64, Result<Answer, Death>),
    ) -> Result<(), WorkerError> {
        self.forget_abandoned_run();
        let mut tasks = tasks.into_iter().fuse();
        loop {
            self.fill(&mut tasks, &mut deliver)?;
            let Some(company) = self.company.as_mut().filter(|_| !self.outstanding.is_empty()) else { return Ok(()) };
            match company.next_turn() {
                Turn::Finished(ticket, answer) => {
                    let Some(item) = self.settle(ticket) else { continue };
                    let result = if self.deserves_quiet(&answer) { self.run_alone(&item)? } else { Ok(answer) };
                    deliver(item.id, result);
                }
                Turn::Lost(death) => {
                    for item in self.suspects(death)? {
                        deliver(item.id, self.run_alone(&item)?);
                    }
                }
            }
        }
    }

    /// Ends a worker that still has tasks of a run that ended early.
    fn forget_abandoned_run(&mut self) {
        self.outstanding.clear();
        self.outstanding_bytes = 0;
        if self.company.as_ref().is_some_and(|company| !company.is_idle()) {
            self.company = None;
        }
    }

    /// Sends tasks while the window is open.
    fn fill(
        &mut self,
        tasks: &mut impl Iterator<Item = (u64, Task)>,
        deliver: &mut impl FnMut(u64, Result<Answer, Death>),
    ) -> Result<(), WorkerError> {
        if self.company.is_none() && !self.outstanding.is_empty() {
            self.send_again()?;
        }
        while self.outstanding.len() < MAX_ITEMS && self.outstanding_bytes < WINDOW_BYTES {
            let Some((id, task)) = tasks.next() else { return Ok(()) };
            let ticket = self.next_ticket;
            self.next_ticket = ticket.wrapping_add(1);
            let (job, size) = (Job::of(&task), task.size());
            match frame::encode(&Request::Task(ticket, Box::new(task)), size) {
                Ok(frame) => self.send(Item { id, ticket, job, frame: Arc::new(frame) })?,
                // What does not fit a frame does not fit the worker either.
                Err(_) => deliver(id, Err(Death::Memory)),
            }
        }
        Ok(())
    }

    fn send(&mut self, item: Item) -> Result<(), WorkerError> {
        if self.company.is_none() {
            self.company = Some(self.spawn(self.setup.threads)?);
        }
        if let Some(company) = &mut self.company {
            company.give(item.ticket, item.job, Arc::clone(&item.frame));
        }
        self.outstanding_bytes = self.outstanding_bytes.saturating_add(item.frame.len());
        self.outstanding.insert(item.ticket, item);
        Ok(())
    }

    /// Sends everything that is outstanding to a new worker, in the old order.
    fn send_again(&mut self) -> Result<(), WorkerError> {
        let mut company = self.spawn(self.setup.threads)?;
        for item in self.outstanding.values() {
            company.give(item.ticket, item.job, Arc::clone(&item.frame));
        }
        self.company = Some(company);
        Ok(())
    }

    fn spawn(&self, threads: u32) -> Result<WorkerProcess, WorkerError> {
        let setup = Setup { threads, ..self.setup.clone() };
        let setup = frame::encode(&Request::Setup(Box::new(setup)), 1 << 18).map_err(WorkerError::Unsendable)?;
        let mut process = WorkerProcess::spawn(&self.command, &self.setup.limits, Arc::new(setup))
            .map_err(|source| WorkerError::Spawn { program: self.command.program.clone(), source })?;
        for part in &self.document {
            process.prepare(Arc::clone(part));
        }
        Ok(process)
    }

    fn settle(&mut self, ticket: u64) -> Option<Item> {
        let item = self.outstanding.remove(&ticket)?;
        self.outstanding_bytes = self.outstanding_bytes.saturating_sub(item.frame.len());
        Some(item)
    }

    /// Takes the dead company out of service and returns the items that may have killed it.
    ///
    /// Normally those are the ones that it had started. Where it had none, a process that had worked before is
    /// replaced without blame; a fresh one must have died of what it was sent, and every item of that is suspect.
    fn suspects(&mut self, death: Death) -> Result<Vec<Item>, WorkerError> {
        let Some(company) = self.company.take() else { return Ok(Vec::new()) };
        let worked = company.has_started_any();
        if !company.is_ready() && !worked {
            return Err(WorkerError::NotReady(death));
        }
        let mut tickets = company.started();
        if tickets.is_empty() && !worked {
            tickets = self.outstanding.keys().copied().collect();
        }
        Ok(tickets.into_iter().filter_map(|ticket| self.settle(ticket)).collect())
    }

    /// Runs one item in a process of its own; how that one dies is how the item died.
    fn run_alone(&mut self, item: &Item) -> Result<Result<Answer, Death>, WorkerError> {
        let mut process = self.spawn(1)?;
        process.give(item.ticket, item.job, Arc::clone(&item.frame));
        match process.next_turn() {
            Turn::Finished(_, answer) => Ok(Ok(answer)),
            Turn::Lost(death) if !process.is_ready() => Err(WorkerError::NotReady(death)),
            Turn::Lost(death) => {
                self.fatal = self.fatal.saturating_add(1);
                if self.fatal > MAX_FATAL { Err(WorkerError::TooManyDeaths) } else { Ok(Err(death)) }
            }
        }
    }

    /// Says whether the item ran out of its own, softer time limit beside others, and is owed a try without them.
    fn deserves_quiet(&mut self, answer: &Answer) -> bool {
        let quiet = self.setup.threads > 1 && self.hurried < MAX_HURRIED && ran_out_of_time(answer);
        self.hurried = self.hurried.saturating_add(u32::from(quiet));
        quiet
    }
}

fn ran_out_of_time(answer: &Answer) -> bool {
    match answer {
        Answer::Read(facts) => facts.parsed.status == ParseStatus::Timeout,
        Answer::Imports(found) => found.fault.as_ref().is_some_and(|(code, _)| code.ends_with("-timeout")),
        Answer::Loaded(loaded) => loaded.faults.iter().any(is_timeout),
        Answer::Evaluated(evaluations, _) => evaluations.iter().flat_map(|of| &of.faults).any(is_timeout),
        Answer::Planned(plan) => plan.faults.iter().any(is_timeout),
        Answer::Tried(report) => report.faults.iter().any(is_timeout),
        // Only an author waits for it; a file of another tool has no limit softer than the worker's.
        Answer::Probed(_) | Answer::Reported(_) => false,
    }
}

fn is_timeout(fault: &Fault) -> bool {
    fault.code.ends_with("-timeout")
}
