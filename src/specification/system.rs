//! `systems.yaml`: systems, their owner, repository, languages and modules by glob.

use std::collections::BTreeMap;

use serde::Serialize;

/// One system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct System {
    /// Its id.
    pub id: String,
    /// The team that owns it.
    pub owner: String,
    /// Where its repository is, or empty.
    pub repo: String,
    /// Languages, by the ids of this tool.
    pub languages: Vec<String>,
    /// `critical`, `standard`, or empty.
    pub tier: String,
    /// Globs by module id, relative to the root of the system; one or several a module.
    pub modules: BTreeMap<String, Vec<String>>,
    /// Line in `systems.yaml`, from 1.
    pub line: u32,
}
