//! What people wrote about the change -> the secrets in it; and everything that was collected, without any.
//!
//! Owns where values go: from the worker into one redaction, and nowhere else. Files were masked before they were read;
//! here come the words of people, the reports of tools, and values that one file repeats from another.

use std::collections::BTreeSet;

use crate::facts::FactChange;
use crate::facts::secrets::{Redaction, sights};
use crate::gate::reading::Read;
use crate::policies::input::{ChangeEntry, InputDocument, SpokenSecret};

/// What one text about the change is: `commit`, `title` or `body`, and the commit's id.
type Place<'p> = (&'p str, &'p str);

/// Notes which secrets stand in the title, the body and the messages of commits; returns what they are.
pub(super) fn note_spoken(change: &mut ChangeEntry) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    let mut found = Vec::new();
    for commit in &change.commits {
        // As git shows it: a subject, an empty line, the rest.
        look(&format!("{}\n\n{}", commit.subject, commit.body), ("commit", &commit.id), &mut found, &mut values);
    }
    look(&change.title, ("title", ""), &mut found, &mut values);
    look(&change.body, ("body", ""), &mut found, &mut values);
    found.sort();
    change.secrets = found;
    values
}

/// Notes anew what the forge says now. The messages of commits were masked long ago, and what stood in them is known.
pub(super) fn note_spoken_again(change: &mut ChangeEntry) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    let mut found = std::mem::take(&mut change.secrets);
    found.retain(|secret| secret.place == "commit");
    look(&change.title, ("title", ""), &mut found, &mut values);
    look(&change.body, ("body", ""), &mut found, &mut values);
    found.sort();
    change.secrets = found;
    values
}

fn look(text: &str, (place, commit): Place<'_>, found: &mut Vec<SpokenSecret>, values: &mut BTreeSet<String>) {
    for sight in sights(text.as_bytes()) {
        let before = text.get(..sight.range.start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1);
        found.push(SpokenSecret {
            place: place.to_owned(),
            commit: commit.to_owned(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            detector: sight.detector.to_owned(),
            title: sight.title.to_owned(),
            kind: sight.kind,
        });
        values.extend(text.get(sight.range).map(str::to_owned));
    }
}

/// Takes the values out of what was read. A secret that another changed file held before has only moved: it leaked then.
pub(super) fn take_values(read: &mut Read) -> BTreeSet<String> {
    let (mut all, mut base) = (BTreeSet::new(), BTreeSet::new());
    for facts in read.facts.values() {
        base.extend(facts.values.base.iter().cloned());
    }
    for facts in read.facts.values_mut() {
        let values = std::mem::take(&mut facts.values);
        for (fact, value) in facts.secrets.iter_mut().zip(&values.facts) {
            if fact.change == FactChange::Added && base.contains(value) {
                fact.change = FactChange::Moved;
            }
        }
        all.extend(values.all);
    }
    all
}

/// Masks every text of the document; its files only where they can hold a value that their own scan could not know.
pub(super) fn cover(input: &mut InputDocument, redaction: &Redaction) {
    let (files, documents) = (std::mem::take(&mut input.files), std::mem::take(&mut input.documents));
    let nothing = InputDocument::nothing(crate::completeness::Completeness::default());
    *input = redaction.value(std::mem::replace(input, nothing));
    (input.files, input.documents) = (files, documents);
    if !redaction.knows_values() {
        return;
    }
    for file in &mut input.files {
        // What a path holds is told by the tree itself, and everything else is found by it.
        let (path, old_path) = (file.path.clone(), file.old_path.clone());
        *file = redaction.repeated(file.clone());
        (file.path, file.old_path) = (path, old_path);
    }
    input.documents = redaction.value(std::mem::take(&mut input.documents));
}
