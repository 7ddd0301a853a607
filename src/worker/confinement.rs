//! What the worker takes away from itself before it sees a hostile byte.
//!
//! Owns the order of the layers, the limits of the process, and what is said about both. Every layer is best effort: an
//! old kernel, or a container that forbids it, must not end the run, so a layer that is missing is said and not hidden.
//! Must not trust that a layer holds because setting it up raised no error: the worker tries what it must not be able to do.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod calls;
#[cfg(target_os = "linux")]
mod files;

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Stopwatch;

/// Virtual bytes of each pool thread's stack; only what is touched becomes memory.
pub(super) const STACK_BYTES: usize = 64 << 20;

/// Address space that allocators reserve without using it: an arena of mimalloc, and an arena of libc a thread.
#[cfg(target_os = "linux")]
const RESERVED_BYTES: u64 = 4 << 30;
#[cfg(target_os = "linux")]
const RESERVED_BYTES_A_THREAD: u64 = 192 << 20;

/// What a worker has taken away from itself, as it found when it tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Memory, written files, core dumps and descriptors are limited by the system.
    pub limits: Layer,
    /// No file can be opened and no port connected or bound: Landlock.
    pub landlock: Layer,
    /// Only the few system calls that computing needs are left: seccomp.
    pub seccomp: Layer,
    /// True when the confined worker could open a file after all.
    pub opens_files: bool,
    /// True when it could make a socket after all.
    pub opens_sockets: bool,
    /// How long taking away and trying took, the start of the threads between not counted.
    pub microseconds: u64,
}

impl Confinement {
    /// Says whether every layer is there and none of the attempts succeeded.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let layers = [&self.limits, &self.landlock, &self.seccomp];
        let all = layers.iter().all(|layer| !matches!(layer, Layer::Absent(_)));
        all && !self.opens_files && !self.opens_sockets
    }
}

/// One layer of the confinement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layer {
    /// Holds.
    Active,
    /// Holds as far as this kernel knows it; what is missing, as a clause.
    Partly(String),
    /// Does not hold; why, as a clause.
    Absent(String),
}

/// The layers that come before the threads: Landlock holds for the thread that asks and for those that it starts.
pub(super) struct Begun {
    limits: Layer,
    landlock: Layer,
    took: Duration,
}

/// Gives up files and ports, then lowers the limits of this process: memory for `worker_bytes` beside the stacks of
/// `threads`, no core dump, no file written, and no descriptor beyond those that are open.
pub(super) fn begin(worker_bytes: u64, threads: usize) -> io::Result<Begun> {
    let clock = Stopwatch::start();
    // Landlock needs a descriptor, which the limits forbid.
    let landlock = give_up_files();
    let limits = limit(worker_bytes, threads)?;
    Ok(Begun { limits, landlock, took: clock.elapsed() })
}

impl Begun {
    /// Gives up all system calls that computing does not need, in every thread of the process, and tries the result.
    /// `output` is the descriptor of the answers. No thread can be started afterwards.
    #[cfg(unix)]
    pub(super) fn finish(self, output: std::os::fd::RawFd) -> Confinement {
        let clock = Stopwatch::start();
        let seccomp = give_up_calls(output);
        self.tried(seccomp, clock)
    }

    /// Tries what is left to do here.
    #[cfg(not(unix))]
    pub(super) fn finish(self) -> Confinement {
        self.tried(Layer::Absent("it exists on Linux only".to_owned()), Stopwatch::start())
    }

    fn tried(self, seccomp: Layer, clock: Stopwatch) -> Confinement {
        let opens_files = std::fs::File::open("/").is_ok();
        let opens_sockets = std::net::UdpSocket::bind(("127.0.0.1", 0)).is_ok();
        let microseconds = u64::try_from((self.took + clock.elapsed()).as_micros()).unwrap_or(u64::MAX);
        Confinement { limits: self.limits, landlock: self.landlock, seccomp, opens_files, opens_sockets, microseconds }
    }
}

#[cfg(target_os = "linux")]
fn give_up_files() -> Layer {
    files::give_up()
}

#[cfg(not(target_os = "linux"))]
fn give_up_files() -> Layer {
    Layer::Absent("it exists on Linux only".to_owned())
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
fn give_up_calls(output: std::os::fd::RawFd) -> Layer {
    calls::give_up(output)
}

#[cfg(all(unix, not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))))]
fn give_up_calls(_output: std::os::fd::RawFd) -> Layer {
    Layer::Absent("it is there for Linux on x86_64 and aarch64 only".to_owned())
}

/// `Data` bounds what can be written to and is the limit that items meet. `As` is the second line, wide enough for
/// reservations that nobody uses. Every limit is set soft and hard, so nothing that runs later can raise it.
#[cfg(target_os = "linux")]
fn limit(worker_bytes: u64, threads: usize) -> io::Result<Layer> {
    use rustix::process::Resource;

    let threads = threads as u64;
    let data = worker_bytes.saturating_add(threads.saturating_mul(STACK_BYTES as u64));
    let reserved = RESERVED_BYTES.saturating_add(threads.saturating_mul(RESERVED_BYTES_A_THREAD));
    lower(Resource::Core, 0)?;
    lower(Resource::Fsize, 0)?;
    lower(Resource::Data, data)?;
    lower(Resource::As, data.saturating_add(reserved))?;
    // A new descriptor takes the lowest free number, so with 0 to 2 taken every open and every socket fails.
    lower(Resource::Nofile, 3)?;
    Ok(Layer::Active)
}

#[cfg(target_os = "linux")]
fn lower(resource: rustix::process::Resource, wanted: u64) -> io::Result<()> {
    use rustix::process::{Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(resource).maximum.map_or(wanted, |maximum| maximum.min(wanted));
    Ok(setrlimit(resource, Rlimit { current: Some(maximum), maximum: Some(maximum) })?)
}

/// Does nothing: only Linux offers limits that hold. The watchdog of the supervisor still does.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature on every system")]
fn limit(_worker_bytes: u64, _threads: usize) -> io::Result<Layer> {
    Ok(Layer::Absent("they hold on Linux only".to_owned()))
}
