//! `acyclic`: modules, or files, must not import one another in a ring.
//!
//! A ring is new when one of its edges is: from module to module, or from file to file, and not the line of an import.
//! All rings that share a member are one finding, at the first new edge. What identifies it are the members; where the
//! same members formed a ring before, the new edges as well, because old debt must not cover a new ring.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::graphs::GraphPair;
use super::graphs::names::{TYPE_ONLY, missing, switch, type_only_schema};
use super::graphs::words::{limited, place_of};
use super::{Enforcement, Kind, Proof, Reading, Violation};
use crate::impact::graph::{Between, Cycle, CycleEdge};
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "acyclic", read, proof: Proof::Trees, schema };

/// Edges that the remedy names; `related` has them all.
const MOST_CUT: usize = 3;
/// Members, or edges to cut, named in a message.
const MOST_NAMED: usize = 8;

#[derive(Debug)]
struct Acyclic {
    between: Between,
    /// Whether imports count that only checkers of types read.
    type_only: bool,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let (mut between, mut seen, mut type_only) = (None, false, None);
    for (key, value) in reading.faults.map(node, "acyclic") {
        match key.value.as_str() {
            "between" => {
                seen = true;
                let words = [("modules", Between::Modules), ("files", Between::Files)];
                between = reading.faults.word(value, "between", &words);
            }
            TYPE_ONLY => type_only = switch(reading, value, TYPE_ONLY),
            _ => reading.faults.unknown_key(key, &["between", TYPE_ONLY], "acyclic"),
        }
    }
    if !seen {
        missing(reading, node.place, "acyclic", "between", "Write `between: modules` or `between: files`.");
    }
    let type_only = type_only.unwrap_or(true);
    between.map(|between| Box::new(Acyclic { between, type_only }) as Box<dyn Enforcement>)
}

fn schema() -> serde_json::Value {
    json!({"type": "object", "required": ["between"], "additionalProperties": false, "properties": {
        "between": {"enum": ["modules", "files"], "description": "What must not form a ring."},
        "type-only": type_only_schema()}})
}

impl Enforcement for Acyclic {
    fn needs_graph(&self) -> bool {
        true
    }

    fn counts_types(&self) -> bool {
        self.type_only
    }

    fn judge_graph(&self, pair: &GraphPair) -> Vec<Violation> {
        // The same for every rule of the view, and the search is over the whole graph.
        pair.new_cycles(self.between, || judged(pair, self.between)).to_vec()
    }
}

fn judged(pair: &GraphPair, between: Between) -> Vec<Violation> {
    let old_edges: BTreeSet<(String, String)> = match between {
        Between::Modules => {
            let name = |module| pair.base.modules().name(module).to_owned();
            pair.base.module_edges().into_iter().map(|edge| (name(edge.from), name(edge.to))).collect()
        }
        Between::Files => BTreeSet::new(),
    };
    let is_new = |edge: &CycleEdge| match between {
        Between::Modules => !old_edges.contains(&(edge.from.clone(), edge.to.clone())),
        Between::Files => !imported_before(pair, edge),
    };
    let old_cycles: BTreeSet<Vec<String>> = pair.base.cycles(between).into_iter().map(|cycle| cycle.members).collect();
    let mut found = Vec::new();
    for cycle in pair.head.cycles(between) {
        let new: Vec<usize> =
            (0..).zip(&cycle.edges).filter(|(_, edge)| is_new(edge)).map(|(index, _)| index).collect();
        let known = old_cycles.contains(&old_names(pair, between, &cycle.members));
        found.extend(violation(pair, between, &cycle, (&new, known)));
    }
    found
}

/// Says whether base has the same import from file to file, under their old paths.
fn imported_before(pair: &GraphPair, edge: &CycleEdge) -> bool {
    let old = |path: &str| pair.renames.get(path).map_or(path, String::as_str).to_owned();
    let ends = pair.base.find(&old(&edge.from)).zip(pair.base.find(&old(&edge.to)));
    ends.is_some_and(|(from, to)| {
        let mut imports = pair.base.imports_of(from).filter(|(_, import)| !import.declares);
        imports.any(|(_, import)| pair.base.target_files(import).contains(&to))
    })
}

fn old_names(pair: &GraphPair, between: Between, members: &[String]) -> Vec<String> {
    if between == Between::Modules {
        return members.to_vec();
    }
    let old = |path: &String| pair.renames.get(path).unwrap_or(path).clone();
    let mut names: Vec<String> = members.iter().map(old).collect();
    names.sort_unstable();
    names
}

