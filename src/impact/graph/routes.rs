//! Indirect chains: how one set of modules reaches another although it does not import it.
//!
//! Owns two searches in breadth, one forward from the start and one backward from the end; every question about a
//! single import is then a walk along what they left. Costs grow with the graph, not with the number of questions.

use std::collections::VecDeque;

use super::edges::Neighbours;
use super::{FileId, Graph, ImportId};
use crate::impact::modules::ModuleSet;

/// One import of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The import: its file, line and text.
    pub import: ImportId,
    /// The file that it leads to on this chain.
    pub to: FileId,
}

/// Imports that lead from one file to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// At least one; an indirect chain has two or more.
    pub steps: Vec<Step>,
}

/// The shortest ways from one set of modules to another, over files that are in neither of them and in no module that
/// ways may not go through.
///
/// Of two shortest ways the one whose files come first by path is taken.
#[derive(Clone, Debug)]
pub struct Routes {
    /// For each node the one before it on the way from the start, with the import; none where it is not reached.
    before: Vec<Option<Hop>>,
    /// For each node the one after it on the way to the end.
    after: Vec<Option<Hop>>,
    files: usize,
}

/// One hop of a search: the neighbour, the import, and how far the node is.
#[derive(Clone, Copy, Debug)]
struct Hop {
    neighbour: Option<usize>,
    import: Option<ImportId>,
    distance: u32,
}

impl Graph {
    /// Searches the ways from `from` to `to` that do not go through `around`.
    #[must_use]
    pub fn routes(&self, from: &ModuleSet, to: &ModuleSet, around: &ModuleSet) -> Routes {
        let forward = self.neighbours();
        let backward = reversed(&forward);
        let module = |node: usize| self.files.get(node).and_then(|file| file.module);
        let at_ends = |node: usize| from.contains(module(node)) || to.contains(module(node));
        let open = |node: usize| !at_ends(node) && !around.contains(module(node));
        let starts = (0..forward.files).filter(|node| from.contains(module(*node)));
        let ends = (0..forward.files).filter(|node| to.contains(module(*node)) && !from.contains(module(*node)));
        let before = search(&forward, starts, open);
        let after = search(&backward, ends, open);
        Routes { before, after, files: forward.files }
    }

    /// Returns the shortest indirect chain: from a file of `from` over at least one file of neither set to a file of `to`.
    #[must_use]
    pub fn indirect(&self, from: &ModuleSet, to: &ModuleSet, around: &ModuleSet) -> Option<Chain> {
        self.routes(from, to, around).shortest()
    }
}

impl Routes {
    /// Returns the shortest indirect chain.
    #[must_use]
    pub fn shortest(&self) -> Option<Chain> {
        let length = |node: &usize| {
            let (before, after) = (self.hop(&self.before, *node)?, self.hop(&self.after, *node)?);
            (before.distance > 0 && after.distance > 0).then(|| before.distance.saturating_add(after.distance))
        };
        let middle = (0..self.files).filter_map(|node| Some((length(&node)?, node))).min()?.1;
        Some(Chain { steps: self.steps([self.start_to(middle), self.end_from(middle)].concat()) })
    }

    /// Returns the shortest indirect chain that uses this import; none when it is on no such chain, or when it leads
    /// directly from the one set to the other.
    #[must_use]
    pub fn through(&self, graph: &Graph, import: ImportId) -> Option<Chain> {
        let edge = graph.import(import)?;
        let from = edge.from.index();
        let start = self.hop(&self.before, from)?;
        let (mut best, mut place): (Option<u32>, Option<usize>) = (None, None);
        for target in graph.target_files(edge) {
            let Some(end) = self.hop(&self.after, target.index()) else { continue };
            if (start.distance > 0 || end.distance > 0) && best.is_none_or(|best| end.distance < best) {
                (best, place) = (Some(end.distance), Some(target.index()));
            }
        }
        let target = place?;
        let mut hops = self.start_to(from);
        hops.push((Some(import), target));
        hops.extend(self.end_from(target));
        Some(Chain { steps: self.steps(hops) })
    }

    fn hop<'a>(&self, side: &'a [Option<Hop>], node: usize) -> Option<&'a Hop> {
        side.get(node).and_then(Option::as_ref)
    }

    /// Hops from the start to a node: import and where it leads.
    fn start_to(&self, node: usize) -> Vec<(Option<ImportId>, usize)> {
        let (mut hops, mut here) = (Vec::new(), node);
        while let Some(hop) = self.hop(&self.before, here)
            && let Some(before) = hop.neighbour
        {
            hops.push((hop.import, here));
            here = before;
        }
        hops.reverse();
        hops
    }

    /// Hops from a node to the end.
    fn end_from(&self, node: usize) -> Vec<(Option<ImportId>, usize)> {
        let (mut hops, mut here) = (Vec::new(), node);
        while let Some(hop) = self.hop(&self.after, here)
            && let Some(after) = hop.neighbour
        {
            hops.push((hop.import, after));
            here = after;
        }
        hops
    }

    /// Joins the two halves of a hop over a list of targets.
    fn steps(&self, hops: Vec<(Option<ImportId>, usize)>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut pending = None;
        for (import, to) in hops {
            pending = import.or(pending);
            if to < self.files
                && let Some(import) = pending.take()
            {
                steps.push(Step { import, to: FileId::of(to) });
            }
        }
        steps
    }
}

/// Searches in breadth; `open` says which nodes a way may go through. A hop costs one import, so the second half of a
/// hop over a list of targets costs nothing.
fn search(
    neighbours: &Neighbours,
    starts: impl Iterator<Item = usize>,
    open: impl Fn(usize) -> bool,
) -> Vec<Option<Hop>> {
    let mut found: Vec<Option<Hop>> = vec![None; neighbours.rows.len()];
    let mut queue = VecDeque::new();
    for start in starts {
        if let Some(slot) = found.get_mut(start) {
            *slot = Some(Hop { neighbour: None, import: None, distance: 0 });
            queue.push_back((start, 0));
        }
    }
    while let Some((here, distance)) = queue.pop_front() {
        if found.get(here).copied().flatten().is_none_or(|hop| hop.distance != distance) {
            // A shorter way was found meanwhile.
            continue;
        }
        for (next, import) in neighbours.rows.get(here).map_or(&[][..], Vec::as_slice) {
            let far = distance.saturating_add(u32::from(import.is_some()));
            let nearer = |slot: &&mut Option<Hop>| slot.is_none_or(|known| far < known.distance);
            let passable = *next >= neighbours.files || open(*next);
            if let Some(slot) = found.get_mut(*next).filter(nearer).filter(|_| passable) {
                *slot = Some(Hop { neighbour: Some(here), import: *import, distance: far });
                if import.is_some() {
                    queue.push_back((*next, far));
                } else {
                    queue.push_front((*next, far));
                }
            }
        }
    }
    found
}

fn reversed(forward: &Neighbours) -> Neighbours {
    let mut rows: Vec<Vec<(usize, Option<ImportId>)>> = vec![Vec::new(); forward.rows.len()];
    for (from, row) in forward.rows.iter().enumerate() {
        for (to, import) in row {
            if let Some(back) = rows.get_mut(*to) {
                back.push((from, *import));
            }
        }
    }
    Neighbours { rows, files: forward.files }
}
