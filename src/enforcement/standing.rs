//! What fires at head in files of the change, old debt included.
//!
//! A run over a change reports what the change did. To know that an accepted finding is gone, or that a second one like
//! it came, the same rules look at the same files as if every line were new.

use std::collections::{BTreeMap, BTreeSet};

use super::{EnforcedRule, RuleBook, SystemGraphs, judge};
use crate::configuration::UnknownLines;
use crate::facts::FactChange;
use crate::finding::draft::{Draft, Spot, Texts, fingerprinted};
use crate::finding::{Fingerprint, RuleId, collapse};
use crate::policies::input::{FileEntry, InputDocument, LineRange};
use crate::specification::rule::AppliesTo;

/// More equal texts in one file than any waiver names.
const MOST_EQUAL: u32 = 1_000;

/// The findings that stand in some files, by fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The rules that were judged; of others nothing is known.
    rules: BTreeSet<RuleId>,
    /// Equal findings of one file share a list.
    groups: Vec<Vec<String>>,
    index: BTreeMap<String, usize>,
}

impl Standing {
    /// Judges these files at head as if all of them were new; `graphs` hold head's imports against none.
    ///
    /// Rules written in Rego are not asked again: of them nothing is known.
    #[must_use]
    pub fn judged(
        book: &RuleBook,
        input: &InputDocument,
        paths: &BTreeSet<&str>,
        unknown: UnknownLines,
        texts: &Texts<'_>,
        graphs: Option<&SystemGraphs>,
    ) -> Self {
        let known = |rule: &&EnforcedRule| {
            // Of lines that are no longer added nobody knows any more who made them.
            let makers = rule.rule.applies_to == AppliesTo::All || unknown == UnknownLines::Ai;
            makers && rule.enforcement.policy().is_none() && (graphs.is_some() || !rule.enforcement.needs_graph())
        };
        let rules = book.rules.values().filter(known).map(|rule| rule.rule.id.clone()).collect();
        let said = judge(book, &as_new(input, paths, texts), &BTreeMap::new(), unknown, texts, graphs);
        Self::of(said.drafts, rules)
    }

    /// Counts what stands; `drafts` are what the rules say about [`as_new`].
    #[must_use]
    pub fn of(drafts: Vec<Draft>, rules: BTreeSet<RuleId>) -> Self {
        let key =
            |draft: &Draft| (draft.judged.finding.rule.clone(), draft.fingerprint_path.clone(), draft.anchor.clone());
        let keys: BTreeSet<_> = drafts.iter().map(key).collect();
        let known: BTreeSet<String> =
            fingerprinted(drafts).into_iter().map(|judged| judged.finding.fingerprint).collect();
        let mut standing = Self { rules, ..Self::default() };
        for (rule, path, anchor) in &keys {
            let digest = |occurrence| Fingerprint { rule, path, anchor, occurrence }.digest();
            standing.hold((0..).map(digest).take_while(|digest| known.contains(digest)).collect());
        }
        standing
    }

    /// Counts what stands of rules that are not asked again, by their text: as many findings as head has texts like it.
    ///
    /// Such rules look at changed lines only, so a second line like an accepted one would otherwise take its number.
    pub fn count_texts<'d>(&mut self, drafts: impl Iterator<Item = &'d Draft>, texts: &Texts<'_>) {
        let mut heads: BTreeMap<&str, (String, String)> = BTreeMap::new();
        let mut counted: BTreeMap<(&RuleId, &str, &str), usize> = BTreeMap::new();
        for draft in drafts.filter(|draft| !draft.anchor.is_empty()) {
            let finding = &draft.judged.finding;
            let (Some(path), Some(start), Some(end)) = (&finding.path, finding.start, finding.end) else { continue };
            let (text, head) = heads.entry(path.raw()).or_insert_with(|| {
                let text = texts(path.raw()).unwrap_or_default();
                let head = collapse(&text);
                (text, head)
            });
            // What is known by an element's name is one thing, however often it is named.
            if Spot::of((start.line, start.column, end.line, end.column), Some(text)).snippet != draft.anchor {
                continue;
            }
            let key = (&finding.rule, draft.fingerprint_path.as_str(), draft.anchor.as_str());
            let _ = counted.entry(key).or_insert_with(|| head.matches(key.2).count());
        }
        for ((rule, path, anchor), count) in counted {
            let digest = |at| Fingerprint { rule, path, anchor, occurrence: at }.digest();
            let most = u32::try_from(count).unwrap_or(u32::MAX).min(MOST_EQUAL);
            self.hold((0..most).map(digest).collect());
        }
    }

    fn hold(&mut self, group: Vec<String>) {
        let at = self.groups.len();
        self.index.extend(group.iter().map(|fingerprint| (fingerprint.clone(), at)));
        self.groups.push(group);
    }

    /// Says whether a finding of that rule is known to stand no longer.
    #[must_use]
    pub fn lacks(&self, rule: &str, fingerprint: &str) -> bool {
        self.rules.iter().any(|known| known.as_str() == rule) && !self.index.contains_key(fingerprint)
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
