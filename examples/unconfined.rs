//! The complete gate with a worker that keeps all its rights, for instruments: the real worker may not write the file that
//! a profiler leaves, and ends with its supervisor. `benches/compare --instructions` counts with it; never a gate.
//!
//! `unconfined check REPOSITORY BASE HEAD COMMAND...` decides and prints JSON; COMMAND starts `unconfined worker`, as it
//! is or under an instrument, and should leave the process group (`setsid --fork`) to outlive the supervisor's last look.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use portcullis::change::{Mode, RangeRequest};
use portcullis::gate::progress::Silent;
use portcullis::gate::{CheckRequest, ForgeAccess, Gatehouse, OpenChanges, Trust, check};
use portcullis::review::state::ForgeFacts;
use portcullis::worker::{WorkerCommand, serve};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the real worker writes to: no buffer, so that every message leaves at once.
struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::io::stdout().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stdout().flush()
    }
}

fn decide(mut arguments: impl Iterator<Item = OsString>) -> Option<String> {
    let mut text = || arguments.next()?.into_string().ok();
    let (repository, base, head) = (PathBuf::from(text()?), text()?, text()?);
    let program = PathBuf::from(text()?);
    let request = CheckRequest {
        repository,
        range: RangeRequest { base: Some(base), head: Some(head), mode: Mode::Range },
        environment: std::collections::BTreeMap::new(),
        trust: Trust::Base,
        fail_on: None,
        imports: Vec::new(),
        as_of: "2026-01-01".to_owned(),
        threads: 2,
        worker: WorkerCommand { program, args: arguments.collect() },
        forge: ForgeAccess::Closed(ForgeFacts::Local),
        others: OpenChanges::Closed,
        cache: None,
        progress: &Silent,
    };
    let outcome = check(&request).ok()?;
    serde_json::to_string(&outcome.document).ok()
}

fn main() -> std::process::ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let done = match arguments.next() {
        Some(word) if word == "worker" => {
            let served = serve(std::io::stdin().lock(), Output, |setup| Ok(Gatehouse::new(setup)));
            served.map_err(|error| error.to_string())
        }
        Some(word) if word == "check" => decide(arguments).map(|json| println!("{json}")).ok_or_else(String::new),
        _ => Err("usage: unconfined check REPOSITORY BASE HEAD COMMAND...".to_owned()),
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::from(2)
        }
    }
}
