//! Which ends files reached at the merge base already: a chain between two of them is old, whatever way it takes now.
//!
//! Owns the same sense of *new* for chains that links have: who already imports a file may import more of it. Without
//! it every import inside a knot of files, which all reach one another, would be one more chain. Must err to *new*: a
//! file that was not there, lay in another module, or cannot be compared was reached by nobody.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{GraphPair, Hop, OPEN, Rows, Wires, number};
use crate::impact::graph::FileId;

/// A file of the base side that is none of the head side: nothing passes it.
const SHUT: u32 = u32::MAX - 1;
/// A node that the other side does not have.
const NONE: u32 = u32::MAX;
/// Hops followed for one rule and system; chains past it count as new.
const MOST_HOPS: usize = 3_000_000;

/// The base side of one view, and which of its nodes are which of the head side; the same for every rule.
#[derive(Debug)]
pub(in crate::enforcement::graphs) struct OldSide {
    wires: Wires,
    /// The node of the base side of each node of the head side, `NONE` for what was not there.
    to_base: Vec<u32>,
    /// The node of the head side of each node of the base side, likewise.
    to_head: Vec<u32>,
}

impl OldSide {
    pub(in crate::enforcement::graphs) fn of(pair: &GraphPair) -> Self {
        let (head, wires) = (pair.wires(), Wires::of(&pair.base));
        let (mut to_base, mut to_head) = (vec![NONE; head.nodes()], vec![NONE; wires.nodes()]);
        let mut same = |head: usize, base: usize| {
            to_base.get_mut(head).into_iter().for_each(|slot| *slot = number(base));
            to_head.get_mut(base).into_iter().for_each(|slot| *slot = number(head));
        };
        for file in (0..head.files).map(FileId::of) {
            let path = pair.head.path(file);
            let old = pair.renames.get(path).map_or(path, String::as_str);
            let module = pair.head.module_of(file);
            if let Some(before) = pair.base.find(old)
                && pair.base.module_of(before) == module
                // A glob of a path may have chosen the old name and not the new one.
                && (old == path || module.is_some())
            {
                same(file.index(), before.index());
            }
        }
        for (place, name) in head.packages.iter().enumerate() {
            if let Ok(before) = wires.packages.binary_search(name) {
                same(head.files + head.lists + place, wires.files + wires.lists + before);
            }
        }
        Self { wires, to_base, to_head }
    }

    /// The group of each node, as the head side has it.
    fn groups(&self, groups: &[u32]) -> Vec<u32> {
        let lists = self.wires.files..self.wires.files + self.wires.lists;
        let group = |(node, head): (usize, &u32)| match groups.get(*head as usize) {
            Some(group) => *group,
            None if lists.contains(&node) => OPEN,
            None => SHUT,
        };
        self.to_head.iter().enumerate().map(group).collect()
    }
}

/// What one rule's groups reached.
pub(super) struct Known<'p> {
    pair: &'p GraphPair,
    head: &'p Wires,
    base: &'p OldSide,
    /// The group of each node of the head side.
    groups: &'p [u32],
    /// The group of each node of the base side.
    old_groups: Vec<u32>,
    reached: BTreeMap<u32, BTreeSet<u32>>,
    reached_by: BTreeMap<u32, BTreeSet<u32>>,
    ends: BTreeMap<u32, BTreeSet<u32>>,
    starts: BTreeMap<u32, BTreeSet<u32>>,
    hops: usize,
}

impl<'p> Known<'p> {
    pub(super) fn new(pair: &'p GraphPair, groups: &'p [u32]) -> Self {
        let (head, base) = (pair.wires(), pair.old_side());
        let (reached, reached_by, ends, starts) = Default::default();
        Self { pair, head, base, groups, old_groups: base.groups(groups), reached, reached_by, ends, starts, hops: 0 }
    }

