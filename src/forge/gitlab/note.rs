//! The one comment under a merge request.
//!
//! Owns how it is found again: by its marker at the start *and* by its author, because anybody can write the marker.

use super::answers::{Note, User};
use super::api::Asking;
use super::calls::{self, Project};
use crate::forge::ForgeError;
use crate::forge::publication::COMMENT_MARKER;

/// Makes the comment say this, writing it only where it is missing or differs.
pub(super) fn upsert(
    asking: &Asking<'_>,
    project: &Project,
    number: u64,
    text: &str,
) -> Result<Vec<String>, ForgeError> {
    let me: User = asking.ask(&calls::me())?;
    let notes: Vec<Note> = asking.list(&project.notes(number))?;
    let body = format!("{COMMENT_MARKER}\n{text}");
    // The oldest one is kept: two runs at once may both have found none.
    let own = notes.iter().filter(|note| is_own(note, me.id, COMMENT_MARKER)).min_by_key(|note| note.id);
    let call = match own {
        Some(note) if note.body.trim_end() == body.trim_end() => return Ok(Vec::new()),
        Some(note) => project.rewrite_note(number, note.id, &body),
        None => project.write_note(number, &body),
    };
    asking.send(&call).map_err(|(error, _)| error)?;
    Ok(Vec::new())
}

/// Says whether a note is the gate's own.
pub(super) fn is_own(note: &Note, me: u64, marker: &str) -> bool {
    me > 0 && note.author.id == me && !note.system && note.body.trim_start().starts_with(marker)
}
