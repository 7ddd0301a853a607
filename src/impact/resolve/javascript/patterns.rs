//! Maps from names with one `*` in them, as `paths`, `exports` and `imports` are.
//!
//! Owns the look-up: an exact name, else the pattern with the longest beginning before its `*`. It costs the same with
//! ten patterns and with ten thousand, unless they all begin alike.

use std::collections::{BTreeMap, BTreeSet};

/// Such a map.
#[derive(Debug, Default)]
pub(super) struct Patterns<T> {
    exact: BTreeMap<String, T>,
    /// Ending and value by beginning.
    starred: BTreeMap<String, BTreeMap<String, T>>,
    /// Lengths of the beginnings.
    lengths: BTreeSet<usize>,
}

impl<T> Patterns<T> {
    /// Takes patterns and their values; of two equal ones the last counts.
    pub(super) fn of(rows: impl IntoIterator<Item = (String, T)>) -> Self {
        let (exact, starred, lengths) = Default::default();
        let mut patterns = Self { exact, starred, lengths };
        for (pattern, value) in rows {
            match pattern.split_once('*') {
                None => {
                    patterns.exact.insert(pattern, value);
                }
                Some((before, after)) => {
                    patterns.lengths.insert(before.len());
                    patterns.starred.entry(before.to_owned()).or_default().insert(after.to_owned(), value);
                }
            }
        }
        patterns
    }

    /// Returns the value that fits the name best, and what `*` stands for, or none for an exact name.
    ///
    /// `spend` takes steps and says whether there were enough.
    pub(super) fn best<'n>(&self, name: &'n str, spend: &dyn Fn(usize) -> bool) -> Option<(&T, Option<&'n str>)> {
        if let Some(value) = self.exact.get(name) {
            return Some((value, None));
        }
        for length in self.lengths.range(..=name.len()).rev() {
            if !spend(1) {
                return None;
            }
            let Some((before, rest)) = name.split_at_checked(*length) else { continue };
            let Some(endings) = self.starred.get(before) else { continue };
            for (after, value) in endings {
                if !spend(1) {
                    return None;
                }
                if let Some(middle) = rest.strip_suffix(after.as_str()) {
                    return Some((value, Some(middle)));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn an_exact_name_wins_and_then_the_longest_beginning() {
        let rows = ["@a/*", "*", "@a/b/*", "@a/b/*.js", "@a/b"].map(|pattern| (pattern.to_owned(), pattern));
        let patterns = Patterns::of(rows);
        let best = |name| patterns.best(name, &|_| true);
        assert_eq!(best("@a/b"), Some((&"@a/b", None)));
        assert_eq!(best("@a/b/c"), Some((&"@a/b/*", Some("c"))));
        assert_eq!(best("@a/c"), Some((&"@a/*", Some("c"))));
        assert_eq!(best("\u{e9}"), Some((&"*", Some("\u{e9}"))));
        assert!(patterns.best("@a/c", &|_| false).is_none());
    }
}
