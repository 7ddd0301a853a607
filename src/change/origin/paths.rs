//! Where a file stood in the parents of a commit.
//!
//! Owns the comparison of a commit's tree with its parents', narrowed to the files asked for, and following a file to
//! the path that the commit moved it from. Descends only where trees differ; no recursion.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gix::ObjectId;

use super::super::rename;
use super::super::repository::Reader;
use super::super::tree::{self, Node};
use super::has_lines;
use crate::limits::Limits;

/// Paths by number, so that sets of them are small.
#[derive(Debug, Default)]
pub(super) struct Paths {
    numbers: BTreeMap<Rc<[u8]>, usize>,
    bytes: Vec<Rc<[u8]>>,
}

impl Paths {
    /// Returns the number of a path.
    pub(super) fn intern(&mut self, path: &[u8]) -> usize {
        if let Some(number) = self.numbers.get(path) {
            return *number;
        }
        let shared: Rc<[u8]> = path.into();
        self.bytes.push(Rc::clone(&shared));
        self.numbers.insert(shared, self.bytes.len() - 1);
        self.bytes.len() - 1
    }

    /// Returns the path of a number.
    pub(super) fn bytes(&self, number: usize) -> &[u8] {
        self.bytes.get(number).map_or(&[], |path| path)
    }
}

/// The file in one parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Which parent, from 0.
    pub(super) parent: usize,
    /// Under which path.
    pub(super) path: usize,
    /// Its content there.
    pub(super) id: ObjectId,
}

/// What a commit did to a file, where it is not just as in the first parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is as in that parent.
    Same { parent: usize, path: usize },
    /// It differs from all parents; no link for a parent without the file.
    Differs { new: ObjectId, links: Vec<Link> },
    /// A tree could not be read.
    Unknown,
}

impl Step {
    /// Returns the path in a parent by which the file goes on there.
    pub(super) fn path_in(&self, nth: usize) -> Option<usize> {
        match self {
            Self::Same { parent, path } => (*parent == nth).then_some(*path),
            Self::Differs { links, .. } => links.iter().find(|link| link.parent == nth).map(|link| link.path),
            Self::Unknown => None,
        }
    }
}

/// What following files needs besides trees.
pub(super) struct Around<'a> {
    pub(super) reader: &'a Reader,
    pub(super) paths: &'a mut Paths,
    /// How many more differences of whole trees may be looked at.
    pub(super) left: &'a mut u64,
}

/// Returns what a commit with this tree did to the wanted files, all of which it has; without an entry a file is as in
/// the first parent. A parent without a tree is missing from the clone.
pub(super) fn steps(
    around: &mut Around<'_>,
    tree: ObjectId,
    parents: &[Option<ObjectId>],
    wanted: &BTreeSet<usize>,
    limits: &Limits,
) -> BTreeMap<usize, Step> {
    let Some(parent_trees) = parents.iter().copied().collect::<Option<Vec<ObjectId>>>() else {
        return wanted.iter().map(|path| (*path, Step::Unknown)).collect();
    };
    let mut leaves = Leaves::of(around.reader, limits);
    let list: Vec<(&[u8], usize)> = sorted(around.paths, wanted);
    let Some(differing) =
        parent_trees.iter().map(|parent| leaves.differing(Some(*parent), tree, &list)).collect::<Option<Vec<_>>>()
    else {
        return wanted.iter().map(|path| (*path, Step::Unknown)).collect();
    };
    let mut found = BTreeMap::new();
    let mut fresh = BTreeMap::new();
    let everything = if parents.is_empty() { leaves.differing(None, tree, &list) } else { None };
    let first = everything.as_ref().or(differing.first());
    for (&path, &(_, new)) in first.into_iter().flatten() {
        let Some(new) = new else {
            found.insert(path, Step::Unknown);
            continue;
        };
        if let Some(parent) = differing.iter().position(|other| !other.contains_key(&path)) {
            found.insert(path, Step::Same { parent, path });
            continue;
        }
        let old = |(parent, other): (usize, &Differing)| Some(Link { parent, path, id: other.get(&path)?.0? });
        let links: Vec<Link> = differing.iter().enumerate().filter_map(old).collect();
        if links.is_empty() && !parents.is_empty() {
            fresh.insert(path, new);
        }
        found.insert(path, Step::Differs { new, links });
    }
    if let ([parent], false) = (parent_trees.as_slice(), fresh.is_empty()) {
        follow(around, (*parent, tree), &fresh, limits, &mut found);
    }
    found
}

fn sorted<'a>(paths: &'a Paths, wanted: &BTreeSet<usize>) -> Vec<(&'a [u8], usize)> {
    let mut list: Vec<(&[u8], usize)> = wanted.iter().map(|path| (paths.bytes(*path), *path)).collect();
    list.sort_unstable();
    list
}

