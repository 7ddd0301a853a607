//! Cycles: modules, or files, that import one another in a ring.
//!
//! Owns the strongly connected parts (Tarjan's search, without recursion), each with every import in it and the imports
//! to cut. A part is one cycle or several that share a member; to break it, each of them must be cut.

use std::collections::BTreeMap;

use super::cut::{Cut, cut};
use super::{Graph, ImportId};

/// What may not form a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Between {
    /// Modules; files without a module are left out.
    Modules,
    /// Files.
    Files,
}

/// Members that import one another in a ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Names of modules or paths of files, sorted; at least two.
    pub members: Vec<String>,
    /// Every edge between two members, sorted by their names.
    pub edges: Vec<CycleEdge>,
    /// Edges to cut so that no ring is left, as indexes into `edges`; weighed by their number of imports.
    pub cut: Vec<usize>,
    /// True when no cheaper set would do; else a good one was taken. (Exact up to 14 members.)
    pub cut_is_smallest: bool,
}

/// What one member imports of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleEdge {
    /// The member that imports.
    pub from: String,
    /// The member that is imported.
    pub to: String,
    /// The imports, sorted by file and line.
    pub imports: Vec<ImportId>,
}

/// Imports between two nodes, by pair.
type Edges = BTreeMap<(usize, usize), Vec<ImportId>>;

impl Graph {
    /// Returns every cycle, sorted by its first member.
    #[must_use]
    pub fn cycles(&self, between: Between) -> Vec<Cycle> {
        match between {
            Between::Modules => {
                let edges = self.module_edges().into_iter();
                let edges: Edges = edges.map(|edge| ((edge.from.index(), edge.to.index()), edge.imports)).collect();
                let mut rows = vec![Vec::new(); self.modules.names().len()];
                for (from, to) in edges.keys() {
                    if let Some(row) = rows.get_mut(*from) {
                        row.push(*to);
                    }
                }
                let names = self.modules.names();
                let name = |node: usize| names.get(node).cloned().unwrap_or_default();
                components(&rows).iter().map(|part| cycle(part, &edges, &name)).collect()
            }
            Between::Files => self.file_cycles(),
        }
    }

    fn file_cycles(&self) -> Vec<Cycle> {
        let neighbours = self.neighbours();
        let rows: Vec<Vec<usize>> = neighbours.rows.iter().map(|row| row.iter().map(|(to, _)| *to).collect()).collect();
        let name = |node: usize| self.files.get(node).map_or(String::new(), |file| file.path.clone());
        let mut cycles = Vec::new();
        for mut part in components(&rows) {
            part.retain(|node| *node < neighbours.files);
            let mut edges = Edges::new();
            for node in &part {
                let own = self.imports_of(super::FileId::of(*node));
                for (id, import) in own.filter(|(_, import)| !import.declares) {
                    for target in self.target_files(import).iter().map(|file| file.index()) {
                        if target != *node && part.binary_search(&target).is_ok() {
                            edges.entry((*node, target)).or_default().push(id);
                        }
                    }
                }
            }
            if part.len() > 1 {
                cycles.push(cycle(&part, &edges, &name));
            }
        }
        cycles
    }
}

impl Cycle {
    /// Returns the shortest ring through an edge, as indexes into `edges` that begin with it.
    #[must_use]
    pub fn ring_through(&self, edge: usize) -> Vec<usize> {
        let Some(first) = self.edges.get(edge) else { return Vec::new() };
        // For each member the edge by which it was reached.
        let mut reached: BTreeMap<&str, Option<usize>> = BTreeMap::from([(first.to.as_str(), None)]);
        let mut queue = std::collections::VecDeque::from([first.to.as_str()]);
        while let Some(here) = queue.pop_front() {
            let start = self.edges.partition_point(|edge| edge.from.as_str() < here);
            let own = self.edges.iter().enumerate().skip(start).take_while(|(_, edge)| edge.from == here);
            for (index, edge) in own {
                if !reached.contains_key(edge.to.as_str()) {
                    reached.insert(&edge.to, Some(index));
                    queue.push_back(&edge.to);
                }
            }
        }
        let (mut ring, mut here) = (Vec::new(), first.from.as_str());
        while let Some(Some(index)) = reached.get(here) {
            ring.push(*index);
            here = self.edges.get(*index).map_or("", |edge| edge.from.as_str());
        }
        ring.push(edge);
        ring.reverse();
        ring
    }
}

