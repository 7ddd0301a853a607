use std::collections::BTreeMap;

use super::Records;
use crate::change::FileStatus;
use crate::finding::RuleId;
use crate::policies::input::{FileEntry, InputDocument};
use crate::review::reached::Reached;
use crate::review::sample::{change, commit, file};
use crate::review::state::{ForgeFacts, PullState};
use crate::review::{DECISION_RECORD, Requirement, ReviewRequest, required};
use crate::specification::Specification;
use crate::specification::decision::Decision;

fn specification(decisions: &[&str]) -> Specification {
    let decision = |id: &&str| ((*id).to_owned(), Decision { id: (*id).to_owned(), ..Decision::default() });
    Specification {
        decisions: decisions.iter().map(decision).collect::<BTreeMap<_, _>>(),
        folder: ".portcullis".to_owned(),
        ..Specification::default()
    }
}

fn judged(input: &InputDocument, forge: &ForgeFacts, specification: &Specification) -> Requirement {
    let wish = ReviewRequest {
        rule: RuleId::new("boundary").unwrap(),
        reason: "a boundary is crossed".into(),
        layer: 3,
        team: "".into(),
        count: 1,
        certified: String::new(),
        paths: Vec::new(),
        record: true,
    };
    let records = Records::of(input, forge, specification);
    let review = required(&[wish], &Reached::default(), &records);
    review.requirements.into_iter().find(|requirement| requirement.id == DECISION_RECORD).unwrap()
}

fn with_message(subject: &str, body: &str) -> InputDocument {
    change("h", Vec::new(), vec![commit(subject, body, &[])])
}

fn with_file(path: &str, status: FileStatus) -> InputDocument {
    change("h", vec![FileEntry { status, ..file(path) }], Vec::new())
}

fn met(input: &InputDocument, specification: &Specification) -> bool {
    judged(input, &ForgeFacts::Local, specification).met
}

#[test]
fn a_record_cited_in_a_commit_the_title_or_the_text_is_enough() {
    let none = Specification::default();
    assert!(met(&with_message("Split the cart (ADR-0007)", ""), &none));
    assert!(met(&with_message("Split the cart", "See ADR-12.\n"), &none));
    let empty = with_message("Split the cart", "");
    for state in [
        PullState { title: "Split, ADR-7".to_owned(), ..PullState::default() },
        PullState { body: "as decided in [ADR-7](x)".to_owned(), ..PullState::default() },
    ] {
        assert!(judged(&empty, &ForgeFacts::Obtained(Box::new(state)), &none).met);
    }
    let unmet = judged(&empty, &ForgeFacts::Local, &none);
    assert!(!unmet.met);
    let reason = "none is cited yet: write ADR-<number> in a commit message or in the text of the request\n\
                  a boundary is crossed";
    assert_eq!(unmet.reason.raw(), reason);
    assert_eq!(unmet.rules, [RuleId::new("boundary").unwrap()]);
}

#[test]
fn five_records_are_named_and_the_rest_is_counted() {
    let cites = |text: &str| judged(&with_message(text, ""), &ForgeFacts::Local, &Specification::default());
    let five = cites("ADR-1 ADR-2 ADR-3 ADR-4 ADR-5");
    assert!(five.reason.raw().starts_with("cites ADR-0001, ADR-0002, ADR-0003, ADR-0004, ADR-0005\n"));
    let seven = cites("ADR-1 ADR-2 ADR-3 ADR-4 ADR-5 ADR-6 ADR-7");
    assert!(seven.reason.raw().starts_with("cites ADR-0001, ADR-0002, ADR-0003, ADR-0004, ADR-0005 and 2 more\n"));
}

#[test]
fn what_only_looks_like_a_record_is_none() {
    for text in ["ADR", "ADR-", "ADR-x", "MADR-1", "ADR-12a", "ADR_7", "adr-7", "ADR-1234567890"] {
        assert!(!met(&with_message(text, ""), &Specification::default()), "{text}");
    }
}

#[test]
fn where_the_specification_has_decisions_another_id_does_not_count_and_is_named() {
    let specification = specification(&["ADR-0001", "ADR-0012"]);
    assert!(met(&with_message("ADR-0012", ""), &specification));
    assert!(met(&with_message("ADR-12", ""), &specification));
    let vain = judged(&with_message("ADR-0002 and ADR-9", ""), &ForgeFacts::Local, &specification);
    assert!(!vain.met);
    assert!(
        vain.reason.raw().contains("; ADR-0002, ADR-0009 are no decisions of the specification\n"),
        "{}",
        vain.reason.raw()
    );
    let mixed = judged(&with_message("ADR-0001, ADR-0002", ""), &ForgeFacts::Local, &specification);
    assert!(mixed.met);
    assert!(mixed.reason.raw().starts_with("cites ADR-0001; ADR-0002 is no decision of the specification\n"));
}

#[test]
fn a_decision_file_that_the_change_adds_or_edits_counts_and_one_that_it_deletes_does_not() {
    let specification = specification(&["ADR-0001"]);
    for status in [FileStatus::Added, FileStatus::Modified] {
        assert!(met(&with_file(".portcullis/decisions/0009-split.md", status), &specification));
    }
    assert!(!met(&with_file(".portcullis/decisions/0001-vault.md", FileStatus::Deleted), &specification));
    // Not the specification's folder, not a numbered page, not a page.
    for path in ["docs/decisions/0009-split.md", ".portcullis/decisions/index.md", ".portcullis/decisions/0009-x.txt"] {
        assert!(!met(&with_file(path, FileStatus::Added), &specification), "{path}");
    }
    let mut input = with_file(".portcullis/decisions/0009-split.md", FileStatus::Added);
    input.files[0].kind = "symlink".to_owned();
    assert!(!met(&input, &specification));
}

#[test]
fn without_a_specification_here_numbered_pages_of_the_usual_folders_are_decisions() {
    let none = Specification::default();
    assert!(met(&with_file("docs/adr/0009-split.md", FileStatus::Added), &none));
    assert!(met(&with_file("decisions/9-split.md", FileStatus::Added), &none));
    for path in ["docs/0009-split.md", "docs/adrift/0009-split.md", "0009-split.md"] {
        assert!(!met(&with_file(path, FileStatus::Added), &none), "{path}");
    }
}
