//! What a dying worker leaves behind: its exit status and the end of its standard error.
//!
//! Owns telling memory from crash. The text is chosen by whoever killed the worker, so it is never shown.

use std::io::Read;
use std::process::ExitStatus;
use std::sync::{Mutex, PoisonError};

use super::protocol::Death;

/// How many of the last bytes are kept.
const KEPT_BYTES: usize = 8 << 10;

/// Written by a worker whose answer is longer than a frame may be.
pub(super) const ANSWER_TOO_LONG: &str = "portcullis: the answer is longer than a frame";

/// How allocation failures end a process: Rust's handler, tree-sitter's C core, C++ and our own.
const MEMORY_TEXTS: [&str; 5] = [
    "memory allocation of ",
    "tree-sitter failed to allocate",
    "tree-sitter failed to reallocate",
    "std::bad_alloc",
    ANSWER_TOO_LONG,
];

/// The last bytes of a stream.
#[derive(Debug, Default)]
pub(super) struct LastWords(Mutex<Vec<u8>>);

impl LastWords {
    /// Reads `input` to its end and keeps the last bytes.
    pub(super) fn listen(&self, mut input: impl Read) {
        let mut buffer = [0; 4 << 10];
        // A read error is an end: the process is judged by its status then.
        while let Ok(count @ 1..) = input.read(&mut buffer) {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend_from_slice(buffer.get(..count).unwrap_or_default());
            let surplus = kept.len().saturating_sub(KEPT_BYTES);
            kept.drain(..surplus);
        }
    }

    /// Says how a process with this status, which nobody condemned, died.
    pub(super) fn judge(&self, status: Option<ExitStatus>) -> Death {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&kept);
        if status.is_some_and(killed_from_outside) || MEMORY_TEXTS.iter().any(|known| text.contains(known)) {
            Death::Memory
        } else {
            Death::Crash
        }
    }
}

/// Says whether the kernel, in practice its out-of-memory killer, ended the process.
#[cfg(unix)]
fn killed_from_outside(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGKILL: i32 = 9;
    status.signal() == Some(SIGKILL)
}

#[cfg(not(unix))]
fn killed_from_outside(_status: ExitStatus) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allocation_failure_at_the_end_of_a_long_text_is_memory() {
        let words = LastWords::default();
        let text = format!("{}tree-sitter failed to allocate 12 bytes", "x".repeat(100_000));
        words.listen(text.as_bytes());
        assert_eq!(words.judge(None), Death::Memory);
        assert!(words.0.lock().unwrap().len() <= KEPT_BYTES);
    }

    #[test]
    fn any_other_text_is_a_crash() {
        let words = LastWords::default();
        words.listen("assertion failed".as_bytes());
        assert_eq!(words.judge(None), Death::Crash);
    }
}
