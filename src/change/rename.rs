//! Which deleted and added files are the same file under another path.
//!
//! Owns our own pairing: equal object ids first, then the share of lines in common. Deterministic. Must not decide
//! anything by it: old and new path count for every path rule, paired or not.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use gix::ObjectId;

use super::repository::Reader;
use super::tree::Difference;
use super::{EntryKind, disk};
use crate::limits::Limits;

/// The least share of common bytes, in percent, at which two files count as one.
const SIMILAR: u64 = 50;

/// Work of one run in line comparisons for each allowed pair; a pair of long files costs more than a pair of short.
const LINES_PER_PAIR: u64 = 1000;

/// Which differences belong together.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// Index of the deletion by index of the addition.
    pub(super) old_of: BTreeMap<usize, usize>,
    /// True when similarity was not tried because there were too many candidates.
    pub(super) unknown: bool,
}

/// Pairs deletions and additions.
///
/// First equal ids of the same kind (never the empty file: all empty files are equal), then, for files, the most lines
/// in common by bytes, at least half of the larger file. Among equals the same file name wins, then the first path.
pub(super) fn pair(
    reader: &Reader,
    differences: &[Difference],
    on_disk: &BTreeMap<String, PathBuf>,
    limits: &Limits,
) -> Pairing {
    let mut pairing = Pairing::default();
    let mut gone: Vec<usize> = Vec::new();
    let mut fresh: Vec<usize> = Vec::new();
    let empty = ObjectId::empty_blob(reader.git.object_hash());
    for (index, difference) in differences.iter().enumerate() {
        let candidate = |(kind, id): (EntryKind, ObjectId)| kind != EntryKind::Submodule && id != empty;
        match (difference.old, difference.new) {
            (Some(old), None) if candidate(old) => gone.push(index),
            (None, Some(new)) if candidate(new) => fresh.push(index),
            _ => {}
        }
    }
    pair_equal(differences, &mut gone, &mut fresh, &mut pairing);
    let is_file = |leaf: Option<(EntryKind, ObjectId)>| {
        leaf.is_some_and(|(kind, _)| matches!(kind, EntryKind::File | EntryKind::Executable))
    };
    gone.retain(|&index| differences.get(index).is_some_and(|d| is_file(d.old)));
    fresh.retain(|&index| differences.get(index).is_some_and(|d| is_file(d.new)));
    let pairs = u64::try_from(gone.len().saturating_mul(fresh.len())).unwrap_or(u64::MAX);
    if pairs > limits.rename_pairs {
        pairing.unknown = true;
    } else if pairs > 0 {
        let load = |id: ObjectId| load(reader, id, on_disk.get(&id.to_string()), limits);
        pair_similar(differences, (&gone, &fresh), &load, limits, &mut pairing);
    }
    pairing
}

/// Pairs equal ids and takes them out of both lists.
fn pair_equal(differences: &[Difference], gone: &mut Vec<usize>, fresh: &mut Vec<usize>, pairing: &mut Pairing) {
    // Two rounds: those who keep their file name choose first. Queues, since thousands of files may be equal.
    for same_name in [true, false] {
        let key = |leaf: Option<(EntryKind, ObjectId)>, path| {
            let name: &[u8] = if same_name { basename(path) } else { b"" };
            leaf.map(|(kind, id)| (kind == EntryKind::Symlink, id, name))
        };
        let mut queues: BTreeMap<_, VecDeque<usize>> = BTreeMap::new();
        for &index in gone.iter() {
            let Some(key) = differences.get(index).and_then(|d| key(d.old, &d.path)) else { continue };
            queues.entry(key).or_default().push_back(index);
        }
        for &index in fresh.iter() {
            let Some(key) = differences.get(index).and_then(|d| key(d.new, &d.path)) else { continue };
            if let Some(old) = queues.get_mut(&key).and_then(VecDeque::pop_front) {
                pairing.old_of.insert(index, old);
            }
        }
        let taken: BTreeSet<usize> = pairing.old_of.values().copied().collect();
        gone.retain(|index| !taken.contains(index));
        fresh.retain(|index| !pairing.old_of.contains_key(index));
    }
}

/// A file as a multiset of lines: bytes by line hash, sorted.
struct Lines {
    index: usize,
    size: u64,
    weights: Vec<(u64, u64)>,
}