/// Returns the violation of one cycle, or none when nothing in it is new or nothing of it lies in the system.
fn violation(pair: &GraphPair, between: Between, cycle: &Cycle, (new, known): (&[usize], bool)) -> Option<Violation> {
    let edge_at = |index: &usize| cycle.edges.get(*index);
    let inside = |path: &str| pair.system.inside(path).is_some();
    let place = |edge: &CycleEdge| edge.imports.first().map(|import| place_of(pair, *import)).unwrap_or_default();
    let own = new.iter().copied().find(|index| edge_at(index).is_some_and(|edge| inside(&place(edge).0)));
    let first = own.or_else(|| new.first().copied())?;
    let (path, line) = edge_at(&first).map(place)?;
    let held_by = if between == Between::Modules || inside(&path) {
        String::new()
    } else {
        cycle.members.iter().find(|member| inside(member))?.clone()
    };
    let mut anchor = format!("cycle {}", cycle.members.join(" "));
    if known {
        let edges: Vec<String> =
            new.iter().filter_map(edge_at).map(|edge| format!("{} -> {}", edge.from, edge.to)).collect();
        anchor = format!("{anchor} with {}", edges.join(" "));
    }
    Some(Violation {
        place: (line, 0, 0, 0),
        message: message(pair, between, cycle, first),
        anchor,
        fix: fix(pair, cycle, new),
        related: limited(related(pair, cycle, new)),
        held_by,
        path,
    })
}

fn message(pair: &GraphPair, between: Between, cycle: &Cycle, first: usize) -> String {
    let ring = cycle.ring_through(first);
    let mut names: Vec<&str> =
        ring.iter().filter_map(|index| cycle.edges.get(*index)).map(|edge| edge.from.as_str()).collect();
    names.extend(names.first().copied());
    let shown = match names.get(..MOST_NAMED) {
        Some(shown) if names.len() > MOST_NAMED + 2 => {
            format!(
                "{} -> ({} more) -> {}",
                shown.join(" -> "),
                names.len() - 1 - MOST_NAMED,
                names.first().unwrap_or(&"")
            )
        }
        _ => names.join(" -> "),
    };
    let what = if between == Between::Modules { format!("modules of {}", pair.system.id) } else { "files".to_owned() };
    let others = cycle.members.len().saturating_sub(names.len().saturating_sub(1));
    let tail = if others == 0 { String::new() } else { format!(" ({others} more are in rings with them)") };
    format!("{what} import one another in a ring: {shown}{tail}")
}

/// Says which edges to cut: the new ones where that is as cheap and leaves no ring, for they are what this change adds.
fn fix(pair: &GraphPair, cycle: &Cycle, new: &[usize]) -> String {
    let weight = |edges: &[usize]| -> usize {
        edges.iter().filter_map(|index| cycle.edges.get(*index)).map(|edge| edge.imports.len()).sum()
    };
    let takes_new = !cycle.cut.is_empty() && weight(new) <= weight(&cycle.cut) && leaves_no_ring(cycle, new);
    let chosen = if takes_new { new } else { cycle.cut.as_slice() };
    let cut: Vec<String> = chosen
        .iter()
        .filter_map(|index| cycle.edges.get(*index))
        .take(MOST_CUT)
        .map(|edge| {
            let places: Vec<String> = edge
                .imports
                .iter()
                .take(1)
                .map(|import| {
                    let (path, line) = place_of(pair, *import);
                    format!("{path}:{line}")
                })
                .collect();
            let more = edge.imports.len().saturating_sub(places.len());
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("{} -> {} ({}{more})", edge.from, edge.to, places.join(", "))
        })
        .collect();
    let left = chosen.len().saturating_sub(cut.len());
    let more = match left {
        0 => String::new(),
        1 => " and 1 more edge".to_owned(),
        _ => format!(" and {left} more edges"),
    };
    let least = if cycle.cut_is_smallest { "The fewest imports to cut" } else { "A small set of imports to cut" };
    if cut.is_empty() { "Cut one edge of the ring.".to_owned() } else { format!("{least}: {}{more}.", cut.join("; ")) }
}

/// Says whether no ring is left among the members without these edges.
fn leaves_no_ring(cycle: &Cycle, without: &[usize]) -> bool {
    let kept = (0..).zip(&cycle.edges).filter(|(index, _)| without.binary_search(index).is_err()).map(|(_, edge)| edge);
    let mut into: BTreeMap<&str, usize> = cycle.members.iter().map(|member| (member.as_str(), 0)).collect();
    let mut rows: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in kept {
        *into.entry(&edge.to).or_default() += 1;
        rows.entry(&edge.from).or_default().push(&edge.to);
    }
    // What nothing imports is in no ring; it is taken away until nothing more can be.
    let mut free: Vec<&str> = into.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut taken = 0;
    while let Some(name) = free.pop() {
        taken += 1;
        for to in rows.remove(name).unwrap_or_default() {
            if let Some(count) = into.get_mut(to) {
                *count -= 1;
                if *count == 0 {
                    free.push(to);
                }
            }
        }
    }
    taken == into.len()
}

/// Every edge with the place of its first import, the new ones first.
fn related(pair: &GraphPair, cycle: &Cycle, new: &[usize]) -> Vec<(String, u32, String)> {
    let old = (0..cycle.edges.len()).filter(|index| new.binary_search(index).is_err());
    let ordered = new.iter().copied().chain(old);
    let row = |index: usize| {
        let edge = cycle.edges.get(index)?;
        let (path, line) = place_of(pair, *edge.imports.first()?);
        let news = if new.binary_search(&index).is_ok() { ", new" } else { "" };
        let count = if edge.imports.len() == 1 { String::new() } else { format!(", {} imports", edge.imports.len()) };
        Some((path, line, format!("{} imports {}{count}{news}", edge.from, edge.to)))
    };
    ordered.filter_map(row).collect()
}
