//! Chains: how one group of files reaches another over files that are in none of the groups.
//!
//! Owns the search, for all pairs of groups of one rule together: one search a group and not one a pair, over neighbours
//! that are laid out once a view. Only chains with a new import in them are looked for, and each is found at its first
//! new import: what leads there is old. `known` says which ends were joined before, and such a chain is not looked for.

mod known;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use self::known::Known;
pub(super) use self::known::OldSide;
use super::GraphPair;
use crate::impact::graph::{FileId, Graph, ImportId, Target};

/// A node that is in no group.
const OPEN: u32 = u32::MAX;
/// Chains reported of one rule and system; a rule with more is no less broken.
const MOST_CHAINS: usize = 1_000;

/// Files, then lists of several targets, then packages outside: their neighbours both ways.
#[derive(Debug)]
pub(super) struct Wires {
    files: usize,
    lists: usize,
    packages: Vec<String>,
    forward: Rows,
    backward: Rows,
}

/// One hop: where it leads and the import that makes it; none out of a list.
type Hop = (u32, Option<ImportId>);

/// Hops of each node, laid out one after the other.
#[derive(Debug)]
struct Rows {
    start: Vec<usize>,
    hops: Vec<Hop>,
}

impl Rows {
    /// Lays out (node, hop), which are sorted by node.
    fn of(nodes: usize, pairs: &[(u32, Hop)]) -> Self {
        let start = (0..=nodes).map(|node| pairs.partition_point(|(from, _)| (*from as usize) < node)).collect();
        Self { start, hops: pairs.iter().map(|(_, hop)| *hop).collect() }
    }

    fn row(&self, node: u32) -> &[Hop] {
        let bound = |at: usize| self.start.get(at).copied().unwrap_or(self.hops.len());
        self.hops.get(bound(node as usize)..bound(node as usize + 1)).unwrap_or_default()
    }
}

impl Wires {
    pub(super) fn of(graph: &Graph) -> Self {
        let files = graph.files().len();
        let mut lists: BTreeMap<u32, Vec<FileId>> = BTreeMap::new();
        let mut packages: BTreeMap<&str, u32> = BTreeMap::new();
        for (_, import) in graph.dependencies() {
            if let Target::Files(list) = import.target
                && graph.target_files(import).len() > 1
            {
                lists.entry(list).or_insert_with(|| graph.target_files(import).to_vec());
            }
            if let Some(name) = graph.package(import) {
                packages.insert(name, 0);
            }
        }
        let first_package = files + lists.len();
        packages.values_mut().zip(number(first_package)..).for_each(|(slot, node)| *slot = node);
        let list_nodes: BTreeMap<u32, u32> = lists.keys().copied().zip(number(files)..).collect();
        let mut pairs: Vec<(u32, Hop)> = Vec::new();
        for (id, import) in graph.dependencies() {
            let to = match (import.target, graph.target_files(import)) {
                (Target::Files(_), [only]) => Some(number(only.index())),
                (Target::Files(list), _) => list_nodes.get(&list).copied(),
                (Target::Package(_), _) => graph.package(import).and_then(|name| packages.get(name)).copied(),
                (Target::Unresolved, _) => None,
            };
            pairs.extend(to.map(|to| (number(import.from.index()), (to, Some(id)))));
        }
        for (list, targets) in &lists {
            let Some(node) = list_nodes.get(list) else { continue };
            pairs.extend(targets.iter().map(|file| (*node, (number(file.index()), None))));
        }
        pairs.sort_unstable();
        let mut back: Vec<(u32, Hop)> = pairs.iter().map(|(from, (to, import))| (*to, (*from, *import))).collect();
        back.sort_unstable();
        let nodes = first_package + packages.len();
        let packages: Vec<String> = packages.into_keys().map(str::to_owned).collect();
        let (forward, backward) = (Rows::of(nodes, &pairs), Rows::of(nodes, &back));
        Self { files, lists: lists.len(), packages, forward, backward }
    }

    fn nodes(&self) -> usize {
        self.files + self.lists + self.packages.len()
    }

    fn file(&self, node: u32) -> Option<FileId> {
        ((node as usize) < self.files).then(|| FileId::of(node as usize))
    }

