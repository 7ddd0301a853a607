//! Our own comparison of two trees, straight from the bytes of the tree objects.
//!
//! Owns the tree parser, its checks, and the list of differing entries. Descends only where ids differ, so the cost
//! grows with the change. Must not consult attributes, `.gitmodules` or configuration, and has no recursion.

use std::cmp::Ordering;

use gix::ObjectId;

use super::path::{BadName, PATH_BYTES, check_component, fold, wire};
use super::repository::Reader;
use super::{Collision, EntryKind};
use crate::completeness::Reason;
use crate::limits::Limits;

/// What a tree entry points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A folder.
    Tree,
    /// A file, link or submodule.
    Leaf(EntryKind),
}

/// One entry of a tree object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) node: Node,
    pub(super) name: &'a [u8],
    pub(super) id: ObjectId,
}

/// One side of a difference: kind and object id.
pub(super) type Leaf = (EntryKind, ObjectId);

/// One path whose two sides differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) path: Vec<u8>,
    pub(super) old: Option<Leaf>,
    pub(super) new: Option<Leaf>,
}

/// What comparing two trees found.
#[derive(Debug, Default)]
pub(super) struct TreeDiff {
    /// Differing paths, sorted by their bytes.
    pub(super) differences: Vec<Difference>,
    /// Names that fall together on some file system, of which at least one is new.
    pub(super) collisions: Vec<Collision>,
    /// What could not be compared.
    pub(super) reasons: Vec<Reason>,
}

/// Parses a tree object and checks that it is sorted and free of duplicates, as git's own reader assumes.
///
/// # Errors
/// With a sentence when the object is cut off, has an unknown mode, or is out of order.
pub(super) fn parse(data: &[u8], id_bytes: usize) -> Result<Vec<Entry<'_>>, &'static str> {
    let mut entries: Vec<Entry<'_>> = Vec::with_capacity(data.len() / 40);
    let mut rest = data;
    while !rest.is_empty() {
        let space = rest.iter().take(8).position(|&byte| byte == b' ').ok_or("an entry has no mode")?;
        let (mode, after) = rest.split_at(space);
        let after = after.get(1..).unwrap_or_default();
        let end = after.iter().position(|&byte| byte == 0).ok_or("an entry has no end of its name")?;
        let (name, after) = after.split_at(end);
        let id = after.get(1..=id_bytes).ok_or("an entry is cut off")?;
        rest = after.get(id_bytes + 1..).unwrap_or_default();
        let id = ObjectId::try_from(id).map_err(|_| "an entry has no object id")?;
        let entry = Entry { node: node_of(mode)?, name, id };
        if entries.last().is_some_and(|last| order(last, &entry) != Ordering::Less) {
            return Err("its entries are duplicated or out of order");
        }
        entries.push(entry);
    }
    // A file `a` and a folder `a` sort apart (`a`, `a-b`, `a/`), so neighbours do not show this duplicate.
    let twin = |entry: &&Entry<'_>| {
        let file = Entry { node: Node::Leaf(EntryKind::File), name: entry.name, id: entry.id };
        entry.node == Node::Tree && entries.binary_search_by(|probe| order(probe, &file)).is_ok()
    };
    if entries.iter().any(|entry| twin(&entry)) {
        return Err("its entries are duplicated or out of order");
    }
    Ok(entries)
}

/// Returns what a mode stands for.
fn node_of(mode: &[u8]) -> Result<Node, &'static str> {
    let mut bits = 0_u32;
    for digit in mode {
        if !(b'0'..=b'7').contains(digit) {
            return Err("an entry has a mode that is no octal number");
        }
        bits = bits << 3 | u32::from(digit - b'0');
    }
    match bits & 0o170_000 {
        0o040_000 => Ok(Node::Tree),
        // Only the owner's bit counts; old histories hold 100664.
        0o100_000 if bits & 0o100 != 0 => Ok(Node::Leaf(EntryKind::Executable)),
        0o100_000 => Ok(Node::Leaf(EntryKind::File)),
        0o120_000 => Ok(Node::Leaf(EntryKind::Symlink)),
        0o160_000 => Ok(Node::Leaf(EntryKind::Submodule)),
        _ => Err("an entry has an unknown mode"),
    }
}

