//! How a worker process is started.
//!
//! Owns its environment: a fixed list, so that no token of the parent is where hostile bytes are.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How the worker is started: usually the current executable with the argument `worker`.
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    /// The executable.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

impl WorkerCommand {
    /// Returns the running executable with one argument, e.g. `worker`.
    pub fn this_executable(argument: &str) -> io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, args: vec![argument.into()] })
    }

    /// Returns the command with pipes, an environment that holds no secret, and a process group of its own.
    pub(super) fn clean(&self) -> Command {
        let mut clean = Command::new(&self.program);
        clean.args(&self.args).env_clear();
        // regorus uses errors as control flow; a backtrace for each makes it up to five times slower.
        clean.env("RUST_LIB_BACKTRACE", "0");
        // The allocator's arena of 1 GiB is otherwise writable from the start, and counts in full against the memory
        // limit.
        clean.env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
        #[cfg(windows)]
        if let Some(root) = std::env::var_os("SystemRoot") {
            clean.env("SystemRoot", root);
        }
        clean.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut clean, 0);
        clean
    }
}
