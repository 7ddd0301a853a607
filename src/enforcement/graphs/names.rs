//! Modules as rules name them: read, checked against the systems of the rule's scope, and found in one system's graph.
//!
//! Owns the faults about module names. A module must exist in at least one system of the scope; a system without it is
//! judged without it.

use std::collections::BTreeSet;

use super::GraphPair;
use crate::diagnostic::shortened;
use crate::enforcement::Reading;
use crate::impact::graph::FileId;
use crate::impact::modules::ModuleId;
use crate::specification::system::System;
use crate::yaml::decode::suggestion;
use crate::yaml::{Node, Place, Placed};

/// Reads a list of module names: known, not empty, none twice.
pub(in crate::enforcement) fn module_list(reading: &mut Reading<'_, '_>, node: &Node, what: &str) -> Vec<String> {
    let names = reading.faults.texts(node, what);
    not_empty(reading, node, what);
    let mut seen = BTreeSet::new();
    for name in &names {
        known(reading, name);
        once(reading, &mut seen, name);
    }
    names.into_iter().map(|name| name.value).collect()
}

/// Records an empty list.
pub(in crate::enforcement) fn not_empty(reading: &mut Reading<'_, '_>, node: &Node, what: &str) {
    if matches!(&node.value, crate::yaml::Value::List(items) if items.is_empty()) {
        reading.faults.add(
            node.place,
            format!("`{what}` is empty, so the rule says nothing"),
            "nothing here",
            "Name something, or take the rule out.",
        );
    }
}

/// Records a name that stands twice.
pub(in crate::enforcement) fn once(
    reading: &mut Reading<'_, '_>,
    seen: &mut BTreeSet<String>,
    name: &Placed<String>,
) -> bool {
    let first = seen.insert(name.value.clone());
    if !first {
        let title = format!("`{}` stands twice", shortened(&name.value));
        reading.faults.add(name.place, title, "named before", "Keep one of the two.");
    }
    first
}

/// Says whether a system of the scope has the module; records a fault when none has.
pub(in crate::enforcement) fn known(reading: &mut Reading<'_, '_>, name: &Placed<String>) -> bool {
    let systems = systems(reading);
    // Systems that could not be read are a fault of their own, and no reason for more.
    if systems.is_empty() || systems.iter().any(|system| system.modules.contains_key(&name.value)) {
        return true;
    }
    let modules: BTreeSet<&str> = systems.iter().flat_map(|system| system.modules.keys().map(String::as_str)).collect();
    let ids: Vec<&str> = systems.iter().map(|system| system.id.as_str()).collect();
    let elsewhere = reading.specification.systems.values().find(|system| system.modules.contains_key(&name.value));
    let help = match elsewhere {
        Some(other) => format!("`{}` has one; it is not in the rule's scope.", other.id),
        None if modules.is_empty() => "Declare modules in systems.yaml.".to_owned(),
        None => suggestion(&name.value, modules.iter().copied()),
    };
    let none = if ids.len() == 1 { "has no" } else { "have no" };
    let title = format!("{} {none} module `{}`", super::words::joined(&ids, "and"), shortened(&name.value));
    reading.faults.add(name.place, title, "unknown module", help);
    false
}

/// Returns the systems of the rule's scope that the specification has.
pub(in crate::enforcement) fn systems<'a>(reading: &Reading<'a, '_>) -> Vec<&'a System> {
    reading.rule.scope.systems.iter().filter_map(|id| reading.specification.systems.get(id)).collect()
}

/// Records a key that is missing, unless it was there and misspelt.
pub(in crate::enforcement) fn missing(reading: &mut Reading<'_, '_>, place: Place, kind: &str, key: &str, help: &str) {
    if !reading.faults.just_misspelt(key) {
        reading.faults.add(place, format!("`{kind}` needs the key `{key}`"), "not complete", help);
    }
}

/// Reads `true` or `false`.
pub(in crate::enforcement) fn switch(reading: &mut Reading<'_, '_>, node: &Node, what: &str) -> Option<bool> {
    reading.faults.word(node, what, &[("true", true), ("false", false)])
}

/// The key of every graph kind that leaves imports out which only checkers of types read.
pub(in crate::enforcement) const TYPE_ONLY: &str = "type-only";

/// JSON Schema of that key.
pub(in crate::enforcement) fn type_only_schema() -> serde_json::Value {
    serde_json::json!({"type": "boolean", "description":
        "Whether imports count that only checkers of types read (`import type`, `if TYPE_CHECKING:`). Default: yes."})
}

/// Which of a rule's modules each module of a system is.
#[derive(Debug)]
pub(in crate::enforcement) struct Groups<'p> {
    pair: &'p GraphPair,
    by_module: Vec<Option<usize>>,
}

impl<'p> Groups<'p> {
    /// Numbers the modules of that system in the order of `names`; names that it lacks have no files.
    pub(in crate::enforcement) fn of<N: AsRef<str>>(pair: &'p GraphPair, names: &[N]) -> Self {
        let mut by_module = vec![None; pair.head.modules().names().len()];
        for (group, name) in names.iter().enumerate() {
            let slot = pair.module(name.as_ref()).and_then(|module| by_module.get_mut(module.index()));
            if let Some(slot) = slot {
                *slot = Some(group);
            }
        }
        Self { pair, by_module }
    }

    /// Returns the group of a module.
    pub(in crate::enforcement) fn module(&self, module: Option<ModuleId>) -> Option<usize> {
        self.by_module.get(module?.index()).copied().flatten()
    }

    /// Returns the group of a file.
    pub(in crate::enforcement) fn file(&self, file: FileId) -> Option<usize> {
        self.module(self.pair.head.module_of(file))
    }
}
