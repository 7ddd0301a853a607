//! What the worker takes away from itself before it sees a hostile byte.
//!
//! Owns the limits of the worker process. Every limit is set soft and hard, so nothing that runs later can raise it.

use std::io;

/// Virtual bytes of each pool thread's stack; only what is touched becomes memory.
pub(super) const STACK_BYTES: usize = 64 << 20;

/// Address space that allocators reserve without using it: an arena of mimalloc, and an arena of libc a thread.
#[cfg(target_os = "linux")]
const RESERVED_BYTES: u64 = 4 << 30;
#[cfg(target_os = "linux")]
const RESERVED_BYTES_A_THREAD: u64 = 192 << 20;

/// Lowers the limits of this process: memory for `worker_bytes` beside the stacks of `threads`, no core dump, no file
/// written, and no descriptor beyond those that are open.
///
/// `Data` bounds what can be written to and is the limit that items meet. `As` is the second line, wide enough for
/// reservations that nobody uses.
#[cfg(target_os = "linux")]
pub(super) fn confine(worker_bytes: u64, threads: usize) -> io::Result<()> {
    use rustix::process::Resource;

    let threads = threads as u64;
    let data = worker_bytes.saturating_add(threads.saturating_mul(STACK_BYTES as u64));
    let reserved = RESERVED_BYTES.saturating_add(threads.saturating_mul(RESERVED_BYTES_A_THREAD));
    lower(Resource::Core, 0)?;
    lower(Resource::Fsize, 0)?;
    lower(Resource::Data, data)?;
    lower(Resource::As, data.saturating_add(reserved))?;
    // A new descriptor takes the lowest free number, so with 0 to 2 taken every open and every socket fails.
    lower(Resource::Nofile, 3)
}

#[cfg(target_os = "linux")]
fn lower(resource: rustix::process::Resource, wanted: u64) -> io::Result<()> {
    use rustix::process::{Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(resource).maximum.map_or(wanted, |maximum| maximum.min(wanted));
    Ok(setrlimit(resource, Rlimit { current: Some(maximum), maximum: Some(maximum) })?)
}

/// Does nothing: only Linux offers limits that hold. The watchdog of the supervisor still does.
#[cfg(not(target_os = "linux"))]
pub(super) fn confine(_worker_bytes: u64, _threads: usize) -> io::Result<()> {
    Ok(())
}
