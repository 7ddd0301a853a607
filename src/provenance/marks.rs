//! Lines of a commit message that read like trailers, wherever they stand.
//!
//! Owns where marks are looked for: a squash puts the trailers of its commits between paragraphs, and whoever writes a
//! message may put a line anywhere. That a tool is named in one is evidence; that none is, is nothing. Not for rights:
//! what a trailer allows is read from the last paragraph only, by `change::trailer`.

use crate::change::{Commit, Trailer};

/// Lines of a message that are looked at.
const MOST_LINES: usize = 5_000;

/// Longest key, in bytes: a longer word before a colon is prose.
const LONGEST_KEY: usize = 40;

/// Keys, in lower case, whose person had a hand in the work.
const MAKERS: &[&str] = &["co-authored-by", "co-developed-by", "signed-off-by", "authored-by", "on-behalf-of"];

/// Returns the trailers of a commit and the lines of other paragraphs that read like one, in their order, each once.
///
/// A line that is indented, quoted or in a list quotes somebody; so does what stands between fences of code.
pub(super) fn marks(commit: &Commit) -> Vec<Trailer> {
    let mut found = commit.trailers.clone();
    let mut fenced = false;
    for line in commit.body.lines().take(MOST_LINES) {
        if line.starts_with("```") || line.starts_with("~~~") {
            fenced = !fenced;
        }
        if let Some(mark) = split(line).filter(|_| !fenced)
            && !found.contains(&mark)
        {
            found.push(mark);
        }
    }
    found
}

/// Says whether a mark names a person or tool that had a hand in the work.
pub(super) fn names_a_maker(mark: &Trailer) -> bool {
    MAKERS.iter().any(|key| mark.key.eq_ignore_ascii_case(key))
}

fn split(line: &str) -> Option<Trailer> {
    let (key, value) = line.split_once(':')?;
    let (key, value) = (key.trim_end(), value.trim());
    let plain = key.len() <= LONGEST_KEY && key.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = plain && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (plain && !value.is_empty()).then(|| Trailer { key: key.to_owned(), value: value.to_owned() })
}
