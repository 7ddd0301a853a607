//! The last line: verdict, numbers, and the one thing to do next.

use super::Page;
use crate::outcome::Outcome;
use crate::reports::layout::next::{LONGEST, next, summary};
use crate::reports::layout::paint::Ink;
use crate::reports::layout::tally::Tally;
use crate::reports::layout::text::{clip, width};
use crate::reports::layout::words;

/// Adds the last line; when the command to repeat does not fit beside it, that stands on the line before.
pub(super) fn add(page: &mut Page, outcome: &Outcome, tally: &Tally<'_>) {
    let verdict = outcome.document.verdict;
    let word = words::verdict(verdict);
    let mut parts = vec![summary(outcome, tally)];
    parts.extend(next(outcome, tally));
    let line = parts.join(" \u{b7} ");
    let again = clip(&crate::untrusted::terminal(&outcome.again), LONGEST);
    let fits = width(word) + 2 + width(&line) + 10 + width(&again) <= page.width;
    let beside = if !again.is_empty() && fits { format!(" \u{b7} again: {again}") } else { String::new() };
    if !again.is_empty() && !fits {
        page.line(&page.paint.ink(Ink::Quiet, &format!("again: {again}")));
    }
    page.line(&format!("{}  {line}{beside}", page.paint.ink(Ink::of_verdict(verdict), word)));
}
