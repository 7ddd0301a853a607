//! Names that lead nowhere, ids that stand twice, rules and decisions that disagree.
//!
//! Owns what can only be said once all files were read. A file that could not be read is to blame for the names that it
//! would have given, so of its kinds no name is called unknown. Must not read a file.

use std::collections::{BTreeMap, BTreeSet};

use super::Specification;
use super::page::{Page, Subject};
use crate::diagnostic::shortened;
use crate::yaml::{Place, nearest};

/// Names listed when none is near.
const MOST_LISTED: usize = 12;
/// Unknown names for which the nearest known one is looked for; past that somebody renamed a whole kind.
const MOST_SUGGESTED: usize = 50;

/// Ids by kind.
type Known = BTreeMap<Subject, BTreeMap<String, (String, u32)>>;

/// Records all faults of references on the pages where they stand.
pub(super) fn follow(pages: &mut [Page<'_>], specification: &Specification) {
    let mut unread: BTreeSet<Subject> = pages.iter().flat_map(|page| page.unread.iter().copied()).collect();
    // A missing file is one fault by itself.
    let missing = |file: &str| !specification.texts.contains_key(file) && !pages.iter().any(|page| page.file == file);
    if missing("teams.yaml") {
        unread.insert(Subject::Team);
    }
    if missing("systems.yaml") {
        unread.insert(Subject::System);
    }
    let known = known(pages);
    let lost = names(pages, &known, &unread);
    statuses(pages, &known);
    ties(pages, &known, &lost);
}

/// Collects all ids and records those that stand twice.
fn known(pages: &mut [Page<'_>]) -> Known {
    let mut known = Known::new();
    for page in pages {
        for given in std::mem::take(&mut page.given) {
            let ids = known.entry(given.subject).or_default();
            if let Some((file, line)) = ids.get(&given.id.value) {
                let whose = if file == page.file { String::new() } else { format!(" of {file}") };
                let title = format!(
                    "the {} `{}` stands twice; first on line {line}{whose}",
                    given.subject.name(),
                    given.id.value
                );
                page.add(given.id.place, title, "again", "Ids are never used again: take the next free one.");
            } else {
                ids.insert(given.id.value, (page.file.to_owned(), given.id.place.line));
            }
        }
    }
    known
}

/// Records names that lead nowhere; returns where they stand.
fn names(pages: &mut [Page<'_>], known: &Known, unread: &BTreeSet<Subject>) -> BTreeSet<(String, Place)> {
    let mut lost = BTreeSet::new();
    let mut suggested = 0;
    let none = BTreeMap::new();
    for page in pages {
        for used in std::mem::take(&mut page.used) {
            let ids = known.get(&used.subject).unwrap_or(&none);
            if ids.contains_key(&used.id.value) {
                continue;
            }
            lost.insert((page.file.to_owned(), used.id.place));
            if unread.contains(&used.subject) {
                continue;
            }
            let subject = used.subject.name();
            let title = format!("there is no {subject} `{}`", shortened(&used.id.value));
            suggested += 1;
            let help =
                if suggested > MOST_SUGGESTED { String::new() } else { suggestion(&used.id.value, subject, ids) };
            page.add(used.id.place, title, &format!("unknown {subject}"), help);
        }
    }
    lost
}

fn suggestion(word: &str, subject: &str, ids: &BTreeMap<String, (String, u32)>) -> String {
    let lower: BTreeMap<String, &str> = ids.keys().map(|id| (id.to_ascii_lowercase(), id.as_str())).collect();
    if let Some(near) = nearest(word, lower.keys().map(String::as_str)).and_then(|near| lower.get(near)) {
        return format!("Did you mean `{near}`?");
    }
    match ids.len() {
        0 => format!("The specification has no {subject}."),
        1..=MOST_LISTED => {
            let listed: Vec<String> = ids.keys().map(|id| format!("`{id}`")).collect();
            format!("Known: {}.", listed.join(", "))
        }
        many => format!("None of the {many} known ones is near."),
    }
}

/// A rule's status in a system outside its scope says nothing.
fn statuses(pages: &mut [Page<'_>], known: &Known) {
    for page in pages {
        for system in std::mem::take(&mut page.outside) {
            let exists = known.get(&Subject::System).is_some_and(|ids| ids.contains_key(&system.value));
            if exists {
                let title = format!("the rule's scope does not hold the system `{}`", shortened(&system.value));
                page.add(system.place, title, "outside the scope", "Remove it, or widen `scope`.");
            }
        }
    }
}

/// `decision` of a rule and `enforced-by` of a decision agree; one that could not be read agrees with everything.
fn ties(pages: &mut [Page<'_>], known: &Known, lost: &BTreeSet<(String, Place)>) {
    let mut unsure: BTreeSet<String> = pages.iter().flat_map(|page| page.untied.iter().cloned()).collect();
    let mut said = BTreeSet::new();
    for page in pages.iter() {
        for tie in &page.ties {
            said.insert((tie.said_by, tie.rule.clone(), tie.decision.clone()));
            if lost.contains(&(page.file.to_owned(), tie.place)) {
                let who = if tie.said_by == Subject::Rule { &tie.rule } else { &tie.decision };
                unsure.insert(who.clone());
            }
        }
    }
    for page in pages {
        for tie in std::mem::take(&mut page.ties) {
            let (other, id, wanted) = match tie.said_by {
                Subject::Rule => (Subject::Decision, &tie.decision, format!("`enforced-by: [{}]`", tie.rule)),
                _ => (Subject::Rule, &tie.rule, format!("`decision: {}`", tie.decision)),
            };
            let there = known.get(&other).is_some_and(|ids| ids.contains_key(id));
            let answered = said.contains(&(other, tie.rule.clone(), tie.decision.clone()));
            if answered || !there || unsure.contains(id) {
                continue;
            }
            let title = format!("`{id}` does not say {wanted}");
            page.add(
                tie.place,
                title,
                "said on one side only",
                "Rules and decisions name each other, or neither does.",
            );
        }
    }
}
