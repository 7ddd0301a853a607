//! `facts`: what policies can see, whole or as the value of an expression.

use std::io::Write as _;

use crate::cli::facts::FactsArguments;
use crate::commands::probed::{frames, notes};
use crate::commands::surroundings::Surroundings;
use crate::error::Error;
use crate::gate::probing::{Question, ask, keep_below};
use crate::gate::progress::Silent;
use crate::gate::{CheckRequest, ForgeAccess, OpenChanges, facts};
use crate::untrusted::write_json;

use super::check::{threads, trust};

/// Prints the input document, or the answer to a query; exits 0 when it is complete, 4 when something could not be read.
pub(super) fn run(arguments: &FactsArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let request = CheckRequest {
        repository: arguments.repo.clone(),
        range: arguments.range(),
        environment: surroundings.environment(),
        trust: trust(arguments.trust, surroundings)?,
        fail_on: None,
        as_of: crate::clock::today(),
        threads: threads(),
        worker: surroundings.worker(),
        forge: ForgeAccess::Closed(surroundings.forge()),
        others: OpenChanges::Closed,
        imports: arguments.imports.clone(),
        cache: None,
        progress: &Silent,
    };
    if let Some(text) = &arguments.query {
        return query(text, arguments, &request, surroundings);
    }
    let mut input = facts(&request)?;
    if let Some(path) = arguments.path() {
        keep_below(&mut input, path)?;
    }
    let mut out = std::io::stdout().lock();
    let written = write_json(&input, &mut out).and_then(|()| out.flush());
    written.or_else(crate::commands::output::closed)?;
    Ok(if input.completeness.complete { 0 } else { 4 })
}

fn query(
    text: &str,
    arguments: &FactsArguments,
    request: &CheckRequest<'_>,
    surroundings: &Surroundings,
) -> Result<u8, Error> {
    let question = Question { text, below: arguments.path(), file: arguments.file.as_deref() };
    let (found, completeness) = ask(request, &question)?;
    if !found.faults.is_empty() {
        return Err(frames(&found.faults, text).into());
    }
    notes(&found.notes, text, surroundings);
    if found.count == 0 {
        let file = text.contains("input.file.") && arguments.file.is_none();
        let hint = if file { "; `--file PATH` gives it the input of scope `file`" } else { "" };
        surroundings.complain(&format!("the query has no answer on this change{hint}"));
    }
    let values: serde_json::Value = serde_json::from_str(&found.json).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    let written = write_json(&values, &mut out).and_then(|()| out.flush());
    written.or_else(crate::commands::output::closed)?;
    Ok(if completeness.complete { 0 } else { 4 })
}
