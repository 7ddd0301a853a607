//! `docs/rules.md` says what the METADATA of the built-in packs says, and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use portcullis::finding::{Severity, Status};
use portcullis::limits::Limits;
use portcullis::policies::{EntryKind, Package, Rule, Scope, loader, packs};

use super::{read, root};

const DOCUMENT: &str = "docs/rules.md";

fn packages() -> Vec<Package> {
    let set = packs::builtin(&packs::names().collect::<Vec<_>>()).unwrap();
    let (loaded, _) = loader::load(&set, &BTreeMap::new(), &Limits::default());
    assert_eq!(loaded.faults, []);
    loaded.packages
}

/// Returns title and description of a pack: what its first file says above `package`.
fn about(pack: &str) -> (String, String) {
    let set = packs::builtin(&[pack]).unwrap();
    let text = &set.policies.first().unwrap().text;
    let of = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("# {key}: "))).unwrap_or_default();
        line.trim().to_owned()
    };
    (of("title"), of("description"))
}

fn gates(rule: &Rule) -> String {
    match (rule.status, rule.kind, rule.severity) {
        (Status::Advisory, ..) => "is shown, and blocks nothing".to_owned(),
        (_, EntryKind::Review, _) if rule.layer == 3 => "asks for a review by the architects".to_owned(),
        (_, EntryKind::Review, _) => "asks for a review by the team".to_owned(),
        (_, EntryKind::Warn, _) => "is reported, and never fails".to_owned(),
        (_, _, Severity::Error) => "fails the change".to_owned(),
        _ => "fails the change where `fail-on: warning` says so".to_owned(),
    }
}

fn scope(package: &Package) -> &'static str {
    match package.scope {
        Scope::Change => "change",
        Scope::File => "file",
        Scope::Document => "document",
        Scope::Review => "review",
    }
}

fn section(package: &Package, rule: &Rule, page: &mut String) {
    writeln!(page, "\n### `{}`\n", rule.id).unwrap();
    writeln!(page, "**{}.** {}\n", rule.title, rule.rationale).unwrap();
    writeln!(page, "To satisfy it: {}\n", rule.fix).unwrap();
    let (status, severity) = (rule.status.word(), rule.severity.word());
    write!(page, "It {}. Status {status}, severity {severity}, layer {}, ", gates(rule), rule.layer).unwrap();
    write!(page, "scope {}", scope(package)).unwrap();
    let controls = if rule.controls.is_empty() { String::new() } else { format!(", {}", rule.controls.join(", ")) };
    writeln!(page, "{controls}; defined in [`policies/{0}`](../policies/{0}).\n", rule.path).unwrap();
    writeln!(page, "Breaks it:\n\n```text\n{}\n```\n", rule.examples.bad).unwrap();
    writeln!(page, "Is fine:\n\n```text\n{}\n```\n", rule.examples.good).unwrap();
    let links: Vec<String> = rule.links.iter().map(|link| format!("<{link}>")).collect();
    writeln!(page, "Read on: {}", links.join(", ")).unwrap();
}

fn page() -> String {
    let all = packages();
    let mut page = "# The built-in rules\n\n\
        Written by `PORTCULLIS_BLESS=1 cargo test --test docs` from the METADATA of the packs; do not edit it here.\n\
        `portcullis explain RULE` says the same at your desk, with the state that a rule has in your repository.\n\
        `packs:` in `.portcullis.yaml` chooses packs, and `rules:` there changes severity and status of a rule.\n"
        .to_owned();
    for pack in packs::names() {
        let (title, description) = about(pack);
        writeln!(page, "\n## Pack `{pack}`: {}{}\n", title[..1].to_lowercase(), &title[1..]).unwrap();
        writeln!(page, "{description}\n").unwrap();
        let usual = if packs::is_usual(pack) {
            "It runs unless `packs:` leaves it out."
        } else {
            "It runs only where `packs:` names it."
        };
        writeln!(page, "{usual}\n\n| rule | what it finds | it |\n|---|---|---|").unwrap();
        let mut rules: Vec<(&Package, &Rule)> = all
            .iter()
            .filter(|package| package.pack == pack)
            .flat_map(|package| package.rules.iter().map(move |rule| (package, rule)))
            .collect();
        rules.sort_by_key(|(_, rule)| rule.id.clone());
        for (_, rule) in &rules {
            let anchor: String = rule.id.as_str().chars().filter(|c| *c != '/').collect();
            writeln!(page, "| [`{}`](#{anchor}) | {} | {} |", rule.id, rule.title, gates(rule)).unwrap();
        }
        rules.iter().for_each(|(package, rule)| section(package, rule, &mut page));
    }
    page
}

#[test]
fn the_page_of_rules_is_what_the_packs_say() {
    let page = page();
    if std::env::var_os("PORTCULLIS_BLESS").is_some() {
        fs::write(root().join(DOCUMENT), &page).unwrap();
    }
    let written = if root().join(DOCUMENT).exists() { read(DOCUMENT) } else { String::new() };
    assert!(written == page, "{DOCUMENT} is old: PORTCULLIS_BLESS=1 cargo test --test docs");
}

#[test]
fn every_built_in_rule_has_a_bad_and_a_good_example() {
    let mut count = 0;
    for rule in packages().iter().flat_map(|package| &package.rules) {
        let (bad, good) = (&rule.examples.bad, &rule.examples.good);
        assert!(!bad.is_empty() && !good.is_empty() && bad != good, "{}", rule.id);
        let page = format!("{bad}\n{good}");
        assert!(page.is_ascii() && page.lines().all(|line| line.len() <= 140), "{}: {page}", rule.id);
        assert!(!page.contains("```"), "{}", rule.id);
        count += 1;
    }
    assert!(count >= 40, "{count}");
}
