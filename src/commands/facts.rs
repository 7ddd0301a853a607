//! `facts`: what policies can see.

use std::io::Write as _;

use crate::cli::facts::FactsArguments;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::gate::progress::Silent;
use crate::gate::{CheckRequest, ForgeAccess, Trust, facts};
use crate::untrusted::write_json;

use super::check::threads;

/// Prints the input document; exits 0 when it is complete, 4 when something could not be read.
pub(super) fn run(arguments: &FactsArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let request = CheckRequest {
        repository: arguments.repo.clone(),
        range: arguments.range(),
        environment: surroundings.environment(),
        trust: Trust::Base,
        fail_on: None,
        as_of: crate::clock::today(),
        threads: threads(),
        worker: surroundings.worker(),
        forge: ForgeAccess::Closed(surroundings.forge()),
        cache: None,
        progress: &Silent,
    };
    let mut input = facts(&request)?;
    if let Some(path) = arguments.path() {
        let inside = |file: &str| file == path || file.starts_with(&format!("{path}/"));
        input.files.retain(|file| inside(&file.path) || inside(&file.old_path));
        if input.files.is_empty() && input.completeness.complete {
            let title = format!("no changed file at or below `{path}`");
            let help = "a path starts at the root of the repository; a range is written BASE..HEAD";
            return Err(UsageError::new(title, help).into());
        }
    }
    let mut out = std::io::stdout().lock();
    let written = write_json(&input, &mut out).and_then(|()| out.flush());
    written.or_else(crate::commands::output::closed)?;
    Ok(if input.completeness.complete { 0 } else { 4 })
}
