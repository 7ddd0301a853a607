//! What the gate itself asks people to look at, whichever packs are on: what could not be read for certain.
//!
//! Owns the two cases of design part 4 that end in `review` rather than `undecided`. Must not read anything.

use crate::finding::RuleId;
use crate::policies::input::InputDocument;
use crate::review::ReviewRequest;
use crate::untrusted::Untrusted;

/// Rule of the request for a syntax error on changed lines.
pub const UNPARSED_CHANGE: &str = "portcullis/unparsed-change";

/// Rule of the request for renames that could not be paired.
pub const UNKNOWN_RENAMES: &str = "portcullis/unknown-renames";

/// How many paths a request names before it counts the rest.
const NAMED: usize = 3;

/// Returns the requests that follow from what could not be read for certain.
#[must_use]
pub fn unread_requests(input: &InputDocument) -> Vec<ReviewRequest> {
    let mut requests = Vec::new();
    let unparsed: Vec<&str> =
        input.files.iter().filter(|file| file.parsed.errors_in_change).map(|file| file.path.as_str()).collect();
    if !unparsed.is_empty() {
        let reason = format!("changed lines that the grammar cannot read: {}", named(&unparsed));
        requests.extend(request(UNPARSED_CHANGE, reason));
    }
    if input.change.renames_unknown {
        let reason = "too many files came and went to tell which were renamed".to_owned();
        requests.extend(request(UNKNOWN_RENAMES, reason));
    }
    requests
}

fn named(paths: &[&str]) -> String {
    let shown = paths.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match paths.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

fn request(rule: &str, reason: String) -> Option<ReviewRequest> {
    let rule = RuleId::new(rule).ok()?;
    Some(ReviewRequest {
        rule,
        reason: Untrusted::new(reason),
        layer: 2,
        team: Untrusted::default(),
        count: 1,
        certified: String::new(),
        paths: Vec::new(),
        record: false,
    })
}
