//! What the tests of the readers share, and what holds for all of them.

use super::{Declared, Dependencies, DependencyChange, Manifest, read};
use crate::limits::Limits;

pub(super) fn manifest(path: &str, text: &str) -> Manifest {
    read(path, text.as_bytes(), &Limits::default()).expect(path).unwrap_or_else(|unread| panic!("{path}: {unread:?}"))
}

pub(super) fn declared(path: &str, text: &str) -> Vec<Declared> {
    manifest(path, text).dependencies
}

/// Returns each entry as `line name version source scope address`.
pub(super) fn entries(path: &str, text: &str) -> Vec<String> {
    let word = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    let shown = |one: &Declared| {
        let (source, scope) = (serde_json::to_value(one.source).unwrap(), serde_json::to_value(one.scope).unwrap());
        format!("{} {} {} {} {} {}", one.line, one.name, one.version, word(source), word(scope), one.address)
    };
    declared(path, text).iter().map(shown).collect()
}

fn changes(path: &str, base: &str, head: &str) -> Vec<(String, DependencyChange)> {
    let both = Dependencies::read(Some((path, base.as_bytes())), Some((path, head.as_bytes())), &Limits::default());
    let touched = both.entries.into_iter().filter(|entry| entry.change != DependencyChange::Kept);
    touched.map(|entry| (format!("{} {}", entry.name, entry.version), entry.change)).collect()
}

#[test]
fn a_version_that_goes_up_is_changed_not_new() {
    let (base, head) = ("[dependencies]\na = \"1\"\nb = \"1\"\n", "[dependencies]\na = \"2\"\nc = \"1\"\n");
    let expected = [
        ("a 2".to_owned(), DependencyChange::Changed),
        ("b 1".to_owned(), DependencyChange::Removed),
        ("c 1".to_owned(), DependencyChange::Added),
    ];
    assert_eq!(changes("Cargo.toml", base, head), expected);
}

#[test]
fn several_versions_of_a_name_are_paired_by_version_first() {
    let lock = |versions: &[&str]| -> String {
        versions.iter().map(|version| format!("[[package]]\nname = \"a\"\nversion = \"{version}\"\n")).collect()
    };
    let found = changes("Cargo.lock", &lock(&["1.0.0", "2.0.0"]), &lock(&["2.0.0", "3.0.0", "4.0.0"]));
    assert_eq!(
        found,
        [("a 3.0.0".to_owned(), DependencyChange::Changed), ("a 4.0.0".to_owned(), DependencyChange::Added)]
    );
}

#[test]
fn a_manifest_over_a_budget_is_not_read() {
    let limits = Limits { manifest_bytes: 10, ..Limits::default() };
    assert!(read("Cargo.toml", b"[dependencies]\n", &limits).unwrap().unwrap_err().too_large);
    let limits = Limits { manifest_values: 2, ..Limits::default() };
    assert!(read("Cargo.toml", b"[dependencies]\na = \"1\"\nb = \"1\"\n", &limits).unwrap().unwrap_err().too_large);
}

#[test]
fn of_a_lock_only_what_changed_or_is_asked_for_is_told() {
    let lock = |names: &[&str]| -> String {
        names.iter().map(|name| format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n")).collect()
    };
    let read = |path: &str, base: &str, head: &str| {
        Dependencies::read(Some((path, base.as_bytes())), Some((path, head.as_bytes())), &Limits::default())
    };
    let mut files = [
        read("Cargo.toml", "[dependencies]\n", "[dependencies]\na = \"1\"\n"),
        read("Cargo.lock", &lock(&["a", "b"]), &lock(&["a", "b", "c"])),
    ];
    super::prune(files.iter_mut().map(|file| (&file.manifest, &mut file.entries)));
    let told: Vec<_> = files[1].entries.iter().map(|entry| (entry.name.as_str(), entry.change)).collect();
    assert_eq!(told, [("a", DependencyChange::Kept), ("c", DependencyChange::Added)]);
}

#[test]
fn another_use_of_a_locked_package_is_no_other_package_and_a_stronger_digest_no_other_digest() {
    let lock = |more: &str| format!("{{\"packages\": {{\"node_modules/a\": {{\"version\": \"1\", {more}}}}}}}");
    let base = lock("\"dev\": true, \"integrity\": \"sha1-x\"");
    let head = lock("\"devOptional\": true, \"integrity\": \"sha512-y\"");
    let path = "package-lock.json";
    let both = Dependencies::read(Some((path, base.as_bytes())), Some((path, head.as_bytes())), &Limits::default());
    assert_eq!(both.entries.len(), 1);
    assert_eq!(
        (both.entries[0].change, both.entries[0].integrity),
        (DependencyChange::Changed, DependencyChange::Added)
    );
}
