//! One worker process, seen from the supervisor.
//!
//! Owns its pipes, its watchdog and its burial. Whatever the process does, a turn of it ends within the limits, and no
//! process and no thread outlives this value. Must not decide who is to blame.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Write};
use std::process::{Child, ChildStdin};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::command::WorkerCommand;
use super::frame::{self, FrameError};
use super::job::Job;
use super::last_words::LastWords;
use super::protocol::{Answer, Confinement, Death, Reply};
use crate::clock::{Deadline, Stopwatch};
use crate::limits::Limits;

/// The most items that one process has at a time; also bounds the replies that wait to be read.
pub(super) const MAX_ITEMS: usize = 256;

/// How long a dead or killed process may take to vanish, in milliseconds.
const BURIAL_MS: u64 = 2_000;

/// One frame, shared between the item that may need it again and the pipe.
pub(super) type Frame = Arc<Vec<u8>>;

/// What a process did next.
pub(super) enum Turn {
    /// It finished the item of that ticket.
    Finished(u64, Answer),
    /// It is gone; its unfinished items are in `items`.
    Lost(Death),
}

/// An item that the process has and has not finished.
struct Progress {
    job: Job,
    overdue: Option<Deadline>,
}

enum Event {
    Reply(Stopwatch, Reply),
    Gone { garbage: bool },
}

/// A running worker.
pub(super) struct WorkerProcess {
    child: Child,
    frames: Option<Sender<Frame>>,
    events: Receiver<Event>,
    threads: Vec<JoinHandle<()>>,
    last_words: Arc<LastWords>,
    limits: Limits,
    items: BTreeMap<u64, Progress>,
    /// Setups and documents that the process has not taken yet.
    unready: u32,
    /// When the process must have got ready, or taken up an item.
    awake_by: Deadline,
    loaded: bool,
    confinement: Option<Confinement>,
    has_started_any: bool,
    sentence: Option<Death>,
    reaped: bool,
}

impl WorkerProcess {
    /// Starts a process and sends it its setup.
    pub(super) fn spawn(command: &WorkerCommand, limits: &Limits, setup: Frame) -> io::Result<Self> {
        let mut child = command.clean().spawn()?;
        let (Some(stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("the worker has no pipes"));
        };
        let (frames, frames_to_write) = mpsc::channel();
        // Room for every reply that an honest process can owe, so its answers never wait for the supervisor.
        let (event_sink, events) = mpsc::sync_channel(MAX_ITEMS * 2 + 8);
        let last_words = Arc::new(LastWords::default());
        let listener = Arc::clone(&last_words);
        let threads = vec![
            thread::spawn(move || write_frames(stdin, &frames_to_write)),
            thread::spawn(move || read_replies(stdout, &event_sink)),
            thread::spawn(move || listener.listen(stderr)),
        ];
        let mut process = Self {
            child,
            frames: Some(frames),
            events,
            threads,
            last_words,
            limits: limits.clone(),
            items: BTreeMap::new(),
            unready: 0,
            awake_by: Deadline::after_ms(0),
            loaded: false,
            confinement: None,
            has_started_any: false,
            sentence: None,
            reaped: false,
        };
        process.prepare(setup);
        Ok(process)
    }

    /// Sends a setup or a document.
    pub(super) fn prepare(&mut self, frame: Frame) {
        self.unready = self.unready.saturating_add(1);
        self.stay_awake();
        self.send(frame);
    }

    /// Sends a task under `ticket`.
    pub(super) fn give(&mut self, ticket: u64, job: Job, frame: Frame) {
        if self.items.is_empty() && self.unready == 0 {
            self.stay_awake();
        }
        self.items.insert(ticket, Progress { job, overdue: None });
        self.send(frame);
    }

    /// Waits for the next thing that the process does. Ends within the limits whatever that is.
    pub(super) fn next_turn(&mut self) -> Turn {
        loop {
            match self.next_event() {
                Event::Gone { garbage } => return Turn::Lost(self.bury(garbage)),
                Event::Reply(heard, reply) => match self.take(heard, reply) {
                    Ok(Some((ticket, answer))) => return Turn::Finished(ticket, answer),
                    Ok(None) => {}
                    Err(Nonsense) => self.condemn(Death::Crash),
                },
            }
        }
    }

    /// True when it has taken everything that is no task.
    pub(super) fn is_ready(&self) -> bool {
        self.unready == 0
    }

    /// Returns what the process says that it has taken away from itself, or none before it has said so.
    pub(super) fn confinement(&self) -> Option<&Confinement> {
        self.confinement.as_ref()
    }

    /// True when it has ever taken up a task.
    pub(super) fn has_started_any(&self) -> bool {
        self.has_started_any
    }

