//! One part of the specification on both sides, and what is said about it.
//!
//! Owns the list of changes while it is made, and the comparisons that many keys share. Must not know any part.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::{Effect, SpecificationChange};
use crate::diagnostic::shortened;

/// Most changes that one comparison keeps; the last one says that there are more.
const MOST: usize = 100_000;

/// All changes so far.
#[derive(Default)]
pub(super) struct Rows(Vec<SpecificationChange>);

impl Rows {
    /// Starts what is said about one part; `owners` answer for it, `systems` for those that it concerns.
    pub(super) fn row<'r>(&'r mut self, what: &'static str, id: &str, (file, line): (&str, u32)) -> Row<'r> {
        let (id, file) = (shortened(id), file.to_owned());
        Row { rows: self, what, id, file, line: line.max(1), owners: Vec::new(), scope: Vec::new() }
    }

    pub(super) fn sorted(mut self) -> Vec<SpecificationChange> {
        self.0.sort();
        self.0.dedup();
        self.0
    }

    /// Returns the files that some change names.
    pub(super) fn files(&self) -> BTreeSet<String> {
        self.0.iter().map(|change| change.file.clone()).collect()
    }
}

/// One part, and what is said about it.
pub(super) struct Row<'r> {
    rows: &'r mut Rows,
    what: &'static str,
    id: String,
    file: String,
    line: u32,
    owners: Vec<String>,
    scope: Vec<String>,
}

impl Row<'_> {
    /// Names who answers for the part.
    pub(super) fn owned_by<'o>(mut self, owners: impl IntoIterator<Item = &'o String>) -> Self {
        let owners: BTreeSet<&String> = owners.into_iter().filter(|owner| !owner.is_empty()).collect();
        self.owners = owners.into_iter().cloned().collect();
        self
    }

    /// Names who answers for the systems that the part concerns.
    pub(super) fn concerning(mut self, owners: BTreeSet<String>) -> Self {
        self.scope = owners.into_iter().filter(|owner| !owner.is_empty()).collect();
        self
    }

    pub(super) fn say(&mut self, effect: Effect, why: impl Into<String>) {
        if self.rows.0.len() >= MOST {
            return;
        }
        let owners = if effect == Effect::Tightening && !self.scope.is_empty() { &self.scope } else { &self.owners };
        self.rows.0.push(SpecificationChange {
            file: self.file.clone(),
            line: self.line,
            what: self.what,
            id: self.id.clone(),
            effect,
            why: why.into(),
            owners: owners.clone(),
        });
    }

    pub(super) fn loosens(&mut self, why: impl Into<String>) {
        self.say(Effect::Loosening, why);
    }

    pub(super) fn tightens(&mut self, why: impl Into<String>) {
        self.say(Effect::Tightening, why);
    }

    pub(super) fn textual(&mut self, why: impl Into<String>) {
        self.say(Effect::Textual, why);
    }

    /// Words that demand nothing.
    pub(super) fn words<T: PartialEq>(&mut self, name: &str, base: &T, head: &T) {
        if base != head {
            self.textual(format!("has another {name}"));
        }
    }

    /// A value of which no direction is known.
    pub(super) fn untold<T: PartialEq>(&mut self, base: &T, head: &T, why: impl Into<String>) {
        if base != head {
            self.loosens(why);
        }
    }

    /// A value that asks for more the higher it is.
    pub(super) fn higher_tightens<T: PartialOrd + Display>(&mut self, name: &str, base: T, head: T) {
        if head < base {
            self.loosens(format!("has its {name} lowered from {base} to {head}"));
        } else if head > base {
            self.tightens(format!("has its {name} raised from {base} to {head}"));
        }
    }

    /// A value that allows more the higher it is.
    pub(super) fn higher_loosens<T: PartialOrd + Display>(&mut self, name: &str, base: T, head: T) {
        if head < base {
            self.tightens(format!("has its {name} lowered from {base} to {head}"));
        } else if head > base {
            self.loosens(format!("has its {name} raised from {base} to {head}"));
        }
    }

    /// Another team answers for it: whoever is asked for approval changes.
    pub(super) fn owner(&mut self, base: &str, head: &str) {
        if base != head {
            let (base, head) = (quoted(base), quoted(head));
            self.loosens(format!("is owned by {head} instead of {base}: another team is asked"));
        }
    }
}

/// Returns a text as it may stand in a reason.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", shortened(text))
}

/// Returns texts as they may stand in a reason; of many the first ones.
pub(super) fn listed<'t>(texts: impl IntoIterator<Item = &'t String>) -> String {
    const SHOWN: usize = 8;
    let all: Vec<&String> = texts.into_iter().collect();
    let shown = all.iter().take(SHOWN).map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
