//! Which plain names of a file are not its own: a type hides others of its name as far as its braces reach.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Types of one name in one file that are compared.
const NAMESAKES: usize = 100;

/// Braces, types and plain names of one file.
#[derive(Default)]
pub(super) struct Scopes {
    /// Braces that are open: their places among `ranges`.
    open: Vec<usize>,
    /// From brace to brace.
    ranges: Vec<Range<usize>>,
    /// Types, with the braces around them; none is the file.
    declared: BTreeMap<String, BTreeSet<Option<usize>>>,
    /// The first use of a name within each pair of braces: place and row.
    used: BTreeMap<(String, Option<usize>), (usize, usize)>,
}

impl Scopes {
    /// Takes a brace.
    pub(super) fn mark(&mut self, mark: u8, at: usize) {
        match mark {
            b'{' => {
                self.open.push(self.ranges.len());
                self.ranges.push(at..usize::MAX);
            }
            b'}' => self.close(at),
            _ => {}
        }
    }

    fn close(&mut self, at: usize) {
        if let Some(range) = self.open.pop().and_then(|last| self.ranges.get_mut(last)) {
            range.end = at;
        }
    }

    /// Closes what is still open at the end of the text.
    pub(super) fn end(&mut self, at: usize) {
        while !self.open.is_empty() {
            self.close(at);
        }
    }

    /// Says whether no brace is open.
    pub(super) fn is_top(&self) -> bool {
        self.open.is_empty()
    }

    /// Notes a type.
    pub(super) fn declare(&mut self, name: &str) {
        self.declared.entry(name.to_owned()).or_default().insert(self.open.last().copied());
    }

    /// Notes a plain name.
    pub(super) fn use_of(&mut self, name: &str, at: usize, row: impl FnOnce() -> usize) {
        let key = (name.to_owned(), self.open.last().copied());
        self.used.entry(key).or_insert_with(|| (at, row()));
    }

    /// Returns each name once that means no type of the file where it stands first so, with its row.
    pub(super) fn foreign(self) -> impl Iterator<Item = (String, usize)> {
        let mut found: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for ((name, _), (at, row)) in &self.used {
            let around = self.declared.get(name).into_iter().flatten().take(NAMESAKES);
            let hidden = |scope: &Option<usize>| {
                scope.is_none_or(|scope| self.ranges.get(scope).is_some_and(|range| range.contains(at)))
            };
            if around.into_iter().any(hidden) {
                continue;
            }
            let first = found.entry(name.clone()).or_insert((*at, *row));
            *first = (*first).min((*at, *row));
        }
        found.into_iter().map(|(name, (_, row))| (name, row))
    }
}