/// Pairs files by lines in common, best pair first.
fn pair_similar(
    differences: &[Difference],
    (gone, fresh): (&[usize], &[usize]),
    load: &dyn Fn(ObjectId) -> Option<Vec<u8>>,
    limits: &Limits,
    pairing: &mut Pairing,
) {
    let weighed = |indices: &[usize], old_side: bool| -> Vec<Lines> {
        let side = |index: usize| differences.get(index).and_then(|d| if old_side { d.old } else { d.new });
        // A blob that is missing or too large is not paired here; whoever reads the file reports it.
        let lines = |index: usize| {
            let bytes = load(side(index)?.1)?;
            Some(Lines { index, size: bytes.len() as u64, weights: weigh(&bytes) })
        };
        indices.iter().filter_map(|&index| lines(index)).collect()
    };
    let (olds, news) = (weighed(gone, true), weighed(fresh, false));
    let total = |files: &[Lines]| files.iter().map(|file| file.weights.len() as u64).sum::<u64>();
    let work =
        total(&olds).saturating_mul(news.len() as u64).saturating_add(total(&news).saturating_mul(olds.len() as u64));
    if work > limits.rename_pairs.saturating_mul(LINES_PER_PAIR) {
        pairing.unknown = true;
        return;
    }
    let mut scored = Vec::new();
    for old in &olds {
        for new in &news {
            let larger = old.size.max(new.size);
            // The share in common is at most the smaller size by the larger.
            if old.size.min(new.size).saturating_mul(100) < larger.saturating_mul(SIMILAR) {
                continue;
            }
            let share = common(&old.weights, &new.weights).saturating_mul(10_000) / larger.max(1);
            if share >= SIMILAR * 100 {
                let (Some(a), Some(b)) = (differences.get(old.index), differences.get(new.index)) else { continue };
                let renamed = basename(&a.path) != basename(&b.path);
                scored.push((std::cmp::Reverse(share), renamed, old.index, new.index));
            }
        }
    }
    // Differences are sorted by path, so their indices break ties by path.
    scored.sort_unstable();
    let mut taken = BTreeSet::new();
    for (_, _, old, new) in scored {
        if !taken.contains(&old) && !pairing.old_of.contains_key(&new) {
            taken.insert(old);
            pairing.old_of.insert(new, old);
        }
    }
}

/// Loads one file; none when it is too large to compare or cannot be read.
fn load(reader: &Reader, id: ObjectId, place: Option<&PathBuf>, limits: &Limits) -> Option<Vec<u8>> {
    let small = Limits { object_bytes: limits.file_bytes, ..limits.clone() };
    match place {
        Some(place) => disk::read_file(reader, place, &id.to_string(), &small).ok(),
        None => reader.object(id, gix::objs::Kind::Blob, &small).ok(),
    }
}

/// Returns the bytes by line hash, sorted by hash.
fn weigh(bytes: &[u8]) -> Vec<(u64, u64)> {
    let mut lines: Vec<(u64, u64)> = bytes
        .split_inclusive(|&byte| byte == b'\n')
        .map(|line| {
            // The default keys are fixed, so the hash is the same in every run.
            let mut hasher = DefaultHasher::new();
            line.hash(&mut hasher);
            (hasher.finish(), line.len() as u64)
        })
        .collect();
    lines.sort_unstable();
    lines.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    lines
}

/// Returns how many bytes two sorted multisets share.
fn common(a: &[(u64, u64)], b: &[(u64, u64)]) -> u64 {
    let (mut left, mut right, mut shared) = (a.iter().peekable(), b.iter().peekable(), 0);
    while let (Some((x, x_bytes)), Some((y, y_bytes))) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => {
                left.next();
            }
            std::cmp::Ordering::Greater => {
                right.next();
            }
            std::cmp::Ordering::Equal => {
                shared += x_bytes.min(y_bytes);
                left.next();
                right.next();
            }
        }
    }
    shared
}

fn basename(path: &[u8]) -> &[u8] {
    path.rsplit(|&byte| byte == b'/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{common, weigh};

    #[test]
    fn common_bytes_count_repeated_lines_as_often_as_both_have_them() {
        let (a, b) = (weigh(b"x\nx\ny\n"), weigh(b"x\nz\ny\n"));
        assert_eq!(common(&a, &b), 4);
        assert_eq!(common(&a, &a), 6);
        assert_eq!(common(&a, &weigh(b"")), 0);
    }
}
