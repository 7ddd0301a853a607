//! Two specifications -> what changes between them, each change loosening, tightening or textual.
//!
//! Owns the meaning of every key as far as strictness goes; one file a part of the specification. What the kinds of
//! `enforce` mean is asked through [`EnforceComparison`]. Must not read files: a side that cannot be read has no
//! answer here. What cannot be told counts as loosening.

mod agent;
mod certificate;
mod contract;
mod globs;
mod list;
mod manifest;
mod node;
mod record;
mod remainder;
mod row;
mod rule;
mod system;
mod team;
mod waiver;

use std::collections::BTreeSet;

use serde::Serialize;

pub use self::node::{plain_texts, same};
use self::row::Rows;
use super::Specification;
use super::rule::Enforce;

/// What a change to the gate's own rules does; of several the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// What is demanded stays as it is.
    Textual,
    /// Less is let through, or more people are asked.
    Tightening,
    /// More is let through, or that cannot be told.
    Loosening,
}

impl Effect {
    /// Returns the word of the input document.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Textual => "textual",
            Self::Tightening => "tightening",
            Self::Loosening => "loosening",
        }
    }
}

/// One change between two specifications.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SpecificationChange {
    /// The file, relative to the root of the specification: head's, or base's for what is gone.
    pub file: String,
    /// Line in that file, from 1; 1 where none is known.
    pub line: u32,
    /// What part it is: `rule`, `team`, `system`, `contract`, `agent`, `prompt`, `decision`, `waiver`, `defaults`,
    /// `policy`, `test`, `file`.
    pub what: &'static str,
    /// Its id; a path for files.
    pub id: String,
    /// What it does.
    pub effect: Effect,
    /// Why, as a phrase that goes on after the id.
    pub why: String,
    /// The teams that answer for it by base, sorted: owners of the systems in scope when it tightens, else of the part.
    pub owners: Vec<String>,
}

impl SpecificationChange {
    /// Returns id and reason as one phrase.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{} {}", self.id, self.why)
    }
}

/// What the kinds of `enforce` say about two versions of one rule.
pub trait EnforceComparison {
    /// Returns each difference between two demands of one kind; nothing when they demand the same.
    fn compare(&self, base: &Enforce, head: &Enforce) -> Vec<(Effect, String)>;

    /// Says whether a module that grows may let more through this rule, as one that is allowed something.
    fn permits(&self, enforce: &Enforce, module: &str) -> bool;
}

/// Knows no kind: every difference counts as loosening.
#[derive(Clone, Copy, Debug, Default)]
pub struct Untold;

impl EnforceComparison for Untold {
    fn compare(&self, base: &Enforce, _: &Enforce) -> Vec<(Effect, String)> {
        let kind = crate::diagnostic::shortened(&base.kind.value);
        vec![(
            Effect::Loosening,
            format!("demands something else under `{kind}`; whether it lets more through cannot be told"),
        )]
    }

    fn permits(&self, _: &Enforce, _: &str) -> bool {
        true
    }
}

/// Returns every change from `base` to `head`, sorted by file, line, part and id, each once.
#[must_use]
pub fn diff(base: &Specification, head: &Specification, enforce: &dyn EnforceComparison) -> Vec<SpecificationChange> {
    let mut rows = Rows::default();
    manifest::compare(base, head, &mut rows);
    team::compare(base, head, &mut rows);
    system::compare(base, head, enforce, &mut rows);
    rule::compare(base, head, enforce, &mut rows);
    contract::compare(base, head, &mut rows);
    agent::compare(base, head, &mut rows);
    record::prompts(base, head, &mut rows);
    record::decisions(base, head, &mut rows);
    waiver::compare(base, head, &mut rows);
    remainder::compare(base, head, &mut rows);
    rows.sorted()
}

/// Returns the keys of both sides, sorted, each once.
fn ids<'a, K: Ord + 'a>(base: impl Iterator<Item = &'a K>, head: impl Iterator<Item = &'a K>) -> BTreeSet<&'a K> {
    base.chain(head).collect()
}

/// Returns the owners of systems: base's, and head's for systems that base does not have; sorted.
fn owners_of<'a>(
    base: &Specification,
    head: &Specification,
    systems: impl Iterator<Item = &'a String>,
) -> BTreeSet<String> {
    let owner = |id: &String| base.systems.get(id).or_else(|| head.systems.get(id)).map(|system| system.owner.clone());
    systems.filter_map(owner).collect()
}
