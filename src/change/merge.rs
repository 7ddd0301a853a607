//! Whether what was approved is still what stands at head: the mechanical merge of the approved commit with the new base.
//!
//! Owns that merge, file by file: trees by our own reader, texts line by line (`weave`), renames by our own pairing. It
//! knows three commits and nothing else: no attributes, no merge drivers, no configuration, no filters, no work tree, so
//! neither head nor a clone's settings can bend it. Whatever it does not merge by itself (both sides changed the same
//! lines, a binary file, a mode, a submodule) counts as different, whatever head holds there. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use gix::ObjectId;
use serde::{Deserialize, Serialize};

use super::ancestry::merge_bases;
use super::repository::{BlobError, Reader, Repository, is_binary, parse_id};
use super::tree::{Difference, Leaf, compare};
use super::weave::weave;
use super::{EntryKind, commit, rename, wire};
use crate::limits::Limits;

/// What became of the state that somebody approved, compared with head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carried {
    /// The mechanical merge of that commit with the new base is head, except for these paths (wire form, sorted).
    Except(Vec<String>),
    /// That cannot be told: why.
    Unknown(String),
}

/// Largest text, of three that are merged, in bytes; a larger one counts as different.
const TEXT_BYTES: u64 = 20_000_000;

/// Text that one comparison merges in bytes; files after that count as different.
const WORK_BYTES: u64 = 300_000_000;

/// Compares the mechanical merge of `approved` and `base` with `head`, all full commit ids.
///
/// `base` is the merge base of head and its target branch: what head builds on now. The approval carries over where
/// bringing the approved state there, with nobody's help, gives what head holds. Both names of a renamed file are in the
/// answer when they differ.
///
/// Never an error: what keeps it from being told is [`Carried::Unknown`], a sentence with the remedy.
#[must_use]
pub fn carried(repository: &Repository, approved: &str, base: &str, head: &str, limits: &Limits) -> Carried {
    let reader = repository.reader();
    match differing(&reader, approved, base, head, limits) {
        Ok(paths) => {
            Carried::Except(paths.iter().map(|path| wire(path)).collect::<BTreeSet<_>>().into_iter().collect())
        }
        Err(why) => Carried::Unknown(why),
    }
}

/// A tree and the commit it belongs to.
fn tree_of(reader: &Reader, id: &str, limits: &Limits) -> Result<(ObjectId, ObjectId), String> {
    let commit = parse_id(id).map_err(|_| format!("`{id}` is no commit id"))?;
    let parsed = commit::read(reader, commit, limits).map_err(|error| unreadable(&error, id))?;
    Ok((commit, parsed.tree))
}

/// After a force push the approved commit is on no branch any more, so an ordinary fetch does not bring it.
fn unreadable(error: &BlobError, commit: &str) -> String {
    match error {
        BlobError::Missing { id } if id == commit => {
            format!(
                "commit {id} is not in this clone; `git fetch --no-tags origin {id}` brings it while the forge has it"
            )
        }
        other => other.to_string(),
    }
}

fn differing(reader: &Reader, approved: &str, base: &str, head: &str, limits: &Limits) -> Result<Paths, String> {
    let (approved, approved_tree) = tree_of(reader, approved, limits)?;
    let (base, base_tree) = tree_of(reader, base, limits)?;
    let (_, head_tree) = tree_of(reader, head, limits)?;
    let fork = match merge_bases(reader, approved, base, limits).map_err(|reason| told(reason.message.raw()))?[..] {
        [one] => commit::read(reader, one, limits).map_err(|error| error.to_string())?.tree,
        [] if reader.shallow => {
            return Err(told(
                "the approved commit and the base have no common ancestor in this shallow clone; fetch the full history",
            ));
        }
        [] => return Err(told("the approved commit and the base have no common ancestor")),
        _ => return Err(told("the approved commit and the base have several merge bases")),
    };
    let between = |old, new| -> Result<Vec<Difference>, String> {
        let found = compare(reader, Some(old), Some(new), limits);
        // A tree that could not be read in full may hide a difference.
        match found.reasons.first() {
            Some(reason) => Err(told(&format!("{}: {}", reason.message.raw(), reason.remedy.raw()))),
            None => Ok(found.differences),
        }
    };
    let (ours, theirs) = (between(fork, approved_tree)?, between(fork, base_tree)?);
    let (ours, theirs) = (Side::of(reader, &ours, &theirs, limits)?, Side::of(reader, &theirs, &ours, limits)?);
    let mut merge = Merge { reader, limits, ours: &ours, theirs: &theirs, work: 0, missing: None };
    let expected = merge.run();
    if let Some(missing) = merge.missing {
        return Err(missing);
    }
    Ok(unequal(&expected, &ours, &theirs, &between(base_tree, head_tree)?))
}

