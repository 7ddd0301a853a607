//! Both sides of a changed file -> its secrets, and what the change did to each.
//!
//! Owns what is new: neither a secret on an untouched line, nor one that the base side held already.

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::FactChange;
use super::super::decode::{decode, is_utf16};
use super::super::lines::ChangedLines;
use super::detector::SecretKind;
use super::place::Places;
use super::scan::{Sight, sights};

/// Where a secret stands, never what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SecretFact {
    /// Stable kebab-case name of the detector: `github-token`, `private-key`.
    pub detector: String,
    /// What it is, with its article: `a GitHub token`.
    pub title: String,
    /// How sure that is.
    pub kind: SecretKind,
    /// First line on the head side, from 1.
    pub line: u32,
    /// First column in code points, from 1.
    pub column: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    /// Column after the last character, on the last line, from 1.
    pub end_column: u32,
    /// What the change did.
    pub change: FactChange,
}

/// Values of secrets on their way to the supervisor, which masks them in what others say. Shows none of them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// Of both sides, sorted.
    pub all: BTreeSet<String>,
    /// Of the base side.
    pub base: BTreeSet<String>,
    /// One for each entry of the facts, in their order.
    pub facts: Vec<String>,
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Values({})", self.all.len())
    }
}

/// The secrets of one side, in the text as `sights` saw it.
pub(in crate::facts) struct Sighting {
    pub(in crate::facts) sights: Vec<Sight>,
    text: Option<String>,
}

/// Returns the secrets of a side's bytes.
pub(in crate::facts) fn sightings(bytes: &[u8]) -> Sighting {
    let text = is_utf16(bytes).then(|| decode(bytes).text);
    let sights = sights(text.as_ref().map_or(bytes, |text| text.as_bytes()));
    Sighting { sights, text }
}

impl Sighting {
    fn text<'a>(&'a self, bytes: &'a [u8]) -> &'a [u8] {
        self.text.as_ref().map_or(bytes, |text| text.as_bytes())
    }

    /// Returns the value of each, in order.
    pub(in crate::facts) fn values(&self, bytes: &[u8]) -> Vec<String> {
        let text = self.text(bytes);
        let value =
            |sight: &Sight| text.get(sight.range.clone()).map(|value| String::from_utf8_lossy(value).into_owned());
        self.sights.iter().map(|sight| value(sight).unwrap_or_default()).collect()
    }

    /// Returns where each stands, and what the change did to it. `base` holds the values of the other side.
    pub(in crate::facts) fn facts(
        &self,
        bytes: &[u8],
        values: &[String],
        base: &BTreeSet<String>,
        lines: &ChangedLines,
    ) -> Vec<SecretFact> {
        let mut places = Places::of(self.text(bytes));
        let mut facts = Vec::with_capacity(self.sights.len());
        for (sight, value) in self.sights.iter().zip(values) {
            let (line, column) = places.at(sight.range.start);
            let (end_line, end_column) = places.at(sight.range.end);
            let change = match (lines.touch(line, end_line), base.contains(value)) {
                (false, _) => FactChange::Kept,
                (true, true) => FactChange::Moved,
                (true, false) => FactChange::Added,
            };
            let (detector, title) = (sight.detector.to_owned(), sight.title.to_owned());
            facts.push(SecretFact { detector, title, kind: sight.kind, line, column, end_line, end_column, change });
        }
        facts
    }
}
