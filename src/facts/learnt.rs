//! What one side says by itself, as bytes that a later run can use in place of a parse.
//!
//! Owns their form. Bytes that are none of ours, or of another language, are no facts: the side is parsed as ever.

use serde::{Deserialize, Serialize};

use super::lines::ChangedLines;
use super::walk::Raw;

/// Number of the extraction: to be raised whenever the same bytes may yield other facts than before;
/// a detector of secrets that comes or goes changes what is masked.
pub const VERSION: u32 = 5;

#[derive(Serialize, Deserialize)]
struct Learnt<'a> {
    language: &'a str,
    raw: Raw,
}

/// Returns the facts of a side as bytes; none at all where they are not complete.
pub(super) fn write(language: &str, raw: Raw) -> Vec<u8> {
    if raw.skipped.is_some() {
        return Vec::new();
    }
    postcard::to_stdvec(&Learnt { language, raw }).unwrap_or_default()
}

/// Returns the facts that a walk over the side gives, in `focus` where there is one.
pub(super) fn read(bytes: &[u8], language: &str, focus: Option<&ChangedLines>) -> Option<Raw> {
    let (learnt, rest) = postcard::take_from_bytes::<Learnt<'_>>(bytes).ok()?;
    if learnt.language != language || !rest.is_empty() {
        return None;
    }
    let mut raw = learnt.raw;
    if let Some(focus) = focus {
        raw.matches.retain(|hit| focus.touch(hit.found.start, hit.found.end));
    }
    Some(raw)
}
