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
