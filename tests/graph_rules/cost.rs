//! What many rules over a big graph cost.

use std::fmt::Write as _;

use portcullis::clock::Stopwatch;
use portcullis::completeness::Completeness;
use portcullis::configuration::UnknownLines;
use portcullis::enforcement::{RuleBook, SystemGraphs, judge};
use portcullis::facts::ImportLine;
use portcullis::impact::graph::{Graphs, Renames};
use portcullis::impact::listing::{ImportListing, ListedFile, Presence};
use portcullis::impact::modules::Modules;
use portcullis::policies::input::InputDocument;

use crate::case::Case;

const FOLDERS: usize = 100;
const FILES: usize = 100;

/// 10,000 files in 100 folders, five imports each; every tenth folder is a module, so most chains are open.
fn listing(new: usize) -> ImportListing {
    let mut listing = ImportListing::default();
    let mut state = 11_usize;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for folder in 0..FOLDERS {
        for file in 0..FILES {
            let import = |line: u32, to: (usize, usize)| ImportLine {
                line,
                raw: format!("p{:02}.f{:02}", to.0, to.1),
                ..ImportLine::default()
            };
            let imports: Vec<ImportLine> = (1..6).map(|line| import(line, (next(FOLDERS), next(FILES)))).collect();
            let path = format!("p{folder:02}/f{file:02}.py");
            let changed = (folder * FILES + file).is_multiple_of(FOLDERS * FILES / new);
            let row = |on: Presence, imports: Vec<ImportLine>| ListedFile {
                path: path.clone(),
                on,
                language: "python".to_owned(),
                package: String::new(),
                imports,
            };
            if changed {
                let mut more = imports.clone();
                more.push(import(9, (next(FOLDERS), next(FILES))));
                listing.files.push(row(Presence::Base, imports));
                listing.files.push(row(Presence::Head, more));
            } else {
                listing.files.push(row(Presence::Both, imports));
            }
        }
    }
    listing
}

fn rules() -> Case {
    let mut text = "systems:\n  s:\n    modules:\n".to_owned();
    for module in 0..10 {
        writeln!(text, "      m{module}: \"p{module}0/**\"").unwrap();
    }
    text.push_str("rules:\n");
    for rule in 0..1_000 {
        let (a, b, c) = (rule % 10, (rule / 10 + rule % 10 + 1) % 10, (rule / 10 + rule % 10 + 3) % 10);
        let enforce = match rule % 5 {
            0 => format!("layers: {{order: [m{a}, m{}]}}", (a + 1) % 10),
            1 if a != b => format!("independence: {{modules: [m{a}, m{b}]}}"),
            2 if a != c => format!("forbidden: {{from: [m{a}, \"p0?/**\"], to: [m{c}]}}"),
            3 => "acyclic: {between: files}".to_owned(),
            _ => format!("public: {{modules: [m{a}], face: [\"**/f00.py\"]}}"),
        };
        writeln!(text, "  - {{id: INV-{rule}, enforce: {{{enforce}}}}}").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.yaml");
    std::fs::write(&path, text).unwrap();
    Case::read(&path)
}

#[test]
fn a_thousand_rules_over_ten_thousand_files_are_bounded() {
    let case = rules();
    let (book, faults) = RuleBook::of(case.specification, case.hosted);
    assert_eq!(faults, []);
    for new in [1, 20] {
        let graphs = Graphs::build(&listing(new), &Modules::default());
        let watch = Stopwatch::start();
        let graphs = SystemGraphs::of(&book, &graphs, &Renames::new(), u64::MAX).unwrap();
        let views = watch.elapsed().as_millis();
        let input = InputDocument::nothing(Completeness::of(Vec::new()));
        let enforced =
            judge(&book, &input, &std::collections::BTreeMap::new(), UnknownLines::Ai, &|_| None, Some(&graphs));
        let all = watch.elapsed().as_millis();
        println!("{new} new imports: views {views} ms, all {all} ms, {} findings", enforced.drafts.len());
        // Bounded at all: a machine with other work to do takes ten times as long as a quiet one.
        assert!(all < 1_800_000, "{all} ms");
    }
}

#[test]
fn comparing_imports_has_a_budget_and_says_when_it_is_used_up() {
    let case = rules();
    let (book, _) = RuleBook::of(case.specification, case.hosted);
    let graphs = Graphs::build(&listing(20), &Modules::default());
    let reason = |steps: u64| {
        let graphs = SystemGraphs::of(&book, &graphs, &Renames::new(), steps).unwrap();
        graphs.unfinished().map(|reason| (reason.code.clone(), reason.message.raw().to_owned()))
    };
    let (code, message) = reason(1_000).unwrap();
    assert_eq!(code, "graph-too-large");
    assert_eq!(message, "comparing imports takes more than 1000 steps (limit `link-steps`)");
    assert_eq!(reason(portcullis::limits::Limits::default().link_steps), None);
}
