//! Which lines a text inherits from older texts, and who owned them there.
//!
//! Owns the mapping of line runs through diffs. Pure.

use std::rc::Rc;

use super::super::Hunk;
use super::LineOrigin;

/// A run of lines and its owner; line numbers count from 1, `end` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    start: u32,
    end: u32,
    owner: usize,
}

impl Run {
    pub(super) fn origin(&self) -> LineOrigin {
        LineOrigin { start: self.start, end: self.end, commit: self.owner }
    }
}

/// Runs in the order of the text; lines in none of them have no owner.
pub(super) type Owned = Vec<Run>;

/// A half-open range of lines.
type Lines = (u32, u32);

/// Returns the owners of a text of so many lines: each line from the first of `sides` (what changed since, and owners
/// there) that has it, and what none has belongs to `own`.
pub(super) fn inherit(lines: u32, sides: &[(Vec<Hunk>, Rc<Owned>)], own: Option<usize>) -> Owned {
    let mut open: Vec<Lines> = vec![(1, lines.saturating_add(1))];
    let mut owned: Owned = Vec::new();
    for (changed, owners) in sides {
        let (mut kept, mut old_at, mut new_at) = (Vec::new(), 1, 1);
        for hunk in changed {
            kept.push(((new_at, hunk.new_start), old_at));
            (old_at, new_at) = (hunk.old_end, hunk.new_end);
        }
        kept.push(((new_at, lines.saturating_add(1)), old_at));
        take(&open, &kept, owners, &mut owned);
        let fresh: Vec<Lines> = changed.iter().map(|hunk| (hunk.new_start, hunk.new_end)).collect();
        open = common(&open, &fresh);
    }
    if let Some(owner) = own {
        owned.extend(open.iter().map(|&(start, end)| Run { start, end, owner }));
    }
    owned.retain(|run| run.start < run.end);
    owned.sort_by_key(|run| run.start);
    owned.dedup_by(|next, last| {
        let joins = next.owner == last.owner && next.start == last.end;
        if joins {
            last.end = next.end;
        }
        joins
    });
    owned
}

/// Adds, for the open lines, the owners that equal lines had on the old side. `kept` holds ranges of the new side and
/// the old line that each begins with.
fn take(open: &[Lines], kept: &[(Lines, u32)], owners: &Owned, into: &mut Owned) {
    let mut first = 0;
    for &((new_start, new_end), old_start) in kept {
        let old_end = old_start.saturating_add(new_end.saturating_sub(new_start));
        while owners.get(first).is_some_and(|run| run.end <= old_start) {
            first += 1;
        }
        for run in owners.get(first..).unwrap_or_default().iter().take_while(|run| run.start < old_end) {
            // Both ends are inside the kept range, so the differences are never negative.
            let start = run.start.max(old_start) - old_start + new_start;
            let end = run.end.min(old_end) - old_start + new_start;
            let here = common(open, &[(start, end)]);
            into.extend(here.into_iter().map(|(start, end)| Run { start, end, owner: run.owner }));
        }
    }
}

/// Returns what two sorted lists of ranges share.
fn common(a: &[Lines], b: &[Lines]) -> Vec<Lines> {
    let mut shared = Vec::new();
    // The first range of `a` that can still meet one of `b`.
    let mut first = a.partition_point(|range| b.first().is_some_and(|other| range.1 <= other.0));
    for other in b {
        while a.get(first).is_some_and(|range| range.1 <= other.0) {
            first += 1;
        }
        for range in a.get(first..).unwrap_or_default().iter().take_while(|range| range.0 < other.1) {
            let both = (range.0.max(other.0), range.1.min(other.1));
            if both.0 < both.1 {
                shared.push(both);
            }
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::window::{Window, lines};
    use super::{Owned, Run, common};

    fn runs(owned: &Owned) -> Vec<(u32, u32, usize)> {
        owned.iter().map(|run| (run.start, run.end, run.owner)).collect()
    }

    fn side(text: &[u8], owned: &[(u32, u32, usize)]) -> (Vec<u8>, Rc<Owned>) {
        let owned = owned.iter().map(|&(start, end, owner)| Run { start, end, owner }).collect();
        (text.to_vec(), Rc::new(owned))
    }

    fn inherit(text: &[u8], sides: &[(Vec<u8>, Rc<Owned>)], own: Option<usize>) -> Owned {
        let sides: Vec<_> =
            sides.iter().map(|(old, owned)| (Window::of(old, text).hunks(), Rc::clone(owned))).collect();
        super::inherit(lines(text), &sides, own)
    }

    #[test]
    fn a_new_text_belongs_to_its_commit_and_an_old_one_to_nobody() {
        assert_eq!(runs(&inherit(b"a\nb\n", &[], Some(7))), [(1, 3, 7)]);
        assert_eq!(runs(&inherit(b"a\nb\n", &[side(b"a\nb\n", &[])], Some(7))), []);
        assert_eq!(runs(&inherit(b"", &[], Some(7))), []);
    }

    #[test]
    fn lines_move_with_their_owner() {
        let old = side(b"a\nb\nc\n", &[(2, 3, 1)]);
        assert_eq!(runs(&inherit(b"x\na\nb\nc\ny\n", &[old], Some(2))), [(1, 2, 2), (3, 4, 1), (5, 6, 2)]);
        let old = side(b"a\nb\nc\n", &[(1, 4, 1)]);
        assert_eq!(runs(&inherit(b"a\nB\nc\n", &[old], Some(2))), [(1, 2, 1), (2, 3, 2), (3, 4, 1)]);
    }

    #[test]
    fn lines_that_are_in_no_commit_belong_to_nobody() {
        let old = side(b"a\nb\n", &[(1, 3, 1)]);
        assert_eq!(runs(&inherit(b"a\nnew\nb\n", &[old], None)), [(1, 2, 1), (3, 4, 1)]);
    }

    #[test]
    fn a_merge_inherits_from_the_first_parent_that_has_the_line_and_owns_the_rest() {
        let ours = side(b"a\nx\nc\n", &[(2, 3, 1)]);
        let theirs = side(b"a\nc\nz\n", &[(3, 4, 2)]);
        let merged = inherit(b"a\nx\nboth\nc\nz\n", &[ours, theirs], Some(3));
        assert_eq!(runs(&merged), [(2, 3, 1), (3, 4, 3), (5, 6, 2)]);
    }

    #[test]
    fn ranges_share_what_is_in_both() {
        assert_eq!(common(&[(1, 5), (8, 10)], &[(0, 2), (4, 9)]), [(1, 2), (4, 5), (8, 9)]);
        assert_eq!(common(&[(1, 2)], &[]), []);
        assert_eq!(common(&[], &[(1, 2)]), []);
    }
}
