//! The merge base: the best common ancestors of two commits.
//!
//! Owns the walk that finds them through our own lenient reader of commits, so that a commit with a nonsensical date
//! or author neither stops nor misleads it; and whether what a shallow clone shows can be believed. Must not compare trees.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use gix::ObjectId;

use super::commit;
use super::repository::{BlobError, Reader};
use crate::completeness::Reason;
use crate::limits::Limits;

/// Reachable from the first commit.
const ONE: u8 = 1;
/// Reachable from the second.
const TWO: u8 = 2;
/// Reachable from a common ancestor: common, and not the best.
const STALE: u8 = 4;

/// The part of history that was looked at, for one search.
struct History<'a> {
    reader: &'a Reader,
    limits: &'a Limits,
    known: BTreeMap<ObjectId, (i64, Vec<ObjectId>)>,
    /// Commits with a parent beyond the end of a shallow clone.
    cut: BTreeSet<ObjectId>,
}

/// Returns all best common ancestors of two commits, sorted by id; none when there is no common ancestor in this clone.
///
/// In a shallow clone the answer is given only where it is that of the whole history. What is common and lies beyond the cut
/// is reached through a commit where the history was cut. Where both sides have each of those, all that lies beyond is
/// older than a common commit that is here; and where one of the two is the other's ancestor, nothing is better than that.
///
/// # Errors
/// When a better one may lie beyond the end of a shallow clone, when a commit is missing from a clone that is not shallow or
/// cannot be read, or when chosen dates make the walk longer than its budget.
pub(super) fn merge_bases(
    reader: &Reader,
    one: ObjectId,
    two: ObjectId,
    limits: &Limits,
) -> Result<Vec<ObjectId>, Reason> {
    let mut history = History { reader, limits, known: BTreeMap::new(), cut: BTreeSet::new() };
    if one == two {
        return Ok(vec![one]);
    }
    let marks = history.paint(&[one], &[two])?;
    let common = |mark: u8| mark & (ONE | TWO | STALE) == ONE | TWO;
    let mut found: Vec<ObjectId> = marks.iter().filter(|(_, mark)| common(**mark)).map(|(id, _)| *id).collect();
    if !found.is_empty() && found != [one] && found != [two] && history.is_cut_on_one_side(&marks) {
        return Err(uncertain(one, two));
    }
    // Lying dates can leave a common ancestor of a better one in the list.
    let mut at = 0;
    while found.len() > 1 && at < found.len() {
        let others: Vec<ObjectId> = found.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, id)| *id).collect();
        let Some(&candidate) = found.get(at) else { break };
        let marks = history.paint(&[candidate], &others)?;
        if marks.get(&candidate).is_some_and(|mark| mark & TWO != 0) {
            found.remove(at);
        } else {
            at += 1;
        }
    }
    Ok(found)
}

/// What brings the whole history.
pub(super) const UNSHALLOW: &str =
    "git fetch --unshallow origin (in a workflow: `fetch-depth: 0`; in GitLab CI: `GIT_DEPTH: 0`)";

fn uncertain(base: ObjectId, head: ObjectId) -> Reason {
    let message = format!(
        "this shallow clone was cut where only one of {base} and {head} leads, so that a better merge base may lie beyond"
    );
    Reason::new("uncertain-merge-base", message, UNSHALLOW)
}

impl History<'_> {
    /// Says whether the history was cut at a commit that is not known to be common.
    fn is_cut_on_one_side(&self, marks: &BTreeMap<ObjectId, u8>) -> bool {
        let both = |id: &ObjectId| marks.get(id).is_some_and(|mark| mark & (ONE | TWO) == ONE | TWO);
        self.cut.iter().any(|id| !both(id))
    }

    /// Marks commits newest first until only ancestors of common ancestors are left to visit.
    fn paint(&mut self, ones: &[ObjectId], twos: &[ObjectId]) -> Result<BTreeMap<ObjectId, u8>, Reason> {
        let mut marks: BTreeMap<ObjectId, u8> = BTreeMap::new();
        let mut queue = BinaryHeap::new();
        let mut queued = BTreeSet::new();
        let mut fresh = 0_usize;
        for (ids, mark) in [(ones, ONE), (twos, TWO)] {
            for id in ids {
                *marks.entry(*id).or_default() |= mark;
                if queued.insert(*id) {
                    queue.push((self.time(*id)?.unwrap_or(0), *id));
                    fresh += 1;
                }
            }
        }
        let mut visits = 0_u64;
        let mut draining = false;
        while let Some((_, id)) = queue.pop() {
            if fresh == 0 && !draining {
                // Lying dates: a cut that looks like one side's may still turn out to be common.
                draining = self.is_cut_on_one_side(&marks);
                if !draining {
                    break;
                }
            }
            queued.remove(&id);
            let mut mark = marks.get(&id).copied().unwrap_or_default();
            fresh = fresh.saturating_sub(usize::from(mark & STALE == 0));
            visits += 1;
            if visits > self.limits.commits.saturating_mul(commit::VISITS_PER_COMMIT) {
                if draining {
                    break;
                }
                let message = "the history between base and head is too long to find the merge base";
                return Err(Reason::new("too-many-commits", message, "raise `limits: {commits: N}`"));
            }
            if mark & (ONE | TWO) == ONE | TWO {
                mark |= STALE;
            }
            for parent in self.parents(id) {
                let Some(time) = self.time(parent)? else {
                    self.cut.insert(id);
                    continue;
                };
                let before = marks.get(&parent).copied().unwrap_or_default();
                let after = before | mark;
                if before == after {
                    continue;
                }
                marks.insert(parent, after);
                let waits = !queued.insert(parent);
                if !waits {
                    queue.push((time, parent));
                }
                match (waits && before & STALE == 0, after & STALE == 0) {
                    (true, false) => fresh = fresh.saturating_sub(1),
                    (false, true) => fresh += 1,
                    _ => {}
                }
            }
        }
        Ok(marks)
    }

    /// Returns the date by which a commit is visited; none for one beyond the end of a shallow clone.
    fn time(&mut self, id: ObjectId) -> Result<Option<i64>, Reason> {
        if let Some((time, _)) = self.known.get(&id) {
            return Ok(Some(*time));
        }
        match commit::read(self.reader, id, self.limits) {
            Ok(parsed) => {
                let time = parsed.time;
                self.known.insert(id, (time, parsed.parents));
                Ok(Some(time))
            }
            Err(BlobError::Missing { .. }) if self.reader.shallow => Ok(None),
            Err(error) => Err(error.reason("")),
        }
    }

    fn parents(&self, id: ObjectId) -> Vec<ObjectId> {
        self.known.get(&id).map(|(_, parents)| parents.clone()).unwrap_or_default()
    }
}
