//! `prompts/*.prompt.md`: canonical prompts, with id, version and the hash of their body.

use serde::Serialize;

/// One prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Prompt {
    /// `PROMPT-…`.
    pub id: String,
    /// Its short name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `major.minor.patch`.
    pub version: String,
    /// The team that answers for it.
    pub owner: String,
    /// `draft`, `approved` or `retired`.
    pub status: String,
    /// SHA-256 over the body with LF endings and no trailing blanks.
    pub hash: String,
    /// The file, relative to the root of the specification.
    pub file: String,
}
