use std::collections::BTreeSet;

use regex::Regex;

use super::{Catalogue, Entry, MarkKind, Sheet, sheet};
use crate::change::Person;

/// Rows without an example that hits; none today.
const WITHOUT_HIT: &[&str] = &[];

fn rows(sheet: &Sheet) -> impl Iterator<Item = (&Entry, &super::Mark)> {
    sheet.tools.iter().chain(&sheet.declared).flat_map(|entry| entry.evidence.iter().map(move |mark| (entry, mark)))
}

/// Returns what the whole table and the row itself find in a text.
fn finds(mark: &super::Mark, text: &str) -> bool {
    !Catalogue::get().find(mark.kind, text, "test").is_empty() && {
        let rows = Catalogue::get().rows.get(&mark.kind).unwrap();
        let row = rows.iter().find(|row| row.pattern == mark.pattern).unwrap();
        row.may_match(&text.to_ascii_lowercase()) && Catalogue::get().evidence(row, mark.kind, text, "test").is_some()
    }
}

#[test]
fn every_hit_is_found_and_every_miss_is_not() {
    let sheet = sheet().unwrap();
    let mut faults = Vec::new();
    for (entry, mark) in rows(&sheet) {
        faults
            .extend(mark.hit.iter().filter(|hit| !finds(mark, hit)).map(|hit| format!("{}: no hit: {hit}", entry.id)));
        faults.extend(
            mark.miss.iter().filter(|text| finds(mark, text)).map(|text| format!("{}: hits: {text}", entry.id)),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn rows_without_an_example_are_listed() {
    let sheet = sheet().unwrap();
    let found: Vec<&str> = rows(&sheet).filter(|(_, m)| m.hit.is_empty()).map(|(_, m)| m.pattern.as_str()).collect();
    assert_eq!(found, WITHOUT_HIT);
}

#[test]
fn every_row_compiles_names_its_source_and_its_captures() {
    let sheet = sheet().unwrap();
    for (entry, mark) in rows(&sheet) {
        let regex = Regex::new(&mark.pattern).unwrap();
        let named: BTreeSet<&str> = regex.capture_names().flatten().collect();
        assert_eq!(named, mark.captures.iter().map(String::as_str).collect(), "{}", entry.id);
        assert!(named.is_subset(&BTreeSet::from(["human", "model", "session", "tool"])), "{}", entry.id);
        assert!(!mark.source.is_empty(), "{}", entry.id);
    }
}

#[test]
fn ids_are_unique() {
    let sheet = sheet().unwrap();
    let ids: BTreeSet<&str> = sheet.tools.iter().chain(&sheet.declared).map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids.len(), sheet.tools.len() + sheet.declared.len());
}

#[test]
fn every_row_has_letters_to_look_for_first_and_ordinary_commits_compile_nothing() {
    let catalogue = Catalogue::of(sheet().unwrap());
    let rows = || catalogue.rows.values().flatten();
    assert_eq!(
        rows().filter(|row| row.letters.is_empty()).map(|row| row.pattern.as_str()).collect::<Vec<_>>(),
        [""; 0]
    );
    for (kind, text) in [
        (MarkKind::CoauthorEmail, "jo@example.org"),
        (MarkKind::CoauthorEmail, "12345+jo@users.noreply.github.com"),
        (MarkKind::CoauthorEmail, "49699333+dependabot[bot]@users.noreply.github.com"),
        (MarkKind::CoauthorEmail, "noreply@github.com"),
        (MarkKind::AuthorName, "Jo Doe"),
        (MarkKind::Committer, "GitHub"),
        (MarkKind::Trailer, "Signed-off-by: Jo Doe <jo@example.org>"),
        (MarkKind::Trailer, "Co-authored-by: Jo Doe <12345+jo@users.noreply.github.com>"),
        (MarkKind::Trailer, "Reviewed-by: Jo Doe <jo@example.org>"),
        (MarkKind::MessagePrefix, "fix(api): say why (#12)"),
        (MarkKind::MessageSuffix, "The parser was generated with care.\n\nSee the book of rules.\n"),
        (MarkKind::BranchPrefix, "feature/retry"),
    ] {
        assert_eq!(catalogue.find(kind, text, "test"), []);
        let compiled = rows().find(|row| row.compiled.get().is_some());
        assert!(compiled.is_none(), "{text}: {}", compiled.unwrap().pattern);
    }
}

#[test]
fn known_wrong_matches_of_other_detectors_are_not_made() {
    let catalogue = Catalogue::get();
    for (kind, text) in [
        (MarkKind::BranchPrefix, "codex-apply-patch-telemetry"),
        (MarkKind::BranchPrefix, "cursor-extension"),
        (MarkKind::CoauthorEmail, "jo@anthropic.com"),
        (MarkKind::CoauthorEmail, "jo@openai.com"),
        (MarkKind::CoauthorEmail, "81847+claude@users.noreply.github.com"),
        (MarkKind::CoauthorEmail, "noreply@github.com"),
        (MarkKind::CoauthorEmail, "claude@example.org"),
        (MarkKind::Trailer, "Co-authored-by: Claude <claude@example.org>"),
        (MarkKind::Trailer, "Co-authored-by: Devin Doe <devin@example.org>"),
        (MarkKind::MessageSuffix, "Move the cursor and continue; codex of conduct; amp up"),
        (MarkKind::PrBody, "https://static.devin.ai/assets/gh-open-in-devin-review-light.svg"),
        (MarkKind::Trailer, "Replit-Commit-Author: User"),
        (MarkKind::Trailer, "Generated-by: semantic-release"),
        (MarkKind::AuthorLogin, "claude"),
    ] {
        assert_eq!(catalogue.find(kind, text, "test"), [], "{text}");
    }
}

#[test]
fn tools_bots_and_forges_are_no_persons_and_a_person_who_uses_a_tool_is() {
    let person = |name: &str, email: &str| {
        Catalogue::get().may_be_person(&Person { name: name.to_owned(), email: email.to_owned() })
    };
    assert!(person("Jo Doe", "jo@example.org"));
    assert!(person("Jo Doe (aider)", "jo@example.org"));
    assert!(person("claude", "81847+claude@users.noreply.github.com"));
    for (name, email) in [
        ("Claude", "noreply@anthropic.com"),
        ("GitHub", "noreply@github.com"),
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
        ("web-flow", "x@example.org"),
        ("Anything", "1+some[bot]@users.noreply.github.com"),
        ("", "jo@example.org"),
        ("Jo", ""),
    ] {
        assert!(!person(name, email), "{name} <{email}>");
    }
}
