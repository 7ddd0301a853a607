//! What two changes do to the same decision: opposite, or each another thing.
//!
//! Owns the words for an edit of a decision record, and when two edits do not go together. Records are read leniently: a
//! record of another change that says nothing readable was edited, and that is all. Must not know the specification.

use std::collections::{BTreeMap, BTreeSet};

use super::{OtherChange, Overlap, OverlapKind};
use crate::specification::decision::{Glimpse, glimpse, record_number};
use crate::untrusted::Untrusted;

/// One changed file of a decision record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionEdit {
    /// Its path.
    pub path: String,
    /// Its id, `ADR-0007`.
    pub id: String,
    before: Option<Glimpse>,
    after: Option<Glimpse>,
    /// Its new bytes, to be compared and for nothing else.
    text: Vec<u8>,
}

/// Says whether a path is that of a decision record; `folder` is the specification's in this repository, or empty.
#[must_use]
pub fn is_record(path: &str, folder: &str) -> bool {
    record_number(path, folder).is_some()
}

/// Returns what was done to the record at a path, by its bytes before and after; none where it is no record.
#[must_use]
pub fn edit(path: &str, folder: &str, before: Option<&[u8]>, after: Option<&[u8]>) -> Option<DecisionEdit> {
    let number = record_number(path, folder)?;
    Some(DecisionEdit {
        path: path.to_owned(),
        id: format!("ADR-{number:04}"),
        before: before.map(|bytes| glimpse(bytes, path)),
        after: after.map(|bytes| glimpse(bytes, path)),
        text: after.unwrap_or_default().to_vec(),
    })
}

/// What is done to one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Deed<'e> {
    path: &'e str,
    verb: String,
    /// Whether the decision does not hold afterwards.
    ends: bool,
    /// Whether the record is new.
    adds: bool,
    /// The new bytes of its own record, where the deed is done there.
    text: Option<&'e [u8]>,
}

/// Returns what a change does to each decision; of several deeds the one that ends it counts.
fn deeds(edits: &[DecisionEdit]) -> BTreeMap<String, Deed<'_>> {
    let mut all: BTreeMap<String, Deed<'_>> = BTreeMap::new();
    for edit in edits {
        let own = own_deed(edit);
        let replaces = edit.after.iter().flat_map(|after| &after.supersedes);
        let known: BTreeSet<&String> = edit.before.iter().flat_map(|before| &before.supersedes).collect();
        let ended = replaces.filter(|id| !known.contains(id)).map(|id| {
            let verb = format!("replaces it by {}", edit.id);
            (id.clone(), Deed { path: &edit.path, verb, ends: true, adds: false, text: None })
        });
        for (id, deed) in ended.chain([(edit.id.clone(), own)]) {
            let stays = all.get(&id).is_some_and(|before| before.ends && !deed.ends);
            if !stays {
                all.insert(id, deed);
            }
        }
    }
    all
}

fn own_deed(edit: &DecisionEdit) -> Deed<'_> {
    let status = |side: &Option<Glimpse>| side.as_ref().map(|side| side.status.clone()).unwrap_or_default();
    let (was, is) = (status(&edit.before), status(&edit.after));
    let turned = was != is;
    let (verb, ends) = match (&edit.after, is.as_str()) {
        (None, _) => ("deletes it", true),
        (Some(_), "rejected") if turned => ("rejects it", true),
        (Some(_), "deprecated") if turned => ("deprecates it", true),
        (Some(_), "superseded") if turned => ("marks it as superseded", true),
        (Some(_), "accepted") if turned && edit.before.is_some() => ("accepts it", false),
        (Some(_), _) if edit.before.is_none() => ("adds it", false),
        (Some(_), _) => ("edits it", false),
    };
    let text = edit.after.is_some().then_some(edit.text.as_slice());
    Deed { path: &edit.path, verb: verb.to_owned(), ends, adds: edit.before.is_none(), text }
}

/// Returns the decisions that both changes treat, each in its own way.
pub(super) fn overlaps(ours: &[DecisionEdit], theirs: &[DecisionEdit], other: &OtherChange) -> Vec<Overlap> {
    let (ours, theirs) = (deeds(ours), deeds(theirs));
    let both = ours.iter().filter_map(|(id, own)| Some((id, own, theirs.get(id)?)));
    both.filter(|(_, own, their)| differ(own, their))
        .map(|(id, own, their)| Overlap {
            kind: OverlapKind::Decision,
            change: other.clone(),
            name: id.clone(),
            paths: vec![own.path.to_owned()],
            line: 0,
            ours: own.verb.clone(),
            theirs: their.verb.clone(),
            note: Untrusted::new(told(own, their)),
        })
        .collect()
}