fn told(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// Paths as the tree has them.
type Paths = BTreeSet<Vec<u8>>;

/// What one side did since the fork.
struct Side {
    /// Both leaves of each path that differs.
    changed: BTreeMap<Vec<u8>, (Option<Leaf>, Option<Leaf>)>,
    /// New path by old path.
    moved: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Side {
    /// Puts together what a side did. Its renames are looked for only where the other side changed a file that this one
    /// deleted, or made one that it made: elsewhere a rename merges as the deletion and the new file that it is.
    fn of(reader: &Reader, mine: &[Difference], other: &[Difference], limits: &Limits) -> Result<Self, String> {
        let changed = mine.iter().map(|one| (one.path.clone(), (one.old, one.new))).collect();
        let touched: BTreeSet<&[u8]> = other.iter().map(|one| one.path.as_slice()).collect();
        let meets =
            |one: &Difference| (one.old.is_none() || one.new.is_none()) && touched.contains(one.path.as_slice());
        if !mine.iter().any(meets) {
            return Ok(Self { changed, moved: BTreeMap::new() });
        }
        let pairing = rename::pair(reader, mine, &BTreeMap::new(), limits);
        if pairing.unknown {
            return Err(told("too many files came and went to tell which were renamed"));
        }
        let path = |index: usize| mine.get(index).map(|difference| difference.path.clone());
        let pairs = pairing.old_of.iter();
        let moved = pairs.filter_map(|(&new, &old)| Some((path(old)?, path(new)?))).collect();
        Ok(Self { changed, moved })
    }

    /// Returns the leaf at a path after this side's work; `before` is what the fork has there.
    fn leaf(&self, path: &[u8], before: Option<Leaf>) -> Option<Leaf> {
        self.changed.get(path).map_or(before, |(_, new)| *new)
    }

    /// Returns what the fork has at a path, as far as this side changed it.
    fn fork(&self, path: &[u8]) -> Option<Option<Leaf>> {
        self.changed.get(path).map(|(old, _)| *old)
    }
}

/// What the merge leaves at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// This, or nothing.
    Leaf(Option<Leaf>),
    /// What nobody can tell without a person.
    Conflict,
}

struct Merge<'a> {
    reader: &'a Reader,
    limits: &'a Limits,
    ours: &'a Side,
    theirs: &'a Side,
    work: u64,
    /// The first text that is not in this clone.
    missing: Option<String>,
}

