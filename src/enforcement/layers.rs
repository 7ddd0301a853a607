//! `layers`: modules from top to bottom; one may import those below it, never those above or beside it.
//!
//! `a | b` stand beside each other and do not know each other. `closed` wants every module of the system listed. A chain
//! counts as an import when it goes over files of no listed module only, unless `indirect: false`; one over a listed module breaks the rule
//! there, or is allowed.

use std::collections::BTreeSet;

use serde_json::json;

use super::graphs::contradictions::{Claim, Says};
use super::graphs::names::{Groups, TYPE_ONLY, known, missing, not_empty, once, switch, systems, type_only_schema};
use super::graphs::words::{arrow, joined, of_chain, of_link};
use super::graphs::{GraphPair, Question};
use super::{Enforcement, Kind, Proof, Reading, Violation};
use crate::diagnostic::shortened;
use crate::yaml::{Node, Place, Placed};

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "layers", read, proof: Proof::Trees, schema };

#[derive(Debug)]
struct Layers {
    /// Modules, top layer first.
    modules: Vec<String>,
    /// The layer of each, from 0.
    layers: Vec<usize>,
    /// The layers as written.
    order: Vec<String>,
    /// Whether chains count.
    indirect: bool,
    /// Whether imports count that only checkers of types read.
    type_only: bool,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let (mut order, mut closed, mut indirect, mut type_only) = (None, None, None, None);
    for (key, value) in reading.faults.map(node, "layers") {
        match key.value.as_str() {
            "order" => order = Some(read_order(reading, value)),
            "closed" => closed = switch(reading, value, "closed").filter(|closed| *closed).map(|_| value.place),
            "indirect" => indirect = switch(reading, value, "indirect"),
            TYPE_ONLY => type_only = switch(reading, value, TYPE_ONLY),
            _ => reading.faults.unknown_key(key, &["order", "closed", "indirect", TYPE_ONLY], "layers"),
        }
    }
    let Some(mut layers) = order else {
        missing(
            reading,
            node.place,
            "layers",
            "order",
            "Write `order: [api, \"cart | catalogue\", store]`, top first.",
        );
        return None;
    };
    if let Some(place) = closed {
        all_listed(reading, place, &layers.modules);
    }
    layers.indirect = indirect.unwrap_or(true);
    layers.type_only = type_only.unwrap_or(true);
    Some(Box::new(layers))
}

fn read_order(reading: &mut Reading<'_, '_>, node: &Node) -> Layers {
    let mut layers =
        Layers { modules: Vec::new(), layers: Vec::new(), order: Vec::new(), indirect: true, type_only: true };
    let mut seen = BTreeSet::new();
    let rows = reading.faults.texts(node, "order");
    for row in &rows {
        let names: Vec<&str> = row.value.split('|').map(str::trim).collect();
        for name in &names {
            if name.is_empty() {
                let title = format!("`{}` names no module beside a `|`", shortened(&row.value));
                reading.faults.add(
                    row.place,
                    title,
                    "a name is missing",
                    "Write a module on both sides, or take the `|` out.",
                );
                continue;
            }
            let name = Placed { value: (*name).to_owned(), place: row.place };
            if known(reading, &name) && once(reading, &mut seen, &name) {
                layers.modules.push(name.value);
                layers.layers.push(layers.order.len());
            }
        }
        layers.order.push(names.join(" | "));
    }
    if rows.len() == 1 {
        let help = "Name at least two, top first; for modules that do not know each other use `independence`.";
        reading.faults.add(node.place, "one layer forbids nothing", "one layer", help);
    }
    not_empty(reading, node, "order");
    layers
}

fn all_listed(reading: &mut Reading<'_, '_>, place: Place, listed: &[String]) {
    for system in systems(reading) {
        let unlisted: Vec<&String> = system.modules.keys().filter(|name| !listed.contains(name)).collect();
        if !unlisted.is_empty() {
            let title = format!("`closed` wants every module of `{}` listed", system.id);
            let help = format!("Give {} a layer, or leave `closed` out.", joined(&unlisted, "and"));
            reading.faults.add(place, title, "modules are missing", help);
        }
    }
}

fn schema() -> serde_json::Value {
    json!({"type": "object", "required": ["order"], "additionalProperties": false, "properties": {
        "order": {"type": "array", "minItems": 2, "items": {"type": "string"},
            "description": "Modules, top layer first; `a | b` are one layer and do not know each other."},
        "closed": {"type": "boolean", "description": "Every module of the system must be listed."},
        "indirect": {"type": "boolean", "description": "Whether chains over files of no listed module count. Default: yes."},
        "type-only": type_only_schema()}})
}

impl Layers {
    fn layer(&self, module: usize) -> usize {
        self.layers.get(module).copied().unwrap_or(0)
    }

    fn illegal(&self, from: usize, to: usize) -> bool {
        from != to && self.layer(from) >= self.layer(to)
    }

    fn name(&self, module: usize) -> &str {
        self.modules.get(module).map_or("", String::as_str)
    }

    /// Returns what is wrong, with the verb in the middle, and what to do.
    fn words(&self, pair: &GraphPair, (from, to): (usize, usize), verb: &str) -> (String, String) {
        let system = &pair.system.id;
        let (upper, lower) = (self.name(to), self.name(from));
        let (at, target, last) = (self.layer(from) + 1, self.layer(to) + 1, self.order.len());
        if at == target {
            let message = format!("{system}/{lower} {verb} {system}/{upper} beside it (both layer {at} of {last})");
            let fix = format!(
                "`{lower}` and `{upper}` must not know each other: move what both need to a layer below, or let a layer \
                 above bring them together."
            );
            return (message, fix);
        }
        let message = format!("{system}/{lower} (layer {at} of {last}) {verb} {system}/{upper} (layer {target})");
        let fix = format!(
            "A layer may import only layers below it, in the order {}: move what `{lower}` needs down to its layer or \
             below, or let `{upper}` hand it in.",
            self.order.join(" > ")
        );
        (message, fix)
    }
}

impl Enforcement for Layers {
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
            if self.illegal(from, to) {
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
            illegal: &|from, to| self.illegal(from, to),
        };
        found.extend(pair.chains(&question).iter().map(|chain| {
            let words = self.words(pair, (chain.from, chain.to), "reaches");
            of_chain(pair, chain, words, (self.name(chain.from), self.name(chain.to)))
        }));
        found
    }

    fn claims(&self) -> Vec<Claim> {
        let all = || 0..self.modules.len();
        let claim = |from: usize, to: usize, says: Says| Claim {
            from: self.name(from).to_owned(),
            to: self.name(to).to_owned(),
            says,
        };
        let pairs = all().flat_map(|from| all().map(move |to| (from, to))).filter(|(from, to)| from != to);
        pairs
            .map(|(from, to)| claim(from, to, if self.illegal(from, to) { Says::Forbids } else { Says::Above }))
            .collect()
    }
}
