//! Both sides of one changed file as documents.
//!
//! Owns how they travel from the worker: as JSON texts, because the wire knows no values without a type.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Format, Unread, read};
use crate::limits::Limits;

/// One side of a changed file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// No file there, or none of a format.
    #[default]
    None,
    /// The document as JSON.
    Read(String),
    /// Why it could not be read.
    Unread(Unread),
}

/// Both sides of a changed file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides {
    /// The word of head's format, or of base's when deleted; empty when neither is a document.
    pub format: String,
    /// The base side.
    pub base: Side,
    /// The head side.
    pub head: Side,
    /// At which lines the parts of head stand, as JSON; empty where that is not known.
    pub lines: String,
}

impl Sides {
    /// Reads the sides that are there, each as its own name says.
    #[must_use]
    pub fn read(base: Option<(&str, &[u8])>, head: Option<(&str, &[u8])>, limits: &Limits) -> Self {
        let format = |side: Option<(&str, &[u8])>| side.and_then(|(path, _)| Format::of(path));
        let word = if head.is_some() { format(head) } else { format(base) };
        let side = |side: Option<(&str, &[u8])>| match (format(side), side) {
            (Some(format), Some((_, bytes))) => self::side(format, bytes, limits),
            _ => (Side::None, String::new()),
        };
        let ((base, _), (head, lines)) = (side(base), side(head));
        Self { format: word.map_or("", Format::word).to_owned(), base, head, lines }
    }
}

fn side(format: Format, bytes: &[u8], limits: &Limits) -> (Side, String) {
    let text = |value: &Value| serde_json::to_string(value).map_err(|error| Unread::at(0, error.to_string()));
    let read = || {
        if crate::change::lfs_pointer(bytes) {
            return Err(Unread::at(0, "its content is in Git LFS, not in the repository"));
        }
        let one = read(format, bytes, limits)?;
        Ok((Side::Read(text(&one.value)?), text(&one.lines)?))
    };
    read().unwrap_or_else(|unread| (Side::Unread(unread), String::new()))
}
