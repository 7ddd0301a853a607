//! Rules over the import graph, as data: `tests/cases/graph_rules/<kind>/<name>/`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test ends at the first surprise")]

#[path = "graph_rules/case.rs"]
mod case;
#[path = "graph_rules/cost.rs"]
mod cost;
#[path = "graph_rules/need.rs"]
mod need;
#[path = "graph_rules/trees.rs"]
mod trees;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use portcullis::enforcement::KINDS;

fn folders(under: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(under).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/graph_rules")
}

#[test]
fn every_case_ends_as_expected() {
    let bless = std::env::var_os("PORTCULLIS_BLESS").is_some();
    let only = std::env::var("PORTCULLIS_CASE").unwrap_or_default();
    let mut wrong = Vec::new();
    for folder in folders(&root()).iter().flat_map(|kind| folders(kind)) {
        let name = folder.strip_prefix(root()).unwrap().display().to_string();
        if !name.contains(&only) {
            continue;
        }
        let actual = case::Case::read(&folder.join("case.yaml")).shown();
        let expected = folder.join("expected.txt");
        if bless {
            fs::write(&expected, &actual).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != actual {
            wrong.push(format!("{name}:\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_over_the_graph_has_a_case_that_fires_and_a_near_miss() {
    let known: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
    for kind in folders(&root()) {
        let name = kind.file_name().unwrap().to_str().unwrap();
        if name == "contradictions" {
            continue;
        }
        assert!(known.contains(name), "{name} is no kind");
        let texts: Vec<String> =
            folders(&kind).iter().map(|case| fs::read_to_string(case.join("expected.txt")).unwrap()).collect();
        assert!(texts.iter().any(|text| text.starts_with("INV-")), "{name}: nothing fires");
        assert!(texts.iter().any(|text| text == "nothing\n"), "{name}: no near miss");
    }
}
