//! Faults of policy files with a frame at their place.

use crate::diagnostic::{Frame, UsageError};
use crate::policies::Fault;
use crate::yaml::Place;

/// Returns the fault as it is shown; `text` is that of its file, where it is known.
pub(super) fn framed(fault: &Fault, title: String, text: Option<&str>) -> UsageError {
    let frame = match text.filter(|_| fault.line > 0) {
        Some(text) => Frame {
            file: fault.path.clone(),
            text: text.into(),
            place: place(text, fault.line, fault.column.max(1)),
            label: fault.code.clone(),
        },
        None => {
            let title = if fault.path.is_empty() { title } else { format!("{}: {title}", fault.path) };
            return UsageError::new(title, fault.hint.clone());
        }
    };
    UsageError { title, why: String::new(), frame: Some(frame), help: fault.hint.clone() }
}

/// Returns the word that begins at a line and column, both counting from 1.
fn place(text: &str, line: u32, column: u32) -> Place {
    let before: usize = text.split_inclusive('\n').take((line as usize).saturating_sub(1)).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    let own = rest.split('\n').next().unwrap_or_default();
    let inside = own.char_indices().nth((column as usize).saturating_sub(1)).map_or(own.len(), |(at, _)| at);
    let word = own.get(inside..).unwrap_or_default();
    let length = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len()).max(1);
    Place { line, column, offset: before.saturating_add(inside), length }
}
