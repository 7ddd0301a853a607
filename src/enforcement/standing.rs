//! What fires at head in files of the change, old debt included.
//!
//! A run over a change reports what the change did. To know that an accepted finding is gone, or that a second one like
//! it came, the same rules look at the same files as if every line were new.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::FactChange;
use crate::finding::draft::{Draft, Texts, fingerprinted};
use crate::finding::{Fingerprint, RuleId};
use crate::policies::input::{FileEntry, InputDocument, LineRange};

/// The findings that stand in some files, by fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Equal findings of one file share a list.
    groups: Vec<Vec<String>>,
    index: BTreeMap<String, usize>,
    unjudged: BTreeSet<RuleId>,
}

impl Standing {
    /// Counts what stands; `drafts` are what the rules say about [`as_new`].
    #[must_use]
    pub fn of(drafts: Vec<Draft>) -> Self {
        let key =
            |draft: &Draft| (draft.judged.finding.rule.clone(), draft.fingerprint_path.clone(), draft.anchor.clone());
        let keys: BTreeSet<_> = drafts.iter().map(key).collect();
        let known: BTreeSet<String> =
            fingerprinted(drafts).into_iter().map(|judged| judged.finding.fingerprint).collect();
        let mut standing = Self::default();
        for (rule, path, anchor) in &keys {
            let digest = |occurrence| Fingerprint { rule, path, anchor, occurrence }.digest();
            let group: Vec<String> = (0..).map(digest).take_while(|digest| known.contains(digest)).collect();
            let at = standing.groups.len();
            standing.index.extend(group.iter().map(|fingerprint| (fingerprint.clone(), at)));
            standing.groups.push(group);
        }
        standing
    }

    /// Notes rules that could not be judged here: nothing is known to be gone of them.
    #[must_use]
    pub fn without(self, unjudged: BTreeSet<RuleId>) -> Self {
        Self { unjudged, ..self }
    }

    /// Says whether a finding of that rule and fingerprint is known not to stand.
    #[must_use]
    pub fn lacks(&self, rule: &str, fingerprint: &str) -> bool {
        !self.unjudged.iter().any(|other| other.as_str() == rule) && !self.index.contains_key(fingerprint)
    }

    /// Says whether every finding like this one is accepted.
    ///
    /// A new violation with the text of an accepted one takes its number when it stands before it, so one more of them
    /// than were accepted means that the new one was not.
    #[must_use]
    pub fn all_accepted(&self, fingerprint: &str, accepted: impl Fn(&str) -> bool) -> bool {
        let group = self.index.get(fingerprint).and_then(|at| self.groups.get(*at));
        accepted(fingerprint) && group.is_none_or(|group| group.iter().all(|other| accepted(other)))
    }
}

/// Returns the document with only these files, every fact of head in them counting as new.
#[must_use]
pub fn as_new(input: &InputDocument, paths: &BTreeSet<&str>, texts: &Texts<'_>) -> InputDocument {
    let mut document = input.clone();
    document.files.retain(|file| paths.contains(file.path.as_str()));
    for file in &mut document.files {
        let lines = texts(&file.path).map_or(0, |text| text.lines().count());
        file.hunks = vec![LineRange { start: 1, end: u32::try_from(lines).unwrap_or(u32::MAX).max(1) }];
        renewed(file);
    }
    document
}

fn renewed(file: &mut FileEntry) {
    let gone = |change: FactChange| change == FactChange::Removed;
    file.symbols.retain(|fact| !gone(fact.change));
    file.imports.retain(|fact| !gone(fact.change));
    file.calls.retain(|fact| !gone(fact.change));
    file.matches.retain(|fact| !gone(fact.change));
    file.hidden.retain(|fact| !gone(fact.change));
    file.symbols.iter_mut().for_each(|fact| fact.change = FactChange::Added);
    file.imports.iter_mut().for_each(|fact| fact.change = FactChange::Added);
    file.calls.iter_mut().for_each(|fact| fact.change = FactChange::Added);
    file.matches.iter_mut().for_each(|fact| fact.change = FactChange::Added);
    file.hidden.iter_mut().for_each(|fact| fact.change = FactChange::Added);
}
