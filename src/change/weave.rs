//! Three texts -> one: what two people did to the same file, line by line.
//!
//! Owns when two changes get in each other's way: when they touch the same line, or lines without an untouched one
//! between them, unless they are the same change. Bytes are compared, white space counts, and there are no conflict
//! markers: a conflict is no result. Pure.

use std::ops::Range;

use super::{Hunk, hunks};

/// The lines that one side put in the place of a run of lines of the old text; indices from 0.
#[derive(Clone)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// Merges two texts that both come from `old`; none where they conflict.
pub(super) fn weave(old: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    let (left, right) = (changes(old, ours), changes(old, theirs));
    let (old, ours, theirs) = (lines(old), lines(ours), lines(theirs));
    let mut merged = Vec::new();
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    let mut done = 0;
    loop {
        let (first, mine) = match (left.peek(), right.peek()) {
            (None, None) => break,
            (Some(one), None) => (one.clone(), true),
            (None, Some(other)) => (other.clone(), false),
            (Some(one), Some(other)) if apart(one, other) => (one.clone(), true),
            (Some(one), Some(other)) if apart(other, one) => (other.clone(), false),
            (Some(one), Some(other)) => {
                let same = one.old == other.old && ours.get(one.new.clone())? == theirs.get(other.new.clone())?;
                if !same {
                    return None;
                }
                let one = one.clone();
                right.next();
                (one, true)
            }
        };
        if mine {
            left.next();
        } else {
            right.next();
        }
        push(&mut merged, old.get(done..first.old.start)?);
        push(&mut merged, if mine { ours.get(first.new)? } else { theirs.get(first.new)? });
        done = first.old.end;
    }
    push(&mut merged, old.get(done..)?);
    Some(merged)
}

/// Says whether a change ends before another begins, with an untouched line between them.
fn apart(one: &Change, other: &Change) -> bool {
    one.old.end < other.old.start
}

fn changes(old: &[u8], new: &[u8]) -> Vec<Change> {
    let index = |line: u32| usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let change = |hunk: &Hunk| Change {
        old: index(hunk.old_start)..index(hunk.old_end),
        new: index(hunk.new_start)..index(hunk.new_end),
    };
    hunks(old, new).hunks.iter().map(change).collect()
}

/// Returns the lines with their ends; a last line without one is a line of its own kind.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|&byte| byte == b'\n').collect()
}

fn push(merged: &mut Vec<u8>, lines: &[&[u8]]) {
    for line in lines {
        merged.extend_from_slice(line);
    }
}

#[cfg(test)]
mod tests {
    use super::weave;

    const OLD: &str = "a\nb\nc\nd\ne\n";

    fn woven(ours: &str, theirs: &str) -> Option<String> {
        weave(OLD.as_bytes(), ours.as_bytes(), theirs.as_bytes()).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn changes_with_an_untouched_line_between_them_come_together() {
        assert_eq!(woven("A\nb\nc\nd\ne\n", "a\nb\nC\nd\n").as_deref(), Some("A\nb\nC\nd\n"));
        assert_eq!(woven("a\nb\nc\nd\ne\nf\n", "x\na\nb\nd\ne\n").as_deref(), Some("x\na\nb\nd\ne\nf\n"));
    }

    #[test]
    fn the_same_change_on_both_sides_is_made_once() {
        assert_eq!(woven("a\nx\nb\nc\nd\ne\n", "a\nx\nb\nc\nd\nE\n").as_deref(), Some("a\nx\nb\nc\nd\nE\n"));
    }

    #[test]
    fn changes_that_touch_or_overlap_are_a_conflict_in_either_order() {
        for (one, other) in [
            ("a\nB\nc\nd\ne\n", "a\nb\nC\nd\ne\n"),
            ("a\nB\nc\nd\ne\n", "a\nX\nc\nd\ne\n"),
            ("a\nx\nb\nc\nd\ne\n", "a\ny\nb\nc\nd\ne\n"),
            ("a\nx\nb\nc\nd\ne\n", "a\nB\nc\nd\ne\n"),
            ("a\ne\n", "a\nb\nC\nd\ne\n"),
            // The same nothing in the place of more and of less.
            ("a\nd\ne\n", "a\nc\nd\ne\n"),
            ("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\ne\nf"),
            ("a\nb\nc\nd\ne", "a\nb\nc\nd\ne\nf\n"),
        ] {
            assert_eq!((woven(one, other), woven(other, one)), (None, None), "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_line_end_is_part_of_the_line() {
        assert_eq!(woven("a\r\nb\nc\nd\ne\n", "a\nb\nc\nd\ne").as_deref(), Some("a\r\nb\nc\nd\ne"));
        assert_eq!(weave(b"a", b"a\n", b"a").as_deref(), Some(&b"a\n"[..]));
        assert_eq!(weave(b"", b"x\n", b"y\n"), None);
        assert_eq!(weave(b"", b"x", b"x").as_deref(), Some(&b"x"[..]));
    }
}
