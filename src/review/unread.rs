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

#[cfg(test)]
mod tests {
    use super::{UNKNOWN_RENAMES, UNPARSED_CHANGE, unread_requests};
    use crate::policies::input::InputDocument;
    use crate::review::sample;

    fn asked(input: &InputDocument) -> Vec<(String, String)> {
        let requests = unread_requests(input).into_iter();
        requests.map(|request| (request.rule.to_string(), request.reason.raw().to_owned())).collect()
    }

    fn unparsed(paths: &[&str]) -> String {
        let mut files: Vec<_> = paths.iter().map(|path| sample::file(path)).collect();
        files.iter_mut().for_each(|file| file.parsed.errors_in_change = true);
        files.push(sample::file("read.py"));
        let asked = asked(&sample::change("h", files, Vec::new()));
        assert_eq!((asked.len(), asked[0].0.as_str()), (1, UNPARSED_CHANGE));
        asked[0].1.clone()
    }

    #[test]
    fn a_change_that_was_read_asks_for_nobody() {
        assert_eq!(asked(&sample::change("h", vec![sample::file("a.py")], Vec::new())), []);
    }

    #[test]
    fn three_files_that_could_not_be_read_are_named_and_the_rest_is_counted() {
        assert_eq!(unparsed(&["a"]), "changed lines that the grammar cannot read: a");
        assert_eq!(unparsed(&["a", "b", "c"]), "changed lines that the grammar cannot read: a, b, c");
        assert_eq!(unparsed(&["a", "b", "c", "d"]), "changed lines that the grammar cannot read: a, b, c and 1 more");
    }

    #[test]
    fn renames_that_could_not_be_told_are_asked_about() {
        let mut input = sample::change("h", Vec::new(), Vec::new());
        input.change.renames_unknown = true;
        let reason = "too many files came and went to tell which were renamed";
        assert_eq!(asked(&input), [(UNKNOWN_RENAMES.to_owned(), reason.to_owned())]);
    }
}