/// Git's order of tree entries: a folder's name counts as if it ended in `/`.
fn order(a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
    let common = a.name.len().min(b.name.len());
    let (a_head, a_tail) = a.name.split_at(common);
    let (b_head, b_tail) = b.name.split_at(common);
    let next = |tail: &[u8], node: Node| tail.first().copied().or((node == Node::Tree).then_some(b'/'));
    a_head.cmp(b_head).then_with(|| next(a_tail, a.node).cmp(&next(b_tail, b.node)))
}

/// A pair of folders that remain to be compared.
struct Folder {
    prefix: Vec<u8>,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
}

/// Compares two trees; a side that is none is empty.
pub(super) fn compare(reader: &Reader, old: Option<ObjectId>, new: Option<ObjectId>, limits: &Limits) -> TreeDiff {
    let mut walk = Walk { reader, limits, found: TreeDiff::default(), open: Vec::new(), folders: 0 };
    if old != new {
        walk.open.push(Folder { prefix: Vec::new(), old, new });
    }
    while let Some(folder) = walk.open.pop() {
        // A single bad folder does not hide the others.
        if let Err(reason) = walk.step(&folder) {
            walk.found.reasons.push(reason);
        }
        if walk.over() {
            let message = format!("the change has more than {} files", limits.files);
            let remedy = "split the change, or raise `limits: {files: N}`";
            walk.found.reasons.push(Reason::new("too-many-files", message, remedy));
            walk.found.differences.truncate(usize::try_from(limits.files).unwrap_or(usize::MAX));
            break;
        }
    }
    let mut found = walk.found;
    found.differences.sort_by(|a, b| a.path.cmp(&b.path));
    found.collisions.sort();
    found.collisions.dedup();
    found.reasons.sort();
    found.reasons.dedup();
    found
}

struct Walk<'a> {
    reader: &'a Reader,
    limits: &'a Limits,
    found: TreeDiff,
    open: Vec<Folder>,
    folders: u64,
}

impl Walk<'_> {
    /// Says whether the change is larger than what one run judges.
    ///
    /// A tree that names the same folder many times over is small on disk and endless when walked.
    fn over(&self) -> bool {
        u64::try_from(self.found.differences.len()).unwrap_or(u64::MAX) > self.limits.files
            || self.folders > self.limits.files.saturating_mul(4).saturating_add(1000)
    }

    /// Compares one pair of folders and queues the pairs below that differ.
    fn step(&mut self, folder: &Folder) -> Result<(), Reason> {
        self.folders += 1;
        let old_data = self.load(folder.old, &folder.prefix)?;
        let new_data = self.load(folder.new, &folder.prefix)?;
        let id_bytes = self.reader.git.object_hash().len_in_bytes();
        let old = parse(&old_data, id_bytes).map_err(|why| malformed(&folder.prefix, why))?;
        let new = parse(&new_data, id_bytes).map_err(|why| malformed(&folder.prefix, why))?;
        self.find_collisions(&folder.prefix, &old, &new);
        let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let (a, b) = match (left.peek(), right.peek()) {
                (None, None) => return Ok(()),
                (Some(a), None) => (Some(**a), None),
                (None, Some(b)) => (None, Some(**b)),
                (Some(a), Some(b)) => match order(a, b) {
                    Ordering::Less => (Some(**a), None),
                    Ordering::Equal => (Some(**a), Some(**b)),
                    Ordering::Greater => (None, Some(**b)),
                },
            };
            if a.is_some() {
                left.next();
            }
            if b.is_some() {
                right.next();
            }
            self.pair(&folder.prefix, a, b);
        }
    }

    /// Notes one pair of entries of the same name when they differ.
    fn pair(&mut self, prefix: &[u8], old: Option<Entry<'_>>, new: Option<Entry<'_>>) {
        if let (Some(a), Some(b)) = (&old, &new)
            && a.node == b.node
            && a.id == b.id
        {
            return;
        }
        let Some(any) = new.or(old) else { return };
        let path = join(prefix, any.name);
        if path.len() > PATH_BYTES {
            self.found.reasons.push(malformed(prefix, "a path below it is longer than 4096 bytes"));
            return;
        }
        if let Some(entry) = &new {
            match check_component(entry.name, entry.node == Node::Leaf(EntryKind::Symlink)) {
                Ok(()) => {}
                Err(BadName::GitFolder) => {
                    // Still listed, so that policies see it; the change is undecided all the same.
                    self.found.reasons.push(malformed(
                        &path,
                        "on some file systems the name stands for `.git`, or the link for `.gitmodules`",
                    ));
                }
                Err(BadName::Misplaced) => {
                    self.found.reasons.push(malformed(&path, "a name is empty, relative or holds a separator"));
                    return;
                }
            }
        }
        let folder = |entry: &Option<Entry<'_>>| entry.filter(|e| e.node == Node::Tree).map(|e| e.id);
        let leaf = |entry: &Option<Entry<'_>>| match entry {
            Some(Entry { node: Node::Leaf(kind), id, .. }) => Some((*kind, *id)),
            _ => None,
        };
        let (old_tree, new_tree) = (folder(&old), folder(&new));
        if old_tree.is_some() || new_tree.is_some() {
            let mut below = path.clone();
            below.push(b'/');
            self.open.push(Folder { prefix: below, old: old_tree, new: new_tree });
        }
        let (old, new) = (leaf(&old), leaf(&new));
        if old.is_some() || new.is_some() {
            self.found.differences.push(Difference { path, old, new });
        }
    }

    /// Loads a tree object; no id is an empty folder.
    fn load(&self, id: Option<ObjectId>, prefix: &[u8]) -> Result<Vec<u8>, Reason> {
        let Some(id) = id else { return Ok(Vec::new()) };
        self.reader.object(id, gix::objs::Kind::Tree, self.limits).map_err(|error| error.reason(&wire(prefix)))
    }

    /// Notes new names that fall together with another name of the same folder, on either side.
    fn find_collisions(&mut self, prefix: &[u8], old: &[Entry<'_>], new: &[Entry<'_>]) {
        let old_names: std::collections::BTreeSet<&[u8]> = old.iter().map(|entry| entry.name).collect();
        let added: Vec<&[u8]> = new.iter().map(|entry| entry.name).filter(|name| !old_names.contains(name)).collect();
        if added.is_empty() || old.len() + new.len() < 2 {
            return;
        }
        let mut by_key: std::collections::BTreeMap<Vec<u8>, Vec<&[u8]>> = std::collections::BTreeMap::new();
        for name in new.iter().map(|entry| entry.name).chain(old_names.iter().copied()) {
            let names = by_key.entry(fold(name)).or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for name in added {
            for twin in by_key.get(&fold(name)).into_iter().flatten().filter(|twin| **twin != name) {
                self.found
                    .collisions
                    .push(Collision { path: wire(&join(prefix, name)), twin: wire(&join(prefix, twin)) });
            }
        }
    }
}

