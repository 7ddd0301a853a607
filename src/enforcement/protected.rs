//! `protected`: modules that only named modules may import; files of a module may import one another.
//!
//! Only direct imports count: what an importer offers in its own name is its own. One protected module may not import
//! another unless it is named.

use serde_json::json;

use super::graphs::GraphPair;
use super::graphs::contradictions::{Claim, Says};
use super::graphs::names::{Groups, TYPE_ONLY, known, missing, module_list, once, switch, type_only_schema};
use super::graphs::words::{arrow, joined, of_link};
use super::{Enforcement, Kind, Proof, Reading, Violation};
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "protected", read, proof: Proof::Trees, schema };

#[derive(Debug)]
struct Protected {
    modules: Vec<String>,
    importers: Vec<String>,
    /// Whether imports count that only checkers of types read.
    type_only: bool,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let (mut modules, mut importers, mut type_only) = (None, None, None);
    for (key, value) in reading.faults.map(node, "protected") {
        match key.value.as_str() {
            "modules" => modules = Some(module_list(reading, value, "modules")),
            "importers" => importers = Some(read_importers(reading, value)),
            TYPE_ONLY => type_only = switch(reading, value, TYPE_ONLY),
            _ => reading.faults.unknown_key(key, &["modules", "importers", TYPE_ONLY], "protected"),
        }
    }
    if modules.is_none() {
        missing(reading, node.place, "protected", "modules", "Write `modules: [vault]`.");
    }
    if importers.is_none() {
        let help = "Write `importers: [charge]`, or `importers: []` when nobody else may import it.";
        missing(reading, node.place, "protected", "importers", help);
    }
    let type_only = type_only.unwrap_or(true);
    Some(Box::new(Protected { modules: modules?, importers: importers?, type_only }))
}

/// The importers may be none: then the module stands alone.
fn read_importers(reading: &mut Reading<'_, '_>, node: &Node) -> Vec<String> {
    let names = reading.faults.texts(node, "importers");
    let mut seen = std::collections::BTreeSet::new();
    for name in &names {
        known(reading, name);
        once(reading, &mut seen, name);
    }
    names.into_iter().map(|name| name.value).collect()
}

fn schema() -> serde_json::Value {
    let names = |least: u32, description: &str| {
        json!({"type": "array", "minItems": least, "uniqueItems": true, "items": {"type": "string"},
            "description": description})
    };
    json!({"type": "object", "required": ["modules", "importers"], "additionalProperties": false, "properties": {
        "modules": names(1, "Modules that are protected."),
        "importers": names(0, "Modules that may import them; nobody else may."),
        "type-only": type_only_schema()}})
}

impl Enforcement for Protected {
    fn needs_graph(&self) -> bool {
        true
    }

    fn counts_types(&self) -> bool {
        self.type_only
    }

    fn judge_graph(&self, pair: &GraphPair) -> Vec<Violation> {
        let (guarded, allowed) = (Groups::of(pair, &self.modules), Groups::of(pair, &self.importers));
        let mut found = Vec::new();
        for link in pair.new_links() {
            let Some(module) = link.to.module().filter(|module| guarded.module(Some(*module)).is_some()) else {
                continue;
            };
            if pair.head.module_of(link.from) == Some(module) || allowed.file(link.from).is_some() {
                continue;
            }
            let name = pair.head.modules().name(module);
            let (message, fix) = match self.importers.as_slice() {
                [] => ("which nobody else may".to_owned(), format!("Ask `{name}` for what is needed another way.")),
                allowed => (
                    format!("which only {} may", joined(allowed, "and")),
                    format!("Ask {} for what is needed instead of `{name}`.", joined(allowed, "or")),
                ),
            };
            let (from, to) = (pair.label(link.from), pair.named(module));
            let message = format!("{from} imports {to}, {message}: {}", arrow(pair, link));
            found.push(of_link(pair, link, message, fix));
        }
        found
    }

    fn claims(&self) -> Vec<Claim> {
        let pairs = self.importers.iter().flat_map(|from| self.modules.iter().map(move |to| (from, to)));
        let pairs = pairs.filter(|(from, to)| from != to);
        pairs.map(|(from, to)| Claim { from: from.clone(), to: to.clone(), says: Says::Allows }).collect()
    }
}