/// Follows files that a commit adds to the paths that it took away.
///
/// Past the budget a file may be a moved one or not, so its lines are of unknown origin.
fn follow(
    around: &mut Around<'_>,
    (old, new): (ObjectId, ObjectId),
    fresh: &BTreeMap<usize, ObjectId>,
    limits: &Limits,
    found: &mut BTreeMap<usize, Step>,
) {
    let capped = Limits { files: (*around.left).min(limits.files), ..limits.clone() };
    let compared = tree::compare(around.reader, Some(old), Some(new), &capped);
    let differences = compared.differences;
    let gone = differences.iter().filter(|difference| difference.new.is_none()).count() as u64;
    let added = differences.iter().filter(|difference| difference.old.is_none()).count() as u64;
    let cost = gone.saturating_mul(added).saturating_add(differences.len() as u64);
    let over = cost > *around.left;
    *around.left = around.left.saturating_sub(cost);
    let pairing = if over || gone == 0 {
        rename::Pairing { unknown: over, ..rename::Pairing::default() }
    } else {
        rename::pair(around.reader, &differences, &BTreeMap::new(), limits)
    };
    if pairing.unknown || !compared.reasons.is_empty() {
        found.extend(fresh.keys().map(|path| (*path, Step::Unknown)));
        return;
    }
    for (new_at, old_at) in pairing.old_of {
        let (Some(added), Some(gone)) = (differences.get(new_at), differences.get(old_at)) else { continue };
        let number = around.paths.intern(&added.path);
        let (Some(&new), Some((kind, id))) = (fresh.get(&number), gone.old) else { continue };
        if has_lines(kind) {
            let path = around.paths.intern(&gone.path);
            let step = if id == new {
                Step::Same { parent: 0, path }
            } else {
                Step::Differs { new, links: vec![Link { parent: 0, path, id }] }
            };
            found.insert(number, step);
        }
    }
}

/// Content on both sides by path; none where that side has no file there.
type Differing = BTreeMap<usize, (Option<ObjectId>, Option<ObjectId>)>;

/// Entries of one tree by name.
type Entries = BTreeMap<Vec<u8>, (bool, ObjectId)>;

/// Reads trees for a few paths.
pub(super) struct Leaves<'a> {
    reader: &'a Reader,
    limits: &'a Limits,
}

impl<'a> Leaves<'a> {
    pub(super) fn of(reader: &'a Reader, limits: &'a Limits) -> Self {
        Self { reader, limits }
    }

    /// Returns the content of one file.
    pub(super) fn at(&mut self, tree: ObjectId, path: &[u8]) -> Option<ObjectId> {
        self.differing(None, tree, &[(path, 0)])?.get(&0)?.1
    }

    /// Returns the paths of a sorted list at which two trees differ; none when a tree cannot be read.
    fn differing(&mut self, old: Option<ObjectId>, new: ObjectId, list: &[(&[u8], usize)]) -> Option<Differing> {
        let mut found = Differing::new();
        let mut open = vec![(0_usize, old, Some(new), list)];
        while let Some((depth, old, new, list)) = open.pop() {
            if old == new {
                continue;
            }
            let (old, new) = (self.entries(old)?, self.entries(new)?);
            let mut rest = list;
            while let Some((path, number)) = rest.first() {
                let below = path.get(depth..).unwrap_or_default();
                let (name, folder) = match below.iter().position(|&byte| byte == b'/') {
                    Some(end) => (below.get(..end).unwrap_or_default(), true),
                    None => (below, false),
                };
                let node = |side: &Entries| side.get(name).filter(|entry| entry.0 == folder).map(|entry| entry.1);
                let (a, b) = (node(&old), node(&new));
                if folder {
                    let end = depth + name.len() + 1;
                    let prefix = path.get(..end);
                    let count = rest.partition_point(|(other, _)| other.get(..end) == prefix);
                    let (inside, after) = rest.split_at_checked(count.max(1))?;
                    open.push((end, a, b, inside));
                    rest = after;
                } else {
                    if a != b {
                        found.insert(*number, (a, b));
                    }
                    rest = rest.get(1..).unwrap_or_default();
                }
            }
        }
        Some(found)
    }

    /// Returns folders and files of a tree; nothing for no tree.
    fn entries(&mut self, tree: Option<ObjectId>) -> Option<Entries> {
        let Some(id) = tree else { return Some(Entries::new()) };
        let data = self.reader.object(id, gix::objs::Kind::Tree, self.limits).ok()?;
        let parsed = tree::parse(&data, self.reader.git.object_hash().len_in_bytes()).ok()?;
        let mut entries = Entries::new();
        for entry in parsed {
            match entry.node {
                Node::Tree => drop(entries.insert(entry.name.to_vec(), (true, entry.id))),
                Node::Leaf(kind) if has_lines(kind) => drop(entries.insert(entry.name.to_vec(), (false, entry.id))),
                Node::Leaf(_) => {}
            }
        }
        Some(entries)
    }
}