impl Merge<'_> {
    /// Returns what the merge leaves at each path that the approved side touched, or that a rename brought it to.
    fn run(&mut self) -> BTreeMap<Vec<u8>, Expected> {
        let mut expected = BTreeMap::new();
        for (old, new) in &self.ours.moved {
            self.follow(old, new, &mut expected);
        }
        for (old, new) in &self.theirs.moved {
            // What the approved side left alone is the base's business; what it moved too is settled above.
            if self.ours.changed.contains_key(old) && !self.ours.moved.contains_key(old) {
                self.bring(old, new, &mut expected);
            }
        }
        for (path, (before, after)) in &self.ours.changed {
            if !expected.contains_key(path) {
                let theirs = self.theirs.leaf(path, *before);
                let merged = self.leaf(*before, *after, theirs);
                expected.insert(path.clone(), merged);
            }
        }
        expected
    }

    /// The approved side moved a file: what the base did to it belongs to its new place.
    fn follow(&mut self, old: &[u8], new: &[u8], expected: &mut BTreeMap<Vec<u8>, Expected>) {
        let before = self.ours.fork(old).flatten();
        let (settled, place) = match self.theirs.moved.get(old) {
            Some(elsewhere) if elsewhere != new => {
                // Each side moved it to another place.
                for path in [old, new, elsewhere] {
                    expected.insert(path.to_vec(), Expected::Conflict);
                }
                return;
            }
            Some(_) => (self.theirs.leaf(new, None), true),
            // Without a rename of its own the base must have nothing at the new place.
            None => (self.theirs.leaf(old, before), self.theirs.leaf(new, self.ours.fork(new).flatten()).is_none()),
        };
        let ours = self.ours.leaf(new, None);
        let merged = match settled {
            // The base deleted what the approved side moved, or put something else at its new place.
            None => Expected::Conflict,
            Some(_) if !place => Expected::Conflict,
            Some(_) => self.leaf(before, ours, settled),
        };
        expected.insert(old.to_vec(), Expected::Leaf(None));
        expected.insert(new.to_vec(), merged);
    }

    /// The base moved a file that the approved side changed or deleted in its old place.
    fn bring(&mut self, old: &[u8], new: &[u8], expected: &mut BTreeMap<Vec<u8>, Expected>) {
        let (before, ours) = (self.ours.fork(old).flatten(), self.ours.leaf(old, None));
        let taken = self.ours.changed.contains_key(new);
        let merged = match ours {
            Some(_) if !taken => self.leaf(before, ours, self.theirs.leaf(new, None)),
            _ => Expected::Conflict,
        };
        expected.insert(old.to_vec(), Expected::Leaf(None));
        expected.insert(new.to_vec(), merged);
    }

    /// Merges one leaf: what only one side changed is that side's, what both made equal is that.
    fn leaf(&mut self, before: Option<Leaf>, ours: Option<Leaf>, theirs: Option<Leaf>) -> Expected {
        if ours == theirs || theirs == before {
            return Expected::Leaf(ours);
        }
        if ours == before {
            return Expected::Leaf(theirs);
        }
        let (Some(before), Some(ours), Some(theirs)) = (before, ours, theirs) else { return Expected::Conflict };
        if ![before, ours, theirs].iter().all(|(kind, _)| kind.is_file()) {
            return Expected::Conflict;
        }
        // A file has one of two modes, so where both sides differ from the fork they are equal.
        let kind: EntryKind = if ours.0 == before.0 { theirs.0 } else { ours.0 };
        match self.content(before.1, ours.1, theirs.1) {
            Some(id) => Expected::Leaf(Some((kind, id))),
            None => Expected::Conflict,
        }
    }

    /// Merges one content and returns the id that the result would have; none for a conflict, a binary file, and one that
    /// is missing or too large.
    fn content(&mut self, before: ObjectId, ours: ObjectId, theirs: ObjectId) -> Option<ObjectId> {
        if ours == theirs || theirs == before {
            return Some(ours);
        }
        if ours == before {
            return Some(theirs);
        }
        let [before, ours, theirs] = [self.text(before)?, self.text(ours)?, self.text(theirs)?];
        let merged = weave(&before, &ours, &theirs)?;
        gix::objs::compute_hash(self.reader.git.object_hash(), gix::objs::Kind::Blob, &merged).ok()
    }

    fn text(&mut self, id: ObjectId) -> Option<Vec<u8>> {
        let most = TEXT_BYTES.min(self.limits.object_bytes).min(WORK_BYTES.saturating_sub(self.work));
        let limits = Limits { object_bytes: most, ..self.limits.clone() };
        let bytes = match self.reader.object(id, gix::objs::Kind::Blob, &limits) {
            Ok(bytes) => bytes,
            Err(error @ BlobError::Missing { .. }) => {
                let reason = error.reason("");
                self.missing.get_or_insert(told(&format!("{}: {}", reason.message.raw(), reason.remedy.raw())));
                return None;
            }
            Err(_) => return None,
        };
        self.work = self.work.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        (!is_binary(&bytes)).then_some(bytes)
    }
}

/// Returns the paths at which head is not what the merge leaves; `head` are head's differences from the new base.
fn unequal(expected: &BTreeMap<Vec<u8>, Expected>, ours: &Side, theirs: &Side, head: &[Difference]) -> Paths {
    let mut different = Paths::new();
    let mut seen = BTreeSet::new();
    for Difference { path, old, new } in head {
        seen.insert(path);
        // Where the merge leaves the base alone, head must too, and here it does not.
        let wanted = expected.get(path).copied().unwrap_or(Expected::Leaf(*old));
        if wanted != Expected::Leaf(*new) {
            different.insert(path.clone());
        }
    }
    for (path, wanted) in expected.iter().filter(|(path, _)| !seen.contains(path)) {
        // Head has what the new base has.
        let fork = ours.fork(path).flatten();
        if *wanted != Expected::Leaf(theirs.leaf(path, fork)) {
            different.insert(path.clone());
        }
    }
    different
}
