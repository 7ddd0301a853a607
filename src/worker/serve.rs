//! The worker's side: takes requests, performs them on its threads, announces start and finish.
//!
//! Owns the order of announcements. Must not read a file, an environment variable or a clock.

use std::io::{self, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, RwLock, mpsc};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use super::confinement::{self, STACK_BYTES};
use super::frame::{self, FrameError};
use super::last_words::ANSWER_TOO_LONG;
use super::protocol::{Answer, Reply, Request, Setup, Task};

/// The most threads that a worker starts, whatever it is told.
const MAX_THREADS: u32 = 256;

/// Where the work is done: what a task means.
///
/// A workshop is built once from the `Setup`. A worker that replaces a dead one has seen `Setup` and `Document` but no
/// `Load`, so a `Task::Evaluate` that needs the policies loads them itself when they are not there yet.
pub trait Workshop: Send + Sync + 'static {
    /// Takes the input document without its files, as JSON, in place of the one before. No task is running meanwhile.
    fn document(&mut self, json: Vec<u8>);

    /// Takes a part of the document's files, a JSON list; called from several threads at a time, before any task that
    /// needs the document.
    fn files(&self, part: u32, json: Vec<u8>);

    /// Takes what scope `review` adds to the document, as JSON; after all files. No task is running meanwhile.
    fn review(&mut self, json: Vec<u8>);

    /// Does one task; called from several threads at a time. A panic ends the process and is blamed on the task.
    fn perform(&self, task: &Task) -> Answer;
}