/// Two changes that write the same record, letter for letter, or end a decision in the same way, agree.
fn differ(ours: &Deed<'_>, theirs: &Deed<'_>) -> bool {
    match (ours.text, theirs.text) {
        (Some(own), Some(their)) => own != their,
        _ => ours.verb != theirs.verb,
    }
}

fn told(ours: &Deed<'_>, theirs: &Deed<'_>) -> String {
    if ours.adds && theirs.adds {
        return "each adds a record of this number, and they are not the same: one needs another number".to_owned();
    }
    if ours.verb == theirs.verb {
        return format!("each {}, and not in the same way", ours.verb);
    }
    let opposite = if ours.ends == theirs.ends { "" } else { "opposite: " };
    format!("{opposite}this change {}, the other {}", ours.verb, theirs.verb)
}

#[cfg(test)]
mod tests {
    use super::{DecisionEdit, edit, is_record, overlaps};
    use crate::coordination::OtherChange;

    fn record(status: &str, more: &str) -> String {
        format!("---\nid: ADR-0007\nstatus: {status}\n{more}---\n# Cache prices\n")
    }

    fn edited(path: &str, before: Option<&str>, after: Option<&str>) -> Vec<DecisionEdit> {
        edit(path, "", before.map(str::as_bytes), after.map(str::as_bytes)).into_iter().collect()
    }

    const PATH: &str = "docs/decisions/0007-cache.md";

    fn notes(ours: &[DecisionEdit], theirs: &[DecisionEdit]) -> Vec<String> {
        let found = overlaps(ours, theirs, &OtherChange::default());
        found.into_iter().map(|one| format!("{} {}", one.name, one.note.raw())).collect()
    }

    #[test]
    fn one_accepts_what_the_other_rejects_or_replaces() {
        let proposed = record("proposed", "");
        let accepts = edited(PATH, Some(&proposed), Some(&record("accepted", "")));
        let rejects = edited(PATH, Some(&proposed), Some(&record("rejected", "")));
        assert_eq!(notes(&accepts, &rejects), ["ADR-0007 opposite: this change accepts it, the other rejects it"]);
        let newer = record("accepted", "supersedes: [ADR-0007]\n").replace("id: ADR-0007", "id: ADR-0009");
        let replaces = edited("docs/decisions/0009-no-cache.md", None, Some(&newer));
        let note = "ADR-0007 opposite: this change accepts it, the other replaces it by ADR-0009";
        assert_eq!(notes(&accepts, &replaces), [note]);
        let marks = edited(PATH, Some(&proposed), Some(&record("superseded by ADR-0008", "")));
        let note = "ADR-0007 this change marks it as superseded, the other replaces it by ADR-0009";
        assert_eq!(notes(&marks, &replaces), [note]);
    }

    #[test]
    fn the_same_number_twice_is_met_and_the_same_record_is_not() {
        let (one, two) = (record("proposed", ""), record("proposed", "date: 2026-01-02\n"));
        let ours = edited(PATH, None, Some(&one));
        let theirs = edited("docs/decisions/0007-other.md", None, Some(&two));
        let found = notes(&ours, &theirs);
        assert!(found[0].contains("one needs another number"), "{found:?}");
        assert_eq!(notes(&ours, &edited(PATH, None, Some(&one))), Vec::<String>::new());
        let another = edited("docs/decisions/0008-other.md", None, Some(&two));
        assert_eq!(notes(&ours, &another), Vec::<String>::new(), "another decision");
    }

    #[test]
    fn records_without_front_matter_are_read_as_far_as_they_go() {
        let old = "# 7. Cache\n\n## Status\n\nAccepted\n";
        let new = "# 7. Cache\n\n## Status\n\nSuperseded by [ADR 9](0009-x.md)\n";
        let ends = edited("doc/adr/0007-cache.md", Some(old), Some(new));
        let edits = edited("doc/adr/0007-cache.md", Some(old), Some(&format!("{old}\nMore.\n")));
        let note = "ADR-0007 opposite: this change edits it, the other marks it as superseded";
        assert_eq!(notes(&edits, &ends), [note]);
        let hostile = edited("doc/adr/0007-cache.md", Some(old), Some("---\n{{{{\n---\n\u{0}"));
        assert_eq!(notes(&hostile, &ends).len(), 1);
    }

    #[test]
    fn only_numbered_files_of_such_folders_are_records() {
        assert!(is_record(".portcullis/decisions/0001-a.md", ".portcullis"));
        assert!(!is_record("docs/adr/0001-a.md", ".portcullis"), "the specification says where they are");
        assert!(is_record("docs/adr/0001-a.md", ""));
        assert!(!is_record("docs/adr/README.md", "") && !is_record("docs/0001-a.md", ""));
    }
}
