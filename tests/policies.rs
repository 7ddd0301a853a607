//! Loading, checking and evaluating policies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};

use portcullis::finding::SourceKind;
use portcullis::limits::Limits;
use portcullis::policies::evaluate::{Document, Engines};
use portcullis::policies::{Evaluation, Loaded, PolicySet, PolicySource, loader};
use portcullis::worker::protocol::Target;
use serde_json::json;

fn source(path: &str, text: &str) -> PolicySource {
    let pack = path.split('/').next().unwrap().to_owned();
    PolicySource { pack, path: path.to_owned(), text: text.to_owned(), kind: SourceKind::Policy, v0: false }
}

fn set(files: &[(&str, &str)]) -> PolicySet {
    PolicySet { policies: files.iter().map(|(path, text)| source(path, text)).collect(), ..PolicySet::default() }
}

fn load(files: &[(&str, &str)]) -> (Loaded, Engines) {
    loader::load(&set(files), &BTreeMap::new(), &Limits::default())
}

fn document() -> Document {
    let value =
        json!({"change": {"title": "t"}, "files": [{"path": "a.rs", "added": 3}, {"path": "b.rs", "added": 9}]});
    Document::from_json(value.to_string().as_bytes()).unwrap()
}

fn evaluate(engines: &Engines, package: usize, target: Target) -> Evaluation {
    engines.evaluate(package, &document(), target, &BTreeSet::new())
}

const CHANGE: &str = r#"# METADATA
# title: Big files
# custom:
#   id: size/big
package size

deny contains {"msg": msg, "path": f.path} if {
    some f in input.files
    f.added > 5
    msg := sprintf("%s is big", [f.path])
}
"#;

const FILE: &str = r#"# METADATA
# custom:
#   scope: file
package one

warn contains "big" if input.file.added > limit

limit := 5
"#;

#[test]
fn one_package_at_each_scope_is_evaluated() {
    let (loaded, engines) = load(&[("p/size.rego", CHANGE), ("p/one.rego", FILE)]);
    assert_eq!(loaded.faults, []);
    assert_eq!(loaded.packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(), ["one", "size"]);
    assert_eq!(loaded.packages[1].rules[0].id.as_str(), "size/big");
    let change = evaluate(&engines, 1, Target::Change);
    assert_eq!(change.faults, []);
    assert_eq!(change.results.len(), 1);
    assert_eq!((change.results[0].message.as_str(), change.results[0].path.as_str()), ("b.rs is big", "b.rs"));
    assert_eq!(evaluate(&engines, 0, Target::File(0)).results, []);
    assert_eq!(evaluate(&engines, 0, Target::File(1)).results[0].path, "b.rs");
    assert_eq!(engines.self_check(), []);
}
