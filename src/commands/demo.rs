//! `demo`: the whole story on a built-in sample, offline; exits 0.

use std::io::Write as _;

use crate::change::sample::write_repository;
use crate::change::{Mode, RangeRequest};
use crate::cli::demo::DemoArguments;
use crate::commands::check::threads;
use crate::commands::output::{Destination, closed, deliver};
use crate::commands::surroundings::Surroundings;
use crate::demo::{BASE, EPILOGUE, PROLOGUE, commits, trees};
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::gate::progress::Silent;
use crate::gate::{CheckRequest, ForgeAccess, OpenChanges, Trust, check};
use crate::outcome::Outcome;
use crate::reports::human;
use crate::review::state::ForgeFacts;
use crate::verdict::Verdict;

/// The date of the story.
const AS_OF: &str = "2026-11-02";

/// Writes the sample, checks it, and tells what happened.
pub(super) fn run(arguments: &DemoArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let folder = tempfile::Builder::new()
        .prefix("portcullis-demo-")
        .tempdir()
        .map_err(|source| Error::Output { target: "the temporary folder".to_owned(), source })?;
    let trees = trees();
    write_repository(folder.path(), &commits(&trees), &surroundings.search_path())
        .map_err(|error| UsageError::new(error.to_string(), "the demo needs git and a writable temporary folder"))?;
    let format = arguments.format.unwrap_or(&human::FORMAT);
    // A document on standard output stands alone, so that a program can read it.
    let told = format.name == human::FORMAT.name;
    let tell = |text: &str| if told { say(text) } else { Ok(()) };
    tell(PROLOGUE)?;
    let request = CheckRequest {
        repository: folder.path().to_owned(),
        range: RangeRequest { base: Some(BASE.to_owned()), head: Some("HEAD".to_owned()), mode: Mode::Range },
        environment: Default::default(),
        trust: Trust::Base,
        fail_on: None,
        as_of: AS_OF.to_owned(),
        threads: threads(),
        worker: surroundings.worker(),
        forge: ForgeAccess::Closed(ForgeFacts::Local),
        others: OpenChanges::Closed,
        imports: Vec::new(),
        cache: None,
        progress: &Silent,
    };
    // The sample is gone when this has been read, so there is nothing to run again.
    let outcome = Outcome { again: String::new(), ..check(&request)? };
    let destination =
        Destination { format, reports: Vec::new(), tokens: arguments.budget, exit_zero: false, review_reports: false };
    let code = deliver(&outcome, &destination, surroundings);
    tell(&format!("\n(In CI this run would have ended with exit code {code}.)\n\n{EPILOGUE}"))?;
    if arguments.keep {
        let kept = folder.keep();
        let place = format!("the sample stays in {}", kept.display());
        if told { say(&format!("\n{place}\n"))? } else { surroundings.complain(&place) }
    }
    // The sample must fail: a demo in which nothing was found would be a lie about the gate.
    Ok(if outcome.document.verdict == Verdict::Fail { 0 } else { 4 })
}

fn say(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).or_else(closed)?;
    Ok(())
}