/// Returns the reason of a tree that cannot be trusted.
fn malformed(path: &[u8], why: &str) -> Reason {
    let shown = wire(path);
    let message = format!("the tree at `{}` is malformed: {why}", if shown.is_empty() { "/" } else { &shown });
    Reason::new("malformed-tree", message, "rewrite the commit with git itself: `git fsck` names the tree").at(shown)
}

fn join(prefix: &[u8], name: &[u8]) -> Vec<u8> {
    [prefix, name].concat()
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn tree(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut data = Vec::new();
        for (mode, name) in entries {
            data.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            data.extend_from_slice(&[7; 20]);
        }
        data
    }

    #[test]
    fn sorted_tree_is_read() {
        let data = tree(&[("100644", "a"), ("100755", "a-b"), ("40000", "b"), ("120000", "b0"), ("160000", "c")]);
        assert_eq!(parse(&data, 20).expect("well formed").len(), 5);
    }

    #[test]
    fn duplicate_and_unsorted_entries_are_refused_row_23() {
        assert!(parse(&tree(&[("100644", "a"), ("100644", "a")]), 20).is_err());
        assert!(parse(&tree(&[("100644", "b"), ("100644", "a")]), 20).is_err());
        assert!(parse(&tree(&[("100644", "a"), ("40000", "a")]), 20).is_err());
        assert!(parse(&tree(&[("100644", "a"), ("100644", "a-b"), ("40000", "a")]), 20).is_err());
    }

    #[test]
    fn every_truncation_and_odd_mode_is_an_error_not_a_panic() {
        let data = tree(&[("100644", "abc"), ("40000", "d")]);
        for end in 1..data.len() {
            let whole = end == 31;
            assert_eq!(parse(&data[..end], 20).is_ok(), whole, "{end}");
        }
        assert!(parse(&tree(&[("10064x", "a")]), 20).is_err());
        assert!(parse(&tree(&[("777777", "a")]), 20).is_err());
        assert!(parse(&tree(&[("", "a")]), 20).is_err());
    }
}
