//! Where evidence is looked for: one file a source, one line in the sorted list.
//!
//! Owns the list and what a source is given. A source finds marks and says nothing about what they add up to. Notes,
//! traces and sessions are sources too and get their own files.

mod branch;
mod identities;
mod messages;
mod trailers;

pub use branch::branch_name;

use super::catalogue::Catalogue;
use super::evidence::Evidence;
use crate::change::Commit;

/// What a source looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// The commit.
    pub(super) commit: &'a Commit,
    /// The name of the head branch where this is the commit that it points at, else empty.
    pub(super) branch: &'a str,
}

/// One source of evidence.
pub(super) struct Source {
    /// The name of its file.
    pub(super) name: &'static str,
    /// Returns what it finds.
    pub(super) find: fn(&Catalogue, &Subject<'_>) -> Vec<Evidence>,
}

/// All sources, sorted by name.
pub(super) const SOURCES: &[Source] = &[branch::SOURCE, identities::SOURCE, messages::SOURCE, trailers::SOURCE];

/// Returns all evidence about one commit, strongest first, each once.
pub(super) fn evidence(subject: &Subject<'_>) -> Vec<Evidence> {
    let catalogue = Catalogue::get();
    let mut found: Vec<Evidence> = SOURCES.iter().flat_map(|source| (source.find)(catalogue, subject)).collect();
    found.sort_by(|a, b| b.strength.cmp(&a.strength).then(b.confidence.cmp(&a.confidence)).then(a.cmp(b)));
    found.dedup();
    found
}

#[cfg(test)]
mod tests;
