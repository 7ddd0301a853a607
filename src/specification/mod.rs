//! What must hold: the written intent that a change is held against.
//!
//! Owns the specification repository: its files, what each holds, every reference between them, and the judgement of
//! changes to the gate's own rules. Must not read head as intent: head's copies of these files are subject matter. Must
//! not know how a kind of rule is enforced.

pub mod agent;
pub mod baseline;
pub mod contract;
pub mod decision;
pub mod diff;
pub mod export;
pub mod files;
mod front_matter;
pub mod governance;
pub mod hosted;
mod layout;
pub mod lint;
mod load;
pub mod lock;
pub mod manifest;
mod page;
pub mod pin;
pub mod prompt;
mod references;
pub mod rule;
pub mod schema;
pub mod source;
pub mod system;
pub mod team;
mod unmatched;
pub mod waiver;

use std::collections::BTreeMap;

use self::agent::Agent;
use self::contract::Contract;
use self::decision::Decision;
pub use self::lint::{Advice, lint};
pub use self::load::load;
use self::manifest::Manifest;
use self::prompt::Prompt;
use self::rule::Rule;
use self::system::System;
use self::team::Team;
pub use self::unmatched::unmatched;
use self::waiver::Waiver;
use crate::diagnostic::UsageError;
use crate::finding::RuleId;

/// A whole specification, read and resolved: every reference in it leads somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Specification {
    /// Header and defaults.
    pub manifest: Manifest,
    /// Teams by id.
    pub teams: BTreeMap<String, Team>,
    /// Systems by id.
    pub systems: BTreeMap<String, System>,
    /// Invariants and prohibited patterns by id, retired ones included.
    pub rules: BTreeMap<RuleId, Rule>,
    /// Contracts by id.
    pub contracts: BTreeMap<String, Contract>,
    /// Agents by id.
    pub agents: BTreeMap<String, Agent>,
    /// Prompts by id.
    pub prompts: BTreeMap<String, Prompt>,
    /// Decision records by id.
    pub decisions: BTreeMap<String, Decision>,
    /// Waivers by id.
    pub waivers: BTreeMap<String, Waiver>,
    /// Texts of `policies/*.rego` by path, `_test.rego` ones included.
    pub policies: BTreeMap<String, String>,
    /// Texts of all files that could be read as text, by path: faults are shown in them.
    pub texts: BTreeMap<String, String>,
    /// The folder in the repository that holds it, or empty: the names of its files for people start with it.
    pub folder: String,
    /// What is wrong with single exceptions, so that these do not work: the rest of the specification stands.
    pub remarks: Vec<UsageError>,
}

impl Specification {
    /// Returns the name of one of its files as shown to people: from the root of the repository where it lies there.
    #[must_use]
    pub fn shown(&self, path: &str) -> String {
        if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) }
    }
}
