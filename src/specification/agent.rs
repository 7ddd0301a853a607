//! `agents/*.yaml`: what an AI agent may do, one agent a file.

use std::collections::BTreeMap;

use serde::Serialize;

/// The contract of one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Agent {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The team that answers for it.
    pub owner: String,
    /// 1 tests and documentation, 2 features with review, 3 exploration with oversight, 4 within constraints.
    pub phase: u8,
    /// How its work is recognised.
    pub identities: Identities,
    /// Globs over model names; empty means any.
    pub models: Vec<String>,
    /// Systems that it may change; empty means any.
    pub systems: Vec<String>,
    /// Paths that it may change.
    pub paths: AgentPaths,
    /// How much it may change at once.
    pub limits: AgentLimits,
    /// What it may do on the forge.
    pub may: Vec<String>,
    /// Prompts that it may work from.
    pub prompts: Vec<String>,
    /// The review that its changes need at least: 1 to 3.
    pub min_layer: u8,
    /// The contract ends after this day, `YYYY-MM-DD`, unless renewed.
    pub review_by: String,
    /// The file, relative to the root of the specification.
    pub file: String,
    /// Line of the id in that file, from 1.
    pub line: u32,
}

/// How an agent's work is recognised; any of these is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Identities {
    /// Names of git authors or logins on the forge.
    pub authors: Vec<String>,
    /// Mail addresses of authors, committers or co-authors.
    pub emails: Vec<String>,
    /// Trailers by key.
    pub trailers: BTreeMap<String, String>,
}

/// Paths that an agent may change: those allowed and not denied; nothing allowed means every path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentPaths {
    /// Globs.
    pub allow: Vec<String>,
    /// Globs.
    pub deny: Vec<String>,
}

/// How much an agent may change at once; nothing means no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgentLimits {
    /// Changed files.
    pub files: Option<u32>,
    /// Added and removed lines.
    pub lines: Option<u32>,
    /// Changes open at the same time.
    pub open_changes: Option<u32>,
}
