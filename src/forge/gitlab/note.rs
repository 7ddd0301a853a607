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
    let body = format!("{COMMENT_MARKER}\n{}", without_commands(text));
    let mut own: Vec<&Note> = notes.iter().filter(|note| is_own(note, me.id, COMMENT_MARKER)).collect();
    own.sort_by_key(|note| note.id);
    // The oldest one is kept: two runs at once may both have found none and written one.
    let (first, doubles) = own.split_first().map_or((None, [].as_slice()), |(first, rest)| (Some(first), rest));
    let call = match first {
        Some(note) if note.body.trim_end() == body.trim_end() => None,
        Some(note) => Some(project.rewrite_note(number, note.id, &body)),
        None => Some(project.write_note(number, &body)),
    };
    let away = doubles.iter().map(|note| project.delete_note(number, note.id));
    for call in call.into_iter().chain(away) {
        asking.send(&call)?;
    }
    Ok(Vec::new())
}

/// Returns the text with no line that GitLab would carry out (`/approve`, `/merge`) with the rights of the token.
///
/// Whoever made the text has escaped it already; this is the last place before it is sent.
pub(super) fn without_commands(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let words = line.trim_start();
        if words.starts_with('/') {
            let (indent, _) = line.split_at(line.len() - words.len());
            safe.push_str(indent);
            safe.push('\\');
            safe.push_str(words);
        } else {
            safe.push_str(line);
        }
    }
    safe
}

/// Says whether a note is the gate's own.
pub(super) fn is_own(note: &Note, me: u64, marker: &str) -> bool {
    me > 0 && note.author.id == me && !note.system && note.body.trim_start().starts_with(marker)
}

#[cfg(test)]
mod tests {
    use super::without_commands;

    #[test]
    fn no_line_begins_with_a_command() {
        let text = "/approve\nand/or\n  /merge now\r\n\u{a0}/close\n> /x\n";
        assert_eq!(without_commands(text), "\\/approve\nand/or\n  \\/merge now\r\n\u{a0}\\/close\n> /x\n");
        assert_eq!(without_commands(""), "");
    }
}