    /// Says whether all that a new hop joins, of these two groups, was joined at the merge base.
    ///
    /// `start` is reached over old imports only: a chain is judged at its first new one.
    pub(super) fn joined(&mut self, (from, to): (usize, usize), (start, target): (u32, u32)) -> bool {
        let ends = self.ends(target, to);
        if self.reached_all(start, &ends) {
            return true;
        }
        if self.groups.get(start as usize) != Some(&OPEN) {
            return false;
        }
        let starts = self.starts(start, from);
        // Where the hop leads was on the old way: one search says it for all starts.
        if self.reached_by_all(target, &starts) && self.reached_all(target, &ends) {
            return true;
        }
        !starts.is_empty() && starts.iter().all(|start| self.reached_all(*start, &ends))
    }

    /// The nodes of one group where ways from a node of the head side end.
    fn ends(&mut self, node: u32, group: usize) -> Vec<u32> {
        let (rows, groups, hops) = (&self.head.forward, self.groups, &mut self.hops);
        if groups.get(node as usize).is_some_and(|group| *group != OPEN) {
            return of_group(&BTreeSet::from([node]), groups, group);
        }
        let found = self.ends.entry(node).or_insert_with(|| borders(rows, node, groups, hops, |_| true));
        of_group(found, groups, group)
    }

    /// The nodes of one group where ways over old imports to a node of the head side begin.
    fn starts(&mut self, node: u32, group: usize) -> Vec<u32> {
        let (rows, groups, hops, fresh) = (&self.head.backward, self.groups, &mut self.hops, self.pair.fresh());
        let old = |(_, import): Hop| import.is_none_or(|id| fresh.binary_search(&id).is_err());
        let found = self.starts.entry(node).or_insert_with(|| borders(rows, node, groups, hops, old));
        of_group(found, groups, group)
    }

    /// Says whether all of these reached a node of the head side at the merge base.
    fn reached_by_all(&mut self, node: u32, starts: &[u32]) -> bool {
        let old_of = |node: u32| self.base.to_base.get(node as usize).filter(|old| **old != NONE);
        let Some(old) = old_of(node) else { return false };
        let (rows, groups, hops) = (&self.base.wires.backward, &self.old_groups, &mut self.hops);
        let found = self.reached_by.entry(*old).or_insert_with(|| borders(rows, *old, groups, hops, |_| true));
        let known = |start: &u32| old_of(*start).is_some_and(|start| found.contains(start));
        self.hops <= MOST_HOPS && !starts.is_empty() && starts.iter().all(known)
    }

    /// Says whether a node of the head side reached all of these at the merge base.
    fn reached_all(&mut self, node: u32, ends: &[u32]) -> bool {
        let old_of = |node: u32| self.base.to_base.get(node as usize).filter(|old| **old != NONE);
        let Some(old) = old_of(node) else { return false };
        let (rows, groups, hops) = (&self.base.wires.forward, &self.old_groups, &mut self.hops);
        let found = self.reached.entry(*old).or_insert_with(|| borders(rows, *old, groups, hops, |_| true));
        // SAFETY-OF-GATE: a search that was cut has found too little, here and on the head side.
        let known = |end: &u32| old_of(*end).is_some_and(|end| found.contains(end));
        self.hops <= MOST_HOPS && ends.iter().all(known)
    }
}

fn of_group(nodes: &BTreeSet<u32>, groups: &[u32], group: usize) -> Vec<u32> {
    let is = |node: &&u32| groups.get(**node as usize) == Some(&number(group));
    nodes.iter().filter(is).copied().collect()
}

/// Returns the nodes of any group that are reached from a node over nodes of none.
fn borders(rows: &Rows, start: u32, groups: &[u32], hops: &mut usize, passes: impl Fn(Hop) -> bool) -> BTreeSet<u32> {
    let group = |node: u32| groups.get(node as usize).copied().unwrap_or(SHUT);
    let (mut seen, mut found) = (vec![false; groups.len()], BTreeSet::new());
    let mut queue = VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        if *hops > MOST_HOPS {
            break;
        }
        for hop in rows.row(here) {
            *hops += 1;
            let Some(seen) = seen.get_mut(hop.0 as usize).filter(|seen| !**seen) else { continue };
            if !passes(*hop) {
                continue;
            }
            *seen = true;
            match group(hop.0) {
                OPEN => queue.push_back(hop.0),
                SHUT => {}
                _ => drop(found.insert(hop.0)),
            }
        }
    }
    found
}