/// Why a worker ended before its input did.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The first frame is no `Setup`, or a later one is.
    #[error("the worker expects its setup once, and first")]
    Setup,
    /// A limit of the process could not be lowered.
    #[error("the worker cannot lower its own limits: {0}")]
    Confinement(#[source] io::Error),
    /// The threads could not be started.
    #[error("the worker cannot start its threads: {0}")]
    Threads(#[source] ThreadPoolBuildError),
    /// A standard stream is missing.
    #[error("the worker has no standard output: {0}")]
    Stream(#[source] io::Error),
    /// The supervisor sent what is no request.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

/// Serves the supervisor on standard input and output until input ends; the whole life of a worker process.
///
/// Confines the process before anything else. Returns at the end of input even when tasks are still running: nobody
/// waits for their answers, and a task that hangs must not outlive its supervisor, so the caller ends the process.
pub fn serve_standard_streams<W: Workshop>(set_up: impl FnOnce(Setup) -> W) -> Result<(), ServeError> {
    let mut input = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let output = standard_output()?;
    let setup = first(&mut input)?;
    let begun = confinement::begin(setup.limits.worker_bytes, thread_count(&setup)).map_err(ServeError::Confinement)?;
    let pool = start(&setup)?;
    #[cfg(unix)]
    let confinement = begun.finish(std::os::fd::AsRawFd::as_raw_fd(&output));
    #[cfg(not(unix))]
    let confinement = begun.finish();
    let output = Arc::new(Mutex::new(output));
    say(&output, &Reply::Confined(Box::new(confinement)));
    attend(&mut input, &output, &pool, set_up(setup))
}

/// Returns standard output without the line buffer, which costs a search for line ends in binary frames.
#[cfg(unix)]
fn standard_output() -> Result<std::fs::File, ServeError> {
    use std::os::fd::AsFd;
    let descriptor = io::stdout().as_fd().try_clone_to_owned().map_err(ServeError::Stream)?;
    Ok(std::fs::File::from(descriptor))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature on every system")]
fn standard_output() -> Result<impl Write + Send + 'static, ServeError> {
    Ok(io::stdout())
}

/// Serves requests from `input` until it ends. Takes nothing away from the process.
pub fn serve<W: Workshop>(
    mut input: impl Read,
    output: impl Write + Send + 'static,
    set_up: impl FnOnce(Setup) -> Result<W, ServeError>,
) -> Result<(), ServeError> {
    let setup = first(&mut input)?;
    let pool = start(&setup)?;
    attend(&mut input, &Arc::new(Mutex::new(output)), &pool, set_up(setup)?)
}

/// Reads the setup.
fn first(input: &mut impl Read) -> Result<Setup, ServeError> {
    match frame::read(input)? {
        Some(Request::Setup(setup)) => Ok(*setup),
        _ => Err(ServeError::Setup),
    }
}

/// Starts the threads, and waits until every one has done what a thread does at its start.
fn start(setup: &Setup) -> Result<ThreadPool, ServeError> {
    let pool = ThreadPoolBuilder::new().num_threads(thread_count(setup)).stack_size(STACK_BYTES);
    let pool = pool.build().map_err(ServeError::Threads)?;
    pool.broadcast(|_| ());
    Ok(pool)
}

/// Takes requests until there are no more.
fn attend<W: Workshop>(
    input: &mut impl Read,
    output: &Arc<Mutex<impl Write + Send + 'static>>,
    pool: &ThreadPool,
    workshop: W,
) -> Result<(), ServeError> {
    let workshop = Arc::new(RwLock::new(workshop));
    say(output, &Reply::Ready);
    let (taken, parts) = mpsc::channel();
    let mut open = 0_usize;
    // The intake has no bound of its own: the supervisor's window is the bound, and an intake that is always reading
    // sees the end of input, the sign that the supervisor is gone, also while every thread hangs.
    while let Some(request) = frame::read(input)? {
        if !matches!(request, Request::Files(..)) {
            // Taking a part cannot hang, so neither does the intake.
            parts.iter().take(open).for_each(drop);
            open = 0;
        }
        match request {
            Request::Setup(_) => return Err(ServeError::Setup),
            Request::Document(json) => {
                workshop.write().unwrap_or_else(PoisonError::into_inner).document(json);
                say(output, &Reply::Ready);
            }
            Request::Review(json) => {
                workshop.write().unwrap_or_else(PoisonError::into_inner).review(json);
                say(output, &Reply::Ready);
            }
            Request::Files(part, json) => {
                let (workshop, output, taken) = (Arc::clone(&workshop), Arc::clone(output), taken.clone());
                open = open.saturating_add(1);
                pool.spawn(move || {
                    take_files(&workshop, &output, part, json);
                    // The intake is gone when the supervisor is.
                    let _ = taken.send(());
                });
            }
            Request::Task(id, task) => {
                let (workshop, output) = (Arc::clone(&workshop), Arc::clone(output));
                pool.spawn(move || work(&workshop, &output, id, &task));
            }
        }
    }
    Ok(())
}

fn thread_count(setup: &Setup) -> usize {
    setup.threads.clamp(1, MAX_THREADS) as usize
}

fn take_files<W: Workshop>(workshop: &RwLock<W>, output: &Mutex<impl Write>, part: u32, json: Vec<u8>) {
    let workshop = workshop.read().unwrap_or_else(PoisonError::into_inner);
    match catch_unwind(AssertUnwindSafe(|| workshop.files(part, json))) {
        Ok(()) => say(output, &Reply::Ready),
        Err(_) => std::process::abort(),
    }
}

fn work<W: Workshop>(workshop: &RwLock<W>, output: &Mutex<impl Write>, id: u64, task: &Task) {
    say(output, &Reply::Started(id));
    let workshop = workshop.read().unwrap_or_else(PoisonError::into_inner);
    match catch_unwind(AssertUnwindSafe(|| workshop.perform(task))) {
        Ok(answer) => say(output, &Reply::Finished(id, answer)),
        // A panic is a death like any other, so that there is one way to find out who is to blame.
        Err(_) => std::process::abort(),
    }
}

/// Writes one frame. Where that fails nobody is listening and the process has no reason to live.
fn say(output: &Mutex<impl Write>, reply: &Reply) {
    let frame = match frame::encode(reply, 0) {
        Ok(frame) => frame,
        Err(error) => die(&format!("{ANSWER_TOO_LONG}: {error}")),
    };
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(error) = output.write_all(&frame).and_then(|()| output.flush()) {
        die(&format!("portcullis: the supervisor does not listen: {error}"));
    }
}

fn die(why: &str) -> ! {
    // The process aborts whether or not this can be written.
    let _ = writeln!(io::stderr(), "{why}");
    std::process::abort()
}
