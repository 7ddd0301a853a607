//! `independence`: modules that do not know each other, neither directly nor, unless `indirect: false`, over files of none of
//! them.

use serde_json::json;

use super::graphs::contradictions::{Claim, Says};
use super::graphs::names::{Groups, TYPE_ONLY, missing, module_list, switch, type_only_schema};
use super::graphs::words::{arrow, of_chain, of_link};
use super::graphs::{GraphPair, Question};
use super::{Enforcement, Kind, Proof, Reading, Violation};
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "independence", read, proof: Proof::Trees, schema };

#[derive(Debug)]
struct Independence {
    /// The modules.
    modules: Vec<String>,
    /// Whether chains count.
    indirect: bool,
    /// Whether imports count that only checkers of types read.
    type_only: bool,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let (mut modules, mut indirect, mut type_only) = (None, None, None);
    for (key, value) in reading.faults.map(node, "independence") {
        match key.value.as_str() {
            "modules" => {
                let names = module_list(reading, value, "modules");
                if names.len() == 1 {
                    reading.faults.add(value.place, "one module is independent of nothing", "one module", "Name two.");
                }
                modules = Some(names);
            }
            "indirect" => indirect = switch(reading, value, "indirect"),
            TYPE_ONLY => type_only = switch(reading, value, TYPE_ONLY),
            _ => reading.faults.unknown_key(key, &["modules", "indirect", TYPE_ONLY], "independence"),
        }
    }
    if modules.is_none() {
        missing(reading, node.place, "independence", "modules", "Write `modules: [cart, catalogue]`.");
    }
    let (indirect, type_only) = (indirect.unwrap_or(true), type_only.unwrap_or(true));
    modules.map(|modules| Box::new(Independence { modules, indirect, type_only }) as Box<dyn Enforcement>)
}

fn schema() -> serde_json::Value {
    json!({"type": "object", "required": ["modules"], "additionalProperties": false, "properties": {
        "modules": {"type": "array", "minItems": 2, "uniqueItems": true, "items": {"type": "string"},
            "description": "Modules that do not know each other."},
        "indirect": {"type": "boolean", "description": "Whether chains over files of no listed module count. Default: yes."},
        "type-only": type_only_schema()}})
}

impl Independence {
    fn name(&self, module: usize) -> &str {
        self.modules.get(module).map_or("", String::as_str)
    }

    fn words(&self, pair: &GraphPair, (from, to): (usize, usize), verb: &str) -> (String, String) {
        let (system, from, to) = (&pair.system.id, self.name(from), self.name(to));
        let fix = format!(
            "`{from}` and `{to}` must not know each other: move what both need to a module of its own, or let a third \
             bring them together."
        );
        (format!("{system}/{from} {verb} {system}/{to}, and they must not know each other"), fix)
    }
}

impl Enforcement for Independence {
    fn needs_graph(&self) -> bool {
        true
    }

    fn counts_types(&self) -> bool {
        self.type_only
    }

    fn judge_graph(&self, pair: &GraphPair) -> Vec<Violation> {
        let groups = Groups::of(pair, &self.modules);
        let mut found = Vec::new();
        for link in pair.new_links() {
            let (Some(from), Some(to)) = (groups.file(link.from), groups.module(link.to.module())) else { continue };
            if from != to {
                let (message, fix) = self.words(pair, (from, to), "imports");
                found.push(of_link(pair, link, format!("{message}: {}", arrow(pair, link)), fix));
            }
        }
        if !self.indirect {
            return found;
        }
        let question = Question {
            groups: self.modules.len(),
            of_file: &|file| groups.file(file),
            of_package: &|_| None,
            illegal: &|from, to| from != to,
        };
        found.extend(pair.chains(&question).iter().map(|chain| {
            let words = self.words(pair, (chain.from, chain.to), "reaches");
            of_chain(pair, chain, words, (self.name(chain.from), self.name(chain.to)))
        }));
        found
    }

    fn claims(&self) -> Vec<Claim> {
        let pairs = self.modules.iter().flat_map(|from| self.modules.iter().map(move |to| (from, to)));
        let pairs = pairs.filter(|(from, to)| from != to);
        pairs.map(|(from, to)| Claim { from: from.clone(), to: to.clone(), says: Says::Forbids }).collect()
    }
}
