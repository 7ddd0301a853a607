//! More blast radius never lowers the layer: every set of facts against every set that holds one more.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::cases::{Case, CaseFile};
use crate::chain::Chain;

/// Facts that make a change reach further, each as keys laid over the document.
fn facts() -> Vec<Value> {
    let module = json!({"id": "src", "direct": 1, "transitive": 2, "teams": ["web"], "used_by": ["orders"]});
    let contract =
        json!({"id": "CON-A", "format": "openapi", "provider": "web", "consumers": ["orders"], "verdict": "breaking"});
    vec![
        json!({"impact": {"modules": [module]}}),
        json!({"review": {"teams": ["orders", "web"]}}),
        json!({"files": {"src/a.py": {"provenance": {"ai_lines": 3}}}}),
        json!({"files": {"src/a.py": {"added": 2000}}}),
        json!({"impact": {"new_edges": ["web/a -> web/b"]}}),
        json!({"impact": {"new_edges": ["web/a -> orders/b"]}}),
        json!({"impact": {"new_modules": ["web/new"]}}),
        json!({"contracts": [contract]}),
    ]
}

/// Returns the deepest layer that the pack asks for where these facts hold.
fn layer(chain: &Chain, held: &BTreeSet<usize>) -> u8 {
    let mut overlay = json!({});
    for (_, fact) in facts().iter().enumerate().filter(|(index, _)| held.contains(index)) {
        join(&mut overlay, fact);
    }
    let path = "src/a.py".to_owned();
    let modes = ("100644".to_owned(), "100644".to_owned());
    let file = CaseFile { path, old: Some(b"x = 0\n".to_vec()), new: Some(b"x = 1\n".to_vec()), modes };
    let case = Case {
        name: "blast radius".to_owned(),
        pack: "review".to_owned(),
        rule: String::new(),
        files: vec![file],
        collisions: Vec::new(),
        expected: BTreeSet::new(),
        overlay: json!({"files": {"src/a.py": {"module": "src"}}}),
    };
    let mut case = case;
    join(&mut case.overlay, &overlay);
    chain.judge(&case).iter().map(|found| found.layer).max().unwrap_or(1).max(1)
}

/// Lays one mapping over another; lists grow.
fn join(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                join(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(from)) => into.extend(from.iter().cloned()),
        (into, from) => *into = from.clone(),
    }
}

#[test]
fn more_blast_radius_never_lowers_the_layer() {
    let (chain, count) = (Chain::new(), facts().len());
    let sets: Vec<BTreeSet<usize>> =
        (0..1_usize << count).map(|bits| (0..count).filter(|index| bits & (1 << index) != 0).collect()).collect();
    let layers: Vec<u8> = sets.iter().map(|held| layer(&chain, held)).collect();
    assert_eq!((layers[0], layers[sets.len() - 1]), (1, 3));
    for (bits, held) in sets.iter().enumerate() {
        for more in (0..count).filter(|index| !held.contains(index)) {
            assert!(layers[bits | 1 << more] >= layers[bits], "{held:?} and {more}");
        }
    }
}