    /// True when no task is with it.
    pub(super) fn is_idle(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the tickets of the items that it took up and did not finish, sorted.
    pub(super) fn started(&self) -> Vec<u64> {
        self.items.iter().filter(|(_, progress)| progress.overdue.is_some()).map(|(ticket, _)| *ticket).collect()
    }

    fn send(&self, frame: Frame) {
        // A closed channel means that the pipe is closed, which the reader of replies reports.
        if let Some(frames) = &self.frames {
            let _ = frames.send(frame);
        }
    }

    fn stay_awake(&mut self) {
        self.awake_by = Deadline::after_ms(self.limits.load_ms.saturating_add(2_000));
    }

    /// Updates the books by one reply, and returns an answer where it is one.
    fn take(&mut self, heard: Stopwatch, reply: Reply) -> Result<Option<(u64, Answer)>, Nonsense> {
        if self.sentence.is_some_and(|death| death == Death::Crash) {
            return Ok(None);
        }
        self.stay_awake();
        match reply {
            Reply::Confined(_) if self.confinement.is_some() || self.has_started_any => Err(Nonsense),
            Reply::Confined(confinement) => {
                self.confinement = Some(*confinement);
                Ok(None)
            }
            Reply::Ready => {
                self.unready = self.unready.checked_sub(1).ok_or(Nonsense)?;
                Ok(None)
            }
            Reply::Started(ticket) => {
                let progress = self.items.get_mut(&ticket).ok_or(Nonsense)?;
                if progress.overdue.is_some() || self.unready > 0 {
                    return Err(Nonsense);
                }
                progress.overdue = Some(Deadline::since_ms(heard, progress.job.limit_ms(&self.limits, self.loaded)));
                self.has_started_any = true;
                Ok(None)
            }
            Reply::Finished(ticket, answer) => {
                let progress = self.items.get(&ticket).ok_or(Nonsense)?;
                if progress.overdue.is_none() || !progress.job.answered_by(&answer) {
                    return Err(Nonsense);
                }
                self.items.remove(&ticket);
                self.loaded |= !matches!(answer, Answer::Read(_));
                Ok(Some((ticket, answer)))
            }
        }
    }

    /// Returns the next event, killing the process when one is overdue. What has already been said comes first, so a
    /// supervisor that was busy elsewhere does not blame the worker for it.
    fn next_event(&mut self) -> Event {
        loop {
            if let Ok(event) = self.events.try_recv() {
                return event;
            }
            match self.events.recv_timeout(self.due().remaining()) {
                Ok(event) => return event,
                Err(RecvTimeoutError::Disconnected) => return Event::Gone { garbage: false },
                Err(RecvTimeoutError::Timeout) if self.sentence.is_some() => return Event::Gone { garbage: false },
                Err(RecvTimeoutError::Timeout) => self.condemn(Death::Timeout),
            }
        }
    }

    fn due(&self) -> Deadline {
        let overdue = self.items.values().filter_map(|progress| progress.overdue).min();
        overdue.filter(|_| self.sentence.is_none()).unwrap_or(self.awake_by)
    }

    fn condemn(&mut self, death: Death) {
        self.sentence.get_or_insert(death);
        self.awake_by = Deadline::after_ms(BURIAL_MS);
        self.kill();
    }

    fn kill(&mut self) {
        // Once reaped, the number may be somebody else's.
        if self.reaped {
            return;
        }
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // An error says that the group has no member left, which is what is wanted.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        // Likewise.
        let _ = self.child.kill();
    }

    /// Reaps the process and says how it died.
    fn bury(&mut self, garbage: bool) -> Death {
        if garbage {
            self.condemn(Death::Crash);
        }
        let grace = Deadline::after_ms(BURIAL_MS);
        let mut status = self.child.try_wait().ok().flatten();
        while status.is_none() && !grace.passed() {
            thread::sleep(Duration::from_millis(1));
            status = self.child.try_wait().ok().flatten();
        }
        self.reaped = status.is_some();
        // It closed its output and lives: that is no way to die, so its status says nothing.
        if status.is_none() {
            self.condemn(Death::Crash);
        }
        self.dismiss();
        self.sentence.unwrap_or_else(|| self.last_words.judge(status))
    }

    /// Ends the process, if it still runs, and its threads.
    fn dismiss(&mut self) {
        self.kill();
        // The process has been killed, so this returns; an error says that it has been reaped before.
        let _ = self.child.wait();
        self.reaped = true;
        self.frames = None;
        // Frees a reader that waits for room.
        self.events = mpsc::channel().1;
        let patience = Deadline::after_ms(BURIAL_MS);
        for thread in self.threads.drain(..) {
            while !thread.is_finished() && !patience.passed() {
                thread::sleep(Duration::from_micros(200));
            }
            // A thread stays behind only where a stranger holds the other end of its pipe.
            if thread.is_finished() {
                let _ = thread.join();
            }
        }
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        self.dismiss();
    }
}

/// A reply that an honest worker would not send.
struct Nonsense;

fn write_frames(mut stdin: ChildStdin, frames: &Receiver<Frame>) {
    for frame in frames {
        // A pipe that breaks belongs to a process that is dying, which the reader of replies reports.
        if stdin.write_all(&frame).is_err() {
            return;
        }
    }
}

fn read_replies(stdout: impl Read, events: &SyncSender<Event>) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    loop {
        let event = match frame::read(&mut stdout) {
            Ok(Some(reply)) => Event::Reply(Stopwatch::start(), reply),
            Ok(None) | Err(FrameError::Truncated | FrameError::Stream(_)) => Event::Gone { garbage: false },
            Err(FrameError::TooLong(_) | FrameError::Malformed(_)) => Event::Gone { garbage: true },
        };
        let last = matches!(event, Event::Gone { .. });
        if events.send(event).is_err() || last {
            return;
        }
    }
}
