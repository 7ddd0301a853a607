//! Both sides of one view of the import graph, with what is new in it.
//!
//! Owns what is worked out once a view and not once a rule: new links, neighbours, cycles.

use std::sync::OnceLock;

use super::chains::{OldSide, Wires};
use super::links::{Link, Steps, new_links};
use crate::enforcement::Violation;
use crate::impact::graph::{Between, FileId, Graph, ImportId, Renames};
use crate::impact::modules::ModuleId;
use crate::specification::hosted::HostedSystem;

/// Both sides of the graph, sorted into the modules of one system, with the imports that one scope covers.
#[derive(Debug)]
pub struct GraphPair {
    /// The system.
    pub system: HostedSystem,
    /// The merge base.
    pub base: Graph,
    /// What is proposed.
    pub head: Graph,
    /// Old path by new path.
    pub renames: Renames,
    links: Vec<Link>,
    /// Imports of head that make a new link, sorted.
    fresh: Vec<ImportId>,
    wires: OnceLock<Wires>,
    old_side: OnceLock<OldSide>,
    cycles: [OnceLock<Vec<Violation>>; 2],
}

impl GraphPair {
    pub(super) fn new(system: HostedSystem, base: Graph, head: Graph, renames: &Renames, steps: &Steps) -> Self {
        let links = new_links(&base, &head, renames, steps);
        let mut fresh: Vec<ImportId> =
            links.iter().flat_map(|link| link.more.iter().map(|more| more.0).chain([link.import])).collect();
        fresh.sort_unstable();
        fresh.dedup();
        let renames = renames.clone();
        let (wires, old_side, cycles) = Default::default();
        Self { system, base, head, renames, links, fresh, wires, old_side, cycles }
    }

    /// Returns what head imports and base does not, sorted by file and line.
    pub(in crate::enforcement) fn new_links(&self) -> &[Link] {
        &self.links
    }

    /// Returns the imports of head that make a new link, sorted.
    pub(super) fn fresh(&self) -> &[ImportId] {
        &self.fresh
    }

    /// Returns the neighbours of every file of head.
    pub(super) fn wires(&self) -> &Wires {
        self.wires.get_or_init(|| Wires::of(&self.head))
    }

    /// Returns the same of the base, and which of its files are which.
    pub(super) fn old_side(&self) -> &OldSide {
        self.old_side.get_or_init(|| OldSide::of(self))
    }

    /// Returns the violations that new cycles are, judged once a view.
    pub(in crate::enforcement) fn new_cycles(
        &self,
        between: Between,
        judge: impl FnOnce() -> Vec<Violation>,
    ) -> &[Violation] {
        let [modules, files] = &self.cycles;
        if between == Between::Modules { modules.get_or_init(judge) } else { files.get_or_init(judge) }
    }

    /// Returns the module of that name, or none when the system has no such module.
    pub(in crate::enforcement) fn module(&self, name: &str) -> Option<ModuleId> {
        self.head.modules().id(name)
    }

    /// Returns `system/module`, or the system and path of a file without one.
    pub(in crate::enforcement) fn label(&self, file: FileId) -> String {
        match self.head.module_of(file) {
            Some(module) => self.named(module),
            None => self.head.path(file).to_owned(),
        }
    }

    /// Returns `system/module`.
    pub(in crate::enforcement) fn named(&self, module: ModuleId) -> String {
        format!("{}/{}", self.system.id, self.head.modules().name(module))
    }

    /// Says whether the file lies in the system.
    pub(in crate::enforcement) fn holds(&self, file: FileId) -> bool {
        self.system.inside(self.head.path(file)).is_some()
    }
}
