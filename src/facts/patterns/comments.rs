//! Whether a rule looks for comments: then the code is seen with them.
//!
//! Owns what in a rule object says so. In doubt they are seen, for then the rule means what it always meant.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::facts::languages::Language;
use crate::facts::spelling::is_silent;

/// Keys whose rule looks at another node.
const RELATIONS: &[&str] = &["has", "inside", "precedes", "follows"];

/// Keys that a comment does not satisfy.
const CHOOSING: &[&str] = &["kind", "pattern", "field", "nthChild"];

/// What expressions that look for a comment begin with.
const MARKS: &[&str] = &["//", "/\\*", "\\/\\/", "\\/\\*", "#", "--"];

/// Says whether a rule object, as JSON, looks for comments or what else does nothing.
pub(super) fn are_meant(language: &'static Language, core: &Value) -> bool {
    // A rule for many is looked at by itself, and as what nothing else chooses where one asks for it alone.
    let mut asked = BTreeSet::new();
    let utils = core.get("utils");
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
                            open.extend(value.as_object().into_iter().flatten().map(|(_, of)| (of, true)));
                        }
                        ("utils", _) => open.extend(value.as_object().into_iter().flatten().map(|(_, of)| (of, true))),
                        ("rule", _) => open.push((value, false)),
                        ("matches", Value::String(name)) => {
                            let util = utils.and_then(|utils| utils.get(name)).filter(|_| !chosen);
                            open.extend(util.filter(|_| asked.insert(name)).map(|util| (util, false)));
                        }
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

/// Says whether no comment can be what these keys look at, or one of `all`, or each of `any`.
fn chooses(map: &Map<String, Value>) -> bool {
    let by_key = |map: &Map<String, Value>| CHOOSING.iter().any(|key| map.get(*key).is_some_and(|of| !of.is_null()));
    let rules = |key: &str| map.get(key).and_then(Value::as_array).into_iter().flatten().map(Value::as_object);
    let holds = |rule: Option<&Map<String, Value>>| rule.is_some_and(by_key);
    by_key(map) || rules("all").any(holds) || (rules("any").next().is_some() && rules("any").all(holds))
}

fn names_comment(kinds: &str) -> bool {
    kinds.contains("comment") || kinds.contains("line_continuation")
}

/// An expression that begins at the start with something else than a comment does not find one.
fn finds_comment(regex: &str, chosen: bool) -> bool {
    alternatives(regex.trim_start_matches("(?i)")).into_iter().any(|one| {
        let begins = one.strip_prefix('^');
        let rest = begins.unwrap_or(one);
        let rest = rest.strip_prefix("\\s*").unwrap_or(rest);
        MARKS.iter().any(|mark| rest.starts_with(mark)) || (!chosen && begins.is_none())
    })
}

/// Splits an expression at each `|` that stands in no brackets.
fn alternatives(regex: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth, mut escaped) = (Vec::new(), 0, 0_u32, false);
    for (at, byte) in regex.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' | b'[' => depth = depth.saturating_add(1),
            b')' | b']' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => {
                found.push(regex.get(start..at).unwrap_or_default());
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    found.push(regex.get(start..).unwrap_or_default());
    found
}

fn writes_comment(language: &'static Language, code: &str) -> bool {
    let code = super::language::with_sigil(code, language.sigil);
    let Some(tree) = super::undress::parsed(language, &code) else { return true };
    let mut cursor = tree.walk();
    loop {
        if is_silent(cursor.node()) {
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

#[cfg(test)]
mod tests {
    use super::are_meant;
    use crate::facts::languages::named;
    use crate::facts::patterns::load;
    use crate::policies::PatternSource;

    #[test]
    fn no_pattern_of_a_pack_looks_for_comments() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/dangerous-calls/patterns");
        let texts =
            std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let source = |text| PatternSource { pack: "p".to_owned(), path: "a.yaml".to_owned(), text };
        let mut seen = Vec::new();
        for text in texts {
            let (patterns, faults) = load(&[source(text)]);
            assert_eq!(faults, []);
            let meant = patterns.iter().filter(|pattern| are_meant(pattern.language, &pattern.core));
            seen.extend(meant.map(|pattern| format!("{} {}", pattern.id, pattern.language.id)));
        }
        assert_eq!(seen, [""; 0]);
    }

    #[test]
    fn in_doubt_comments_are_seen() {
        let meant = |core: serde_json::Value| are_meant(named("rust").unwrap(), &core);
        for rule in [
            serde_json::json!({"kind": "line_comment"}),
            serde_json::json!({"kind": "block", "has": {"regex": "SAFETY"}}),
            serde_json::json!({"kind": "block", "regex": "^// "}),
            serde_json::json!({"kind": "block", "not": {"follows": {"any": [{"kind": "x"}, {"regex": "^a|^b"}]}}}),
            serde_json::json!({"pattern": "f(/* a */)"}),
        ] {
            let doubtful = !rule.to_string().contains("^a|^b");
            assert_eq!(meant(serde_json::json!({"rule": rule})), doubtful, "{rule}");
        }
        let plain = serde_json::json!({"rule": {"kind": "block", "has": {"field": "body", "regex": "x"}, "not": {"regex": "y"}}});
        assert!(!meant(plain));
    }
}
