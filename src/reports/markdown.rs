//! The page for people in a browser: the comment on the pull request, and the summary of a step.
//!
//! Owns where the page goes and how long it may be there; `page` has its blocks, `handover` what a reviewer has to know of
//! the change itself. The comment's limit is GitHub's, the shorter of the two forges'.

use std::io;

use super::{Format, Style};
use crate::outcome::Outcome;

mod handover;
mod page;

/// The row of the list of formats.
pub const FORMAT: Format = Format { name: "markdown", about: "a page: the comment on the pull request", render };

/// A step's page never takes more bytes; GitHub's limit is 1,048,576 a step, and other commands of it may write too.
pub const SUMMARY_BYTES: usize = 1_000_000;

/// A comment never takes more bytes; GitHub's limit is 65,536 characters, and a marker is put before it.
pub const COMMENT_BYTES: usize = 64_000;

/// The summary of a check run never takes more bytes; GitHub's limit is 65,535 characters.
pub const CHECK_BYTES: usize = 64_000;

/// Returns the page, of at most so many bytes.
#[must_use]
pub fn page_of(outcome: &Outcome, bytes: usize) -> String {
    page::page(outcome, bytes)
}

/// Returns the page for `GITHUB_STEP_SUMMARY`.
#[must_use]
pub fn step_summary(outcome: &Outcome) -> String {
    page::page(outcome, SUMMARY_BYTES)
}

/// Returns the page for a comment.
#[must_use]
pub fn comment(outcome: &Outcome) -> String {
    page::page(outcome, COMMENT_BYTES)
}

fn render(outcome: &Outcome, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(comment(outcome).as_bytes())
}