fn cycle(part: &[usize], edges: &Edges, name: &dyn Fn(usize) -> String) -> Cycle {
    let place: BTreeMap<usize, usize> = part.iter().enumerate().map(|(place, node)| (*node, place)).collect();
    let mut inner = Vec::new();
    let mut weights = Vec::new();
    for node in part {
        for ((from, to), imports) in edges.range((*node, 0)..=(*node, usize::MAX)) {
            if let (Some(a), Some(b)) = (place.get(from), place.get(to)) {
                weights.push((*a, *b, imports.len() as u64));
                inner.push(CycleEdge { from: name(*from), to: name(*to), imports: imports.clone() });
            }
        }
    }
    let Cut { edges, smallest } = cut(part.len(), &weights);
    Cycle {
        members: part.iter().map(|node| name(*node)).collect(),
        edges: inner,
        cut: edges,
        cut_is_smallest: smallest,
    }
}

/// Returns the strongly connected parts with more than one node, each sorted, sorted by their first node.
fn components(rows: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Tarjan {
        order: vec![None; rows.len()],
        low: vec![0; rows.len()],
        on_stack: vec![false; rows.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for root in 0..rows.len() {
        if search.order.get(root).copied().flatten().is_none() {
            search.run(root, rows);
        }
    }
    search.found.sort();
    search.found
}

struct Tarjan {
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

impl Tarjan {
    /// Searches everything that a root reaches; the open nodes are kept with the neighbour that is next.
    fn run(&mut self, root: usize, rows: &[Vec<usize>]) {
        let mut open: Vec<(usize, usize)> = vec![(root, 0)];
        self.enter(root);
        while let Some((node, at)) = open.last_mut() {
            let node = *node;
            let Some(next) = rows.get(node).and_then(|row| row.get(*at)).copied() else {
                open.pop();
                self.leave(node);
                if let Some((parent, _)) = open.last() {
                    self.lower(*parent, self.low_of(node));
                }
                continue;
            };
            *at += 1;
            match self.order.get(next).copied().flatten() {
                None => {
                    self.enter(next);
                    open.push((next, 0));
                }
                Some(order) if self.on_stack.get(next).copied().unwrap_or(false) => self.lower(node, order),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, node: usize) {
        if let (Some(order), Some(low), Some(on)) =
            (self.order.get_mut(node), self.low.get_mut(node), self.on_stack.get_mut(node))
        {
            (*order, *low, *on) = (Some(self.next), self.next, true);
            self.next += 1;
            self.stack.push(node);
        }
    }

    fn low_of(&self, node: usize) -> usize {
        self.low.get(node).copied().unwrap_or(usize::MAX)
    }

    fn lower(&mut self, node: usize, to: usize) {
        if let Some(low) = self.low.get_mut(node) {
            *low = (*low).min(to);
        }
    }

    /// Takes the node's part off the stack when the node is its first.
    fn leave(&mut self, node: usize) {
        if self.order.get(node).copied().flatten() != Some(self.low_of(node)) {
            return;
        }
        let mut part = Vec::new();
        while let Some(member) = self.stack.pop() {
            if let Some(on) = self.on_stack.get_mut(member) {
                *on = false;
            }
            part.push(member);
            if member == node {
                break;
            }
        }
        if part.len() > 1 {
            part.sort_unstable();
            self.found.push(part);
        }
    }
}
