//! What depends on what: modules, directly and over others.

use std::collections::{BTreeMap, BTreeSet};

use super::Graphs;
use crate::impact::modules::ModuleId;

/// The modules that depend on one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependents {
    /// The module.
    pub module: ModuleId,
    /// Modules that import it, sorted.
    pub direct: Vec<ModuleId>,
    /// Modules that import it directly or over others, sorted; direct ones included, itself never.
    pub transitive: Vec<ModuleId>,
}

impl Graphs {
    /// Returns what depends on each of the modules, in their order.
    ///
    /// Who relied on it before the change counts too: a change that takes a file away leaves its importers' links
    /// leading nowhere, and they are the ones that it hits.
    #[must_use]
    pub fn dependents(&self, modules: &BTreeSet<ModuleId>) -> Vec<Dependents> {
        let mut importers: BTreeMap<ModuleId, BTreeSet<ModuleId>> = BTreeMap::new();
        for edge in [&self.base, &self.head].into_iter().flat_map(|graph| graph.module_edges()) {
            importers.entry(edge.to).or_default().insert(edge.from);
        }
        modules.iter().map(|module| dependents(*module, &importers)).collect()
    }
}

fn dependents(module: ModuleId, importers: &BTreeMap<ModuleId, BTreeSet<ModuleId>>) -> Dependents {
    let direct: Vec<ModuleId> = importers.get(&module).into_iter().flatten().copied().collect();
    let mut reached: BTreeSet<ModuleId> = BTreeSet::from([module]);
    let mut open = vec![module];
    while let Some(here) = open.pop() {
        for next in importers.get(&here).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(*next);
            }
        }
    }
    reached.remove(&module);
    Dependents { module, direct, transitive: reached.into_iter().collect() }
}
