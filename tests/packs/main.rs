//! The built-in packs over their cases: files -> facts -> Rego -> findings, and the Rego unit tests.
#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an integration test: a broken case should stop it"
)]

mod blast_radius;
mod cases;
mod chain;

use std::collections::{BTreeMap, BTreeSet};

use portcullis::facts::check_patterns;
use portcullis::policies::unit_tests::{Outcome, run_tests};
use portcullis::policies::{PolicySource, packs};

use cases::{Case, cases, folder, sorted};
use chain::Chain;

#[test]
fn every_pack_loads_without_a_fault() {
    let chain = Chain::new();
    assert_eq!(chain.loaded.faults, []);
    assert_eq!(chain.engines.self_check(), []);
    assert_eq!(check_patterns(&chain.policies.patterns), []);
}

#[test]
fn every_rule_says_what_people_need() {
    for package in Chain::new().loaded.packages {
        for rule in &package.rules {
            let pack = rule.id.as_str().split('/').next().unwrap();
            assert_eq!(pack, package.pack, "{}", rule.id.as_str());
            assert!(!rule.links.is_empty() && !rule.fix.is_empty(), "{}", rule.id.as_str());
            assert!(rule.rationale.len() > 40 && rule.rationale.ends_with('.'), "{}", rule.id.as_str());
            assert!(rule.title.len() < 60 && !rule.title.ends_with('.'), "{}", rule.id.as_str());
            // Who else works on the same is asked in CI, and at the desk of whoever names branches.
            assert!(rule.forge_inputs.is_empty() || pack == "coordination", "{}", rule.id.as_str());
        }
    }
}

#[test]
fn every_rego_unit_test_passes() {
    let set = packs::builtin(&packs::names().collect::<Vec<_>>()).unwrap();
    let mut tests = Vec::new();
    for pack in packs::names() {
        let files = sorted(&folder().join(pack));
        for file in files.into_iter().filter(|file| file.to_string_lossy().ends_with("_test.rego")) {
            tests.push(PolicySource {
                pack: pack.to_owned(),
                path: format!("{pack}/{}", file.file_name().unwrap().to_string_lossy()),
                text: std::fs::read_to_string(&file).unwrap(),
                kind: portcullis::finding::SourceKind::Builtin,
                v0: false,
                scope: None,
            });
        }
    }
    let results = run_tests(&set.policies, &tests, &[]);
    let bad: Vec<_> = results.iter().filter(|result| result.outcome != Outcome::Passed).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(results.len() > 60);
}

#[test]
fn every_case_gives_exactly_its_findings() {
    let chain = Chain::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let got: BTreeSet<_> =
            chain.judge(&case).into_iter().map(|found| (found.rule, found.path, found.line)).collect();
        for (rule, path, line) in case.expected.difference(&got) {
            wrong.push(format!("{}: {rule} did not fire at {path}:{line}", case.name));
        }
        for (rule, path, line) in got.difference(&case.expected) {
            wrong.push(format!("{}: {rule} fired at {path}:{line}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_that_fires_and_a_near_miss() {
    let all = cases();
    let mut faults = Vec::new();
    let rules = Chain::new().rules();
    for rule in &rules {
        let (pack, name) = rule.split_once('/').unwrap();
        let own: Vec<&Case> = all.iter().filter(|case| case.pack == pack && case.rule == name).collect();
        let fires = |case: &&&Case| case.expected.iter().any(|(fired, ..)| fired == rule);
        let misses = |case: &Case, path: &String| {
            !case.expected.iter().any(|(fired, at, _)| fired == rule && (at == path || at.is_empty()))
        };
        if !own.iter().any(|case| fires(&case)) {
            faults.push(format!("{rule} has no case that fires"));
        }
        if !own.iter().any(|case| case.files.iter().any(|file| misses(case, &file.path))) {
            faults.push(format!("{rule} has no near miss"));
        }
    }
    for case in &all {
        if !rules.contains(&format!("{}/{}", case.pack, case.rule)) {
            faults.push(format!("{} belongs to no rule", case.name));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_pattern_fires_and_misses() {
    let chain = Chain::new();
    let (mut fired, mut languages) = (BTreeSet::new(), BTreeMap::new());
    for case in cases() {
        for file in chain.document(&case).files {
            for hit in &file.matches {
                fired.insert(hit.pattern.clone());
            }
            let (all, quiet): &mut (BTreeSet<String>, BTreeSet<String>) =
                languages.entry(file.language.clone()).or_default();
            all.insert(case.rule.clone());
            let own = format!("{}/{}-", case.pack, case.rule);
            if !file.matches.iter().any(|hit| hit.pattern.starts_with(&own)) {
                quiet.insert(case.rule.clone());
            }
        }
    }
    let mut faults = Vec::new();
    for source in &chain.policies.patterns {
        for id in source.text.lines().filter_map(|line| line.strip_prefix("id: ")) {
            if !fired.contains(&format!("{}/{id}", source.pack)) {
                faults.push(format!("pattern {id} never fires"));
            }
            let (rule, language) = id.rsplit_once('-').unwrap();
            if !languages.get(language).is_some_and(|(_, quiet)| quiet.contains(rule)) {
                faults.push(format!("pattern {id} has no near miss"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn patterns_of_javascript_typescript_and_tsx_stay_equal() {
    for source in &Chain::new().policies.patterns {
        let documents: Vec<&str> = source.text.split("---\n").collect();
        let of = |language: &str| {
            let mark = format!("language: {language}\n");
            let document = documents.iter().find(|document| document.contains(&mark))?;
            Some(
                document
                    .lines()
                    .filter(|line| !line.starts_with("id:") && !line.starts_with("language:"))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(of("javascript"), of("typescript"), "{}", source.path);
        assert_eq!(of("javascript"), of("tsx"), "{}", source.path);
    }
}

#[test]
fn old_calls_are_quiet_and_new_ones_in_an_old_file_fire() {
    let chain = Chain::new();
    let mut case = cases().into_iter().find(|case| case.name.contains("shell-interpolation/python")).unwrap();
    for file in &mut case.files {
        file.old = file.new.clone();
        file.new.as_mut().unwrap().extend_from_slice(b"    os.system(f\"rm {user}\")\n");
    }
    assert_eq!(chain.judge(&case).len(), case.files.len());
}

#[test]
fn the_same_findings_twice() {
    for case in cases().iter().take(10) {
        assert_eq!(Chain::new().judge(case), Chain::new().judge(case));
    }
}
