//! What follows from a specification, for others to read: coding agents, forges, people. One file a format.
//!
//! Owns pure renderers: a specification in, text out. Every text is escaped where it is written. Must not read files,
//! and must not know what a kind of rule means: what stands under `enforce` is shown as it is written.

pub mod agents_md;
pub mod codeowners;
pub mod demand;
pub mod html;
mod markdown;
pub mod section;

use crate::finding::Status;
use crate::specification::Specification;
use crate::specification::rule::Rule;

/// Which systems an export is about; none named means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Ids of systems and the folder of each in the repository that the export is for; the root is empty.
    pub systems: Vec<(String, String)>,
}

impl Extent {
    /// Returns the whole specification, every system at the root of its own repository.
    #[must_use]
    pub fn whole(specification: &Specification) -> Self {
        Self { systems: specification.systems.keys().map(|id| (id.clone(), String::new())).collect() }
    }

    /// Returns the strictest status that a rule has in these systems, or none when it does not hold in them.
    #[must_use]
    pub fn status(&self, rule: &Rule) -> Option<Status> {
        let here = self.systems.iter().filter(|(id, _)| rule.scope.systems.contains(id));
        here.map(|(id, _)| rule.status_in(id)).max()
    }

    /// Returns a glob of a system as it reads from the root of the repository.
    #[must_use]
    pub fn from_root(&self, system: &str, glob: &str) -> String {
        let root = self.systems.iter().find(|(id, _)| id == system).map_or("", |(_, root)| root.as_str());
        if root.is_empty() { glob.to_owned() } else { format!("{root}/{glob}") }
    }
}
