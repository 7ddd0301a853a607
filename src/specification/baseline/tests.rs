//! The file is strict, written in one way, and can only shrink.

use super::{Baseline, Entry};
use crate::finding::RuleId;
use crate::specification::Specification;

const PRINT: &str = "9c41e07ab3d2f0681b5de4a7c3902f6e";

fn entry(rule: &str, path: &str) -> Entry {
    Entry { rule: RuleId::new(rule).unwrap(), path: path.to_owned(), fingerprint: PRINT.to_owned() }
}

fn faults(text: &str) -> Vec<String> {
    let read = Baseline::read(text.as_bytes(), "baseline.json", None);
    read.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

fn one(entries: &str) -> String {
    format!("{{\"version\": 1, \"entries\": [{entries}]}}")
}

#[test]
fn what_is_written_is_read_again_sorted_one_entry_a_line() {
    let entries = [entry("INV-B-1", "src/a \"b\"\u{e9}.py"), entry("INV-A-1", "z.py"), entry("INV-A-1", "no")].into();
    let baseline = Baseline { entries };
    let text = baseline.text();
    assert_eq!(Baseline::read(text.as_bytes(), "a", None), Ok(baseline));
    assert_eq!(text.lines().filter(|line| line.contains("fingerprint")).count(), 3);
    assert!(text.find("INV-A-1").unwrap() < text.find("INV-B-1").unwrap());
    let empty = Baseline::default();
    assert_eq!(Baseline::read(empty.text().as_bytes(), "a", None), Ok(empty));
}

#[test]
fn unknown_keys_duplicates_and_what_is_no_json_are_refused_at_their_place() {
    let good = format!("{{\"rule\": \"INV-A-1\", \"path\": \"a\", \"fingerprint\": \"{PRINT}\"}}");
    assert_eq!(faults(&one(&good)), [""; 0]);
    let twice = faults(&one(&format!("\n{good},\n{good}")));
    assert_eq!(twice, ["baseline.json:3:1: the same entry stands twice"]);
    assert_eq!(faults("{\"version\": 1, \"entries\": [], \"extra\": 1}").len(), 1);
    assert!(faults(&one(&good.replace("path", "file"))).iter().any(|fault| fault.contains("unknown key `file`")));
    assert!(faults(&one(&good.replace("\"path\"", "\"rule\"")))[0].contains("stands twice"));
    assert_eq!(faults("{version: 1, entries: []}"), ["baseline.json:1:2: this is not JSON"]);
    assert_eq!(faults("{\"version\": 2, \"entries\": []}").len(), 1);
    assert_eq!(faults("{\"entries\": []}").len(), 1);
    assert_eq!(faults("{\"version\": 1}").len(), 1);
    assert!(faults(&one(&good.replace("9c41", "9C41")))[0].contains("no fingerprint"));
    for text in ["", "[]", "null", "{", "\u{FEFF}{}", "{\"version\": 1, \"entries\": [1, null, [], {}]}"] {
        assert!(!faults(text).is_empty(), "{text}");
    }
    assert!(Baseline::read(b"\xFF{", "a", None).is_err());
}

#[test]
fn a_rule_that_does_not_allow_it_may_not_be_carried() {
    let text = one(&format!("{{\"rule\": \"INV-A-1\", \"path\": \"a\", \"fingerprint\": \"{PRINT}\"}}"));
    let errors = Baseline::read(text.as_bytes(), "baseline.json", Some(&Specification::default())).unwrap_err();
    assert!(errors[0].to_string().ends_with("the specification has no rule `INV-A-1`"));
}

#[test]
fn growth_is_seen_and_shrinking_is_none() {
    let small = Baseline { entries: [entry("INV-A-1", "a")].into() };
    let large = Baseline { entries: [entry("INV-A-1", "a"), entry("INV-A-1", "b")].into() };
    assert_eq!(large.grown(&small), [&entry("INV-A-1", "b")]);
    assert!(small.grown(&large).is_empty());
}

#[test]
fn a_second_first_baseline_is_refused_unless_asked_for() {
    let old = Baseline { entries: [entry("INV-A-1", "a")].into() };
    let specification = Specification::default();
    assert!(Baseline::first(Some(&old), &[], &specification, false).is_err());
    assert_eq!(Baseline::first(Some(&old), &[], &specification, true), Ok(Baseline::default()));
    assert_eq!(Baseline::first(None, &[], &specification, false), Ok(Baseline::default()));
    let (left, gone) = old.pruned(&[], &specification);
    assert!(left.entries.is_empty() && gone == old.entries);
}