    fn package(&self, node: u32) -> Option<&str> {
        let place = (node as usize).checked_sub(self.files + self.lists)?;
        self.packages.get(place).map(String::as_str)
    }

    /// Searches in breadth from some nodes over those that are `open`; returns for each node that was reached the hop
    /// back towards the start, and for a start itself nothing to follow.
    fn search(&self, rows: &Rows, starts: impl Iterator<Item = u32>, open: impl Fn(u32, Hop) -> bool) -> Vec<Reached> {
        let mut reached = vec![Reached::No; rows.start.len()];
        let mut queue = VecDeque::new();
        for start in starts {
            if let Some(slot) = reached.get_mut(start as usize) {
                *slot = Reached::Start;
                queue.push_back(start);
            }
        }
        while let Some(here) = queue.pop_front() {
            for hop in rows.row(here) {
                let (next, import) = *hop;
                if let Some(slot) = reached.get_mut(next as usize).filter(|slot| matches!(slot, Reached::No))
                    && open(next, *hop)
                {
                    *slot = Reached::From(here, import);
                    queue.push_back(next);
                }
            }
        }
        reached
    }
}

/// How a search came to a node.
#[derive(Clone, Copy, Debug)]
enum Reached {
    No,
    Start,
    From(u32, Option<ImportId>),
}

impl Reached {
    fn at(reached: &[Self], node: u32) -> Self {
        reached.get(node as usize).copied().unwrap_or(Self::No)
    }
}

/// What a rule asks: which files and packages form groups, and which group must not reach which.
pub(in crate::enforcement) struct Question<'q> {
    /// Number of groups.
    pub(in crate::enforcement) groups: usize,
    /// The group of a file.
    pub(in crate::enforcement) of_file: &'q dyn Fn(FileId) -> Option<usize>,
    /// The group of a package outside.
    pub(in crate::enforcement) of_package: &'q dyn Fn(&str) -> Option<usize>,
    /// Says whether the first group must not reach the second.
    pub(in crate::enforcement) illegal: &'q dyn Fn(usize, usize) -> bool,
}

/// Imports that lead from one group to another over files of none; at least two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::enforcement) struct Chain {
    /// The group where it starts.
    pub(in crate::enforcement) from: usize,
    /// The group where it ends.
    pub(in crate::enforcement) to: usize,
    /// Each import and the path or package that it leads to.
    pub(in crate::enforcement) steps: Vec<(ImportId, String)>,
    /// Which of the steps is the first new one.
    pub(in crate::enforcement) first_new: usize,
    /// Path or package at the end.
    pub(in crate::enforcement) end: String,
}

impl GraphPair {
    /// Returns the shortest illegal chain for every new import and pair of groups, sorted by the new import.
    pub(in crate::enforcement) fn chains(&self, question: &Question<'_>) -> Vec<Chain> {
        let wires = self.wires();
        if self.fresh().is_empty() {
            return Vec::new();
        }
        let groups = self.groups(question);
        let group = |node: u32| groups.get(node as usize).copied().unwrap_or(OPEN);
        let open = |node: u32| group(node) == OPEN;
        // A chain goes over a file of no group, so one end of each of its imports is such a file or a list.
        let news: Vec<(ImportId, u32, u32)> =
            self.new_hops(wires).filter(|(_, from, to)| open(*from) || open(*to)).collect();
        if news.is_empty() {
            return Vec::new();
        }
        let members = |wanted: usize| {
            (0..).zip(&groups).filter(move |(_, group)| **group as usize == wanted).map(|(node, _)| node)
        };
        let before = self.before(question, &news, &groups);
        let mut known: Option<Known<'_>> = None;
        let mut joined = |pair, hop| known.get_or_insert_with(|| Known::new(self, &groups)).joined(pair, hop);
        let mut chains = Vec::new();
        for to in 0..question.groups {
            if !(0..question.groups).any(|from| (question.illegal)(from, to)) {
                continue;
            }
            let after = wires.search(&wires.backward, members(to), |node, _| open(node));
            for new in &news {
                let (_, from, target) = *new;
                if matches!(Reached::at(&after, target), Reached::No) {
                    continue;
                }
                if !open(from) {
                    let start = group(from) as usize;
                    if (question.illegal)(start, to) && !joined((start, to), (from, target)) {
                        chains.extend(self.chain(wires, (start, to), *new, None, &after));
                    }
                    continue;
                }
                for (start, before) in &before {
                    if (question.illegal)(*start, to)
                        && !matches!(Reached::at(before, from), Reached::No)
                        && !joined((*start, to), (from, target))
                    {
                        chains.extend(self.chain(wires, (*start, to), *new, Some(before), &after));
                    }
                }
            }
            if chains.len() >= MOST_CHAINS {
                break;
            }
        }
        chains.sort_by_key(|chain| (chain.steps.get(chain.first_new).map(|step| step.0), chain.from, chain.to));
        chains.truncate(MOST_CHAINS);
        chains
    }

