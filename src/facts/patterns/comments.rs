//! Whether a rule looks for comments: then the code is seen with them.
//!
//! Owns what in a rule object says so. In doubt they are seen, for then the rule means what it always meant.

use serde_json::{Map, Value};

use crate::facts::languages::Language;

/// Keys whose rule looks at another node.
const RELATIONS: &[&str] = &["has", "inside", "precedes", "follows"];

/// Keys that a comment does not satisfy.
const CHOOSING: &[&str] = &["kind", "pattern", "field", "nthChild", "matches"];

/// What expressions that look for a comment begin with.
const MARKS: &[&str] = &["//", "/\\*", "\\/\\/", "\\/\\*", "#", "--"];

/// Says whether a rule object, as JSON, looks for comments or what else does nothing.
pub(super) fn are_meant(language: &'static Language, core: &Value) -> bool {
    let mut open = vec![(core, false)];
    while let Some((value, chosen)) = open.pop() {
        match value {
            Value::Object(map) => {
                let chosen = chosen || chooses(map);
                for (key, value) in map {
                    match (key.as_str(), value) {
                        ("kind" | "selector", Value::String(kinds)) if names_comment(kinds) => return true,
                        ("pattern" | "context", Value::String(code)) if writes_comment(language, code) => return true,
                        ("regex", Value::String(regex)) if finds_comment(regex, chosen) => return true,
                        ("kind" | "selector" | "pattern" | "context" | "regex", Value::String(_)) => {}
                        ("constraints", _) => {
                            open.extend(value.as_object().into_iter().flatten().map(|(_, of)| (of, true)))
                        }
                        ("rule" | "utils", _) => open.push((value, false)),
                        (relation, _) if RELATIONS.contains(&relation) => open.push((value, false)),
                        _ => open.push((value, chosen)),
                    }
                }
            }
            Value::Array(list) => open.extend(list.iter().map(|value| (value, chosen))),
            _ => {}
        }
    }
    false
}

/// Says whether no comment can be what these keys, or one of all of them, look at.
fn chooses(map: &Map<String, Value>) -> bool {
    let by_key = |map: &Map<String, Value>| CHOOSING.iter().any(|key| map.contains_key(*key));
    let all = map.get("all").and_then(Value::as_array).into_iter().flatten();
    by_key(map) || all.filter_map(Value::as_object).any(by_key)
}

fn names_comment(kinds: &str) -> bool {
    kinds.contains("comment") || kinds.contains("line_continuation")
}

/// An expression that begins at the start with something else than a comment does not find one.
fn finds_comment(regex: &str, chosen: bool) -> bool {
    let begins = regex.trim_start_matches("(?i)").strip_prefix('^');
    let rest = begins.unwrap_or(regex);
    let rest = rest.strip_prefix("\\s*").unwrap_or(rest);
    MARKS.iter().any(|mark| rest.starts_with(mark)) || (!chosen && begins.is_none())
}

fn writes_comment(language: &'static Language, code: &str) -> bool {
    let code = super::language::with_sigil(code, language.sigil);
    let Some(tree) = super::undress::parsed(language, &code) else { return true };
    let mut cursor = tree.walk();
    loop {
        if cursor.node().is_extra() {
            return true;
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return false;
            }
        }
    }
}
