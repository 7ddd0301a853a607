//! Lists whose items let more through, or less.
//!
//! Owns what an empty list means: for some keys nothing, for others everything.

use super::globs::uncovered;
use super::row::{Row, listed};

/// What one more item does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum More {
    Tightens,
    Loosens,
}

/// A key that holds a list.
#[derive(Clone, Copy)]
pub(super) struct List {
    /// What one more item does.
    pub(super) more: More,
    /// True when an empty list stands for everything.
    pub(super) empty_is_all: bool,
    /// True when items are globs, of which a wide one may cover a narrow one.
    pub(super) globs: bool,
    /// Phrases after the id; the first two go on with the items.
    pub(super) gained: &'static str,
    pub(super) lost: &'static str,
    /// Said when an empty list that stands for everything comes, or goes.
    pub(super) all: &'static str,
    pub(super) limited: &'static str,
}

impl List {
    /// Compares both sides as sets.
    pub(super) fn compare(&self, row: &mut Row<'_>, base: &[String], head: &[String]) {
        let all = |side: &[String]| self.empty_is_all && side.is_empty();
        match (all(base), all(head)) {
            (true, true) => {}
            (true, false) => self.lost(row, format!("{} {}", self.limited, listed(head))),
            (false, true) => self.gained(row, self.all.to_owned()),
            (false, false) => {
                let (gained, lost) = (self.without(head, base), self.without(base, head));
                if !lost.is_empty() {
                    self.lost(row, format!("{} {}", self.lost, listed(lost)));
                }
                if !gained.is_empty() {
                    self.gained(row, format!("{} {}", self.gained, listed(gained)));
                }
            }
        }
    }

    /// Returns the items of `these` that `those` do not have or cover.
    fn without<'t>(&self, these: &'t [String], those: &[String]) -> Vec<&'t String> {
        if self.globs { uncovered(these, those) } else { these.iter().filter(|item| !those.contains(item)).collect() }
    }

    fn gained(&self, row: &mut Row<'_>, why: String) {
        match self.more {
            More::Tightens => row.tightens(why),
            More::Loosens => row.loosens(why),
        }
    }

    fn lost(&self, row: &mut Row<'_>, why: String) {
        match self.more {
            More::Tightens => row.loosens(why),
            More::Loosens => row.tightens(why),
        }
    }
}