    /// The group of every node.
    fn groups(&self, question: &Question<'_>) -> Vec<u32> {
        let wires = self.wires();
        let numbered = |group: Option<usize>| group.map_or(OPEN, number);
        let mut groups: Vec<u32> =
            (0..wires.files).map(|file| numbered((question.of_file)(FileId::of(file)))).collect();
        groups.resize(wires.files + wires.lists, OPEN);
        groups.extend(wires.packages.iter().map(|name| numbered((question.of_package)(name))));
        groups
    }

    /// New links as hops, by their first import.
    fn new_hops<'w>(&'w self, wires: &'w Wires) -> impl Iterator<Item = (ImportId, u32, u32)> + 'w {
        let mut seen = BTreeSet::new();
        self.new_links().iter().filter_map(move |link| {
            let from = number(link.from.index());
            let hop = wires.forward.row(from).iter().find(|(_, import)| *import == Some(link.import))?;
            seen.insert((from, hop.0)).then_some((link.import, from, hop.0))
        })
    }

    /// Where each group comes over old imports, where a new import starts at a file of no group.
    fn before(
        &self,
        question: &Question<'_>,
        news: &[(ImportId, u32, u32)],
        groups: &[u32],
    ) -> Vec<(usize, Vec<Reached>)> {
        let wires = self.wires();
        let group = |node: u32| groups.get(node as usize).copied().unwrap_or(OPEN);
        if !news.iter().any(|(_, from, _)| group(*from) == OPEN) {
            return Vec::new();
        }
        let old = |import: Option<ImportId>| import.is_none_or(|id| self.fresh().binary_search(&id).is_err());
        let starting = (0..question.groups).filter(|from| (0..question.groups).any(|to| (question.illegal)(*from, to)));
        starting
            .map(|from| {
                let members = (0..).zip(groups).filter(|(_, group)| **group as usize == from).map(|(node, _)| node);
                (from, wires.search(&wires.forward, members, |node, (_, import)| group(node) == OPEN && old(import)))
            })
            .collect()
    }

    /// Joins the way to the new import, the import, and the way from it; none when that is a direct import.
    fn chain(
        &self,
        wires: &Wires,
        (from, to): (usize, usize),
        (import, start, target): (ImportId, u32, u32),
        before: Option<&Vec<Reached>>,
        after: &[Reached],
    ) -> Option<Chain> {
        let mut hops: Vec<Hop> = Vec::new();
        let mut here = start;
        while let Some(before) = before
            && let Reached::From(back, import) = Reached::at(before, here)
        {
            hops.push((here, import));
            here = back;
        }
        hops.reverse();
        hops.push((target, Some(import)));
        let mut here = target;
        while let Reached::From(next, import) = Reached::at(after, here) {
            hops.push((next, import));
            here = next;
        }
        let mut steps: Vec<(ImportId, String)> = Vec::new();
        let mut pending = None;
        for (node, import) in hops {
            pending = import.or(pending);
            let name = wires.file(node).map(|file| self.head.path(file)).or_else(|| wires.package(node));
            if let Some(name) = name
                && let Some(import) = pending.take()
            {
                steps.push((import, name.to_owned()));
            }
        }
        let first_new = steps.iter().position(|step| step.0 == import)?;
        let end = steps.last()?.1.clone();
        (steps.len() > 1).then_some(Chain { from, to, steps, first_new, end })
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
