//! What several formats share: code frames, wrapped text, colours, counts and the words for things.
//!
//! Must not know any one format.

pub(super) mod frame;
pub(super) mod next;
pub(super) mod others;
pub(super) mod paint;
pub(super) mod tally;
pub(super) mod text;
pub(super) mod trace;
pub(super) mod words;
