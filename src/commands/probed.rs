//! Faults of what an author asked, with a frame at each place.

use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{Frame, UsageError};
use crate::policies::Fault;
use crate::policies::probe::QUERY;
use crate::yaml::Place;

/// Returns the faults of an expression as the command line shows them.
pub(super) fn frames(faults: &[Fault], text: &str) -> Vec<UsageError> {
    faults.iter().map(|fault| framed(fault, text)).collect()
}

/// Says on standard error what deserves a second look.
pub(super) fn notes(faults: &[Fault], text: &str, surroundings: &Surroundings) {
    let rendered = crate::diagnostic::render(&frames(faults, text), surroundings.error_colour());
    surroundings.say(&rendered);
}

fn framed(fault: &Fault, text: &str) -> UsageError {
    let mut error = UsageError::new(fault.message.clone(), fault.hint.clone());
    if fault.path != QUERY {
        // A policy that is not the expression: its text is not at hand.
        error.title = format!("{}:{}:{}: {}", fault.path, fault.line, fault.column, fault.message);
        return error;
    }
    let (line, column) = (fault.line.max(1), fault.column.max(1));
    let before: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    let inside = rest.char_indices().nth(column as usize - 1).map_or(rest.len(), |(at, _)| at);
    let word = rest.get(inside..).unwrap_or_default();
    let length = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len()).max(1);
    let length = length.min(word.len());
    let place = Place { line, column, offset: before.saturating_add(inside), length };
    error.frame = Some(Frame { file: QUERY.to_owned(), text: text.into(), place, label: fault.code.clone() });
    error
}
