//! `decisions/NNNN-*.md`: decision records, MADR 4, tied both ways to the rules that enforce them.

use serde::Serialize;

/// One decision record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Decision {
    /// `ADR-…`.
    pub id: String,
    /// The first heading.
    pub title: String,
    /// `proposed`, `accepted`, `rejected`, `deprecated` or `superseded`.
    pub status: String,
    /// `YYYY-MM-DD`, or empty.
    pub date: String,
    /// Teams that decided.
    pub decision_makers: Vec<String>,
    /// Rules that hold it up.
    pub enforced_by: Vec<String>,
    /// Why nothing enforces it, where nothing does.
    pub not_enforced: String,
    /// Decisions that it replaces.
    pub supersedes: Vec<String>,
    /// The file, relative to the root of the specification.
    pub file: String,
}
