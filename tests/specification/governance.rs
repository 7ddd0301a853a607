//! Changes to a specification in the repository: what the gate says of each file.

use portcullis::enforcement::comparison::KnownKinds;
use portcullis::policies::input::{GovernanceChange, GovernanceEffect};
use portcullis::specification::files::SpecificationFiles;
use portcullis::specification::governance::{BaseRules, Places, SpecificationChanges, changes};

use crate::loading::{edited, example};

fn placed(files: SpecificationFiles, folder: &str) -> SpecificationFiles {
    SpecificationFiles { folder: folder.to_owned(), ..files }
}

/// Judges every file that differs.
fn judged(head: SpecificationFiles, folder: &str) -> Vec<GovernanceChange> {
    let (base, head) = (placed(example(&[]), folder), placed(head, folder));
    let told = SpecificationChanges::of(&base, &Ok(head.clone()), &KnownKinds);
    let rules = BaseRules::default().with(Some(told));
    let places = Places { specification: Some(folder.to_owned()), ..Places::default() };
    let paths: std::collections::BTreeSet<&String> = base.files.keys().chain(head.files.keys()).collect();
    let mut all = Vec::new();
    for path in paths.into_iter().filter(|path| base.files.get(*path) != head.files.get(*path)) {
        let shown = base.shown(path);
        let side = |files: &SpecificationFiles| files.files.get(path).map(|file| file.0.clone());
        let (old, new) = (side(&base), side(&head));
        all.extend(changes((&shown, &shown), (old.as_deref(), new.as_deref()), &places, &rules));
    }
    all
}

#[test]
fn a_rule_lowered_in_head_is_loosening_and_names_the_rule_row_67() {
    let head = edited("invariants/arch.yaml", "status: enforced", "status: advisory");
    for folder in [".portcullis", "spec/shop"] {
        let found = judged(head.clone(), folder);
        assert_eq!(found.len(), 1);
        assert!(found[0].loosens && found[0].path == format!("{folder}/invariants/arch.yaml"));
        assert_eq!(found[0].why, "INV-ARCH-001 has its status lowered from enforced to advisory");
        assert_eq!((found[0].what.as_str(), found[0].effect), ("specification", GovernanceEffect::Loosening));
    }
}

#[test]
fn a_raised_rule_asks_the_owners_and_words_ask_the_owner_of_the_rule() {
    let found = judged(edited("prohibited/patterns.yaml", "status: advisory", "status: enforced"), "spec");
    assert_eq!(
        (found[0].effect, found[0].owners.as_slice()),
        (GovernanceEffect::Tightening, ["orders".to_owned()].as_slice())
    );
    assert!(!found[0].loosens);
    let found = judged(edited("invariants/arch.yaml", "They are due", "They were due"), "spec");
    assert_eq!((found[0].effect, found[0].loosens), (GovernanceEffect::Textual, false));
}

#[test]
fn every_file_of_a_deleted_folder_of_policies_or_rules_is_loosening_row_68() {
    let mut head = example(&[]);
    head.files.retain(|path, _| !path.starts_with("policies/") && !path.starts_with("invariants/"));
    let found = judged(head, ".portcullis");
    assert!(found.len() >= 4 && found.iter().all(|change| change.loosens), "{found:?}");
}

#[test]
fn a_rule_that_moves_to_another_file_changes_nothing() {
    let text = String::from_utf8(example(&[]).files["prohibited/patterns.yaml"].0.clone()).unwrap();
    let head = example(&[("prohibited/patterns.yaml", ""), ("prohibited/other.yaml", &text)]);
    let found = judged(head, ".portcullis");
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|change| change.effect == GovernanceEffect::Textual), "{found:?}");
}

#[test]
fn a_waiver_added_or_extended_is_loosening_and_one_withdrawn_is_not_row_67() {
    let longer = judged(edited("waivers/2026-q4.yaml", "2026-12-15", "2026-12-18"), ".portcullis");
    assert_eq!((longer[0].what.as_str(), longer[0].loosens), ("waiver", true));
    assert!(longer[0].why.contains("WVR-0007"), "{longer:?}");
    assert!(!judged(example(&[("waivers/2026-q4.yaml", "")]), "x")[0].loosens);
}

#[test]
fn a_specification_that_cannot_be_read_is_loosening_with_its_first_fault() {
    let found = judged(edited("invariants/arch.yaml", "status: enforced", "status: enforce"), ".portcullis");
    assert!(found[0].loosens && found[0].why.contains("invariants/arch.yaml:"), "{found:?}");
    let base = placed(example(&[]), ".portcullis");
    let told = SpecificationChanges::of(&base, &Err("a link stands there".to_owned()), &KnownKinds);
    let rules = BaseRules::default().with(Some(told));
    let path = ".portcullis/teams.yaml";
    let found = changes((path, path), (Some(b"a"), Some(b"b")), &Places::default(), &rules);
    assert!(found[0].loosens && found[0].why == "a link stands there");
}

#[test]
fn a_twin_of_a_name_is_no_file_that_was_compared() {
    let base = placed(example(&[]), ".portcullis");
    let rules = BaseRules::default().with(Some(SpecificationChanges::of(&base, &Ok(base.clone()), &KnownKinds)));
    for path in [".Portcullis/teams.yaml", ".portcullis/Teams.yaml", ".portcullis/teams.yaml"] {
        let found = changes((path, path), (None, Some(b"b")), &Places::default(), &rules);
        assert_eq!(found[0].loosens, path != ".portcullis/teams.yaml", "{path}");
    }
}
