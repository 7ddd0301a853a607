//! Lines of both sides, compared.

use std::collections::BTreeMap;

/// Returns the text of a side; bytes that are no UTF-8 are replaced, which never makes two sides equal.
pub(super) fn of(side: Option<&[u8]>) -> String {
    String::from_utf8_lossy(side.unwrap_or_default()).into_owned()
}

/// Returns trimmed lines that are not empty and do not begin with `comment`.
pub(super) fn lines<'a>(text: &'a str, comment: &str) -> Vec<&'a str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(comment)).collect()
}

/// Returns the lines that `head` has more often than `base`, sorted.
pub(super) fn added<'a>(base: &[&'a str], head: &[&'a str]) -> Vec<&'a str> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for line in head {
        *counts.entry(line).or_default() += 1;
    }
    for line in base {
        *counts.entry(line).or_default() -= 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 0).map(|(line, _)| line).collect()
}
