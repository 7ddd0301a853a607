//! The short form of a shape -> a rule object.
//!
//! Owns `pattern`, `unless`, `inside`, `has`, `not` and what they mean in ast-grep's words.

use serde_json::{Map, Value as Json, json};

use super::conditions::conditions;
use super::{OBJECT, Reading, plain_values};
use crate::facts::pattern_value;
use crate::yaml::{Node, Placed, Value};

/// Keys of the short form.
const SHORT: &[&str] = &[
    "language", "pattern", "where", "unless", "inside", "has", "not", "kind", "regex", "any", "all", "precedes",
    "follows",
];

/// The parts of an object in the making.
#[derive(Default)]
pub(super) struct Parts {
    rule: Map<String, Json>,
    /// Sub-rules that must hold as well, beside one of the same name.
    and: Vec<Json>,
    pub(super) constraints: Map<String, Json>,
}

/// Translates the short form.
pub(super) fn short_object(
    reading: &mut Reading<'_, '_>,
    node: &Node,
    entries: &[(Placed<String>, Node)],
    language: Option<&'static str>,
) -> Option<Json> {
    let language = language?;
    let mut parts = Parts::default();
    let mut fine = true;
    for (key, value) in entries {
        fine &= match key.value.as_str() {
            "language" => true,
            "pattern" => pattern(reading, value, language, &mut parts).is_some(),
            "where" => true,
            "unless" | "not" => exception(reading, key, value, language, &mut parts).is_some(),
            "inside" | "has" | "precedes" | "follows" => relation(reading, key, value, language, &mut parts).is_some(),
            "kind" | "regex" | "any" | "all" => {
                let value = plain_values::json(reading, value);
                value.map(|value| parts.and(&key.value, value)).is_some()
            }
            _ => {
                reading.faults.unknown_key(key, &[SHORT, OBJECT].concat(), "ast");
                false
            }
        };
    }
    let positive = ["pattern", "kind", "regex", "any", "all"];
    if fine && !entries.iter().any(|(key, _)| positive.contains(&key.value.as_str())) {
        let help = "Write `pattern: \"...\"`, or a whole rule object under `rule`.";
        reading.faults.add(node.place, "the key `pattern` is missing", "nothing to look for", help);
        return None;
    }
    for (_, value) in entries.iter().filter(|(key, _)| key.value == "where") {
        fine &= conditions(reading, value, entries, &mut parts).is_some();
    }
    fine.then(|| parts.into_object())
}

impl Parts {
    fn and(&mut self, key: &str, value: Json) {
        if self.rule.contains_key(key) {
            self.and.push(json!({key: value}));
        } else {
            self.rule.insert(key.to_owned(), value);
        }
    }

    fn into_object(mut self) -> Json {
        if !self.and.is_empty() {
            let first = Json::Object(std::mem::take(&mut self.rule));
            let all: Vec<Json> = std::iter::once(first).chain(self.and).collect();
            self.rule.insert("all".to_owned(), Json::Array(all));
        }
        let mut object = json!({"rule": self.rule});
        if !self.constraints.is_empty()
            && let Some(object) = object.as_object_mut()
        {
            object.insert("constraints".to_owned(), Json::Object(self.constraints));
        }
        object
    }
}

fn pattern(reading: &mut Reading<'_, '_>, node: &Node, language: &str, parts: &mut Parts) -> Option<()> {
    let value = match &node.value {
        Value::Map(_) => plain_values::json(reading, node)?,
        _ => {
            let (text, strings) = string_prefixes(language, &reading.faults.text(node, "pattern")?);
            parts.constraints.extend(strings);
            for (key, value) in pattern_rule(language, &text) {
                parts.and(&key, value);
            }
            return Some(());
        }
    };
    parts.and("pattern", value);
    Some(())
}

/// Returns the rule object of a pattern text.
///
/// In ast-grep the comma before a last `$$$` must be there; who writes `f(a, $$$)` means `f(a)` as well.
fn pattern_rule(language: &str, text: &str) -> Map<String, Json> {
    let mut texts = vec![text.to_owned()];
    for (start, end) in last_arguments(text).into_iter().rev().take(3) {
        let without = |text: &String| {
            let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
            format!("{before}{after}")
        };
        let shorter: Vec<String> = texts.iter().map(without).collect();
        texts.extend(shorter);
    }
    let mut patterns: Vec<Json> = texts.iter().map(|text| json!({"pattern": pattern_value(language, text)})).collect();
    let rule = if patterns.len() == 1 { patterns.remove(0) } else { json!({"any": patterns}) };
    rule.as_object().cloned().unwrap_or_default()
}

/// Returns where `, $$$` or `, $$$NAME` stands before a closing bracket, in bytes.
fn last_arguments(text: &str) -> Vec<(usize, usize)> {
    let of = |(at, _): (usize, &str)| {
        let rest = text.get(at..)?.strip_prefix(',')?.trim_start().strip_prefix("$$$")?;
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        rest.trim_start().starts_with([')', ']', '}']).then_some((at, text.len() - rest.len()))
    };
    text.match_indices(',').filter_map(of).collect()
}

/// Python writes kinds of strings as letters in front of them: `f$Q` is any formatted string. The letter and the
/// metavariable would be read as one name, so the letter becomes a condition on the metavariable.
fn string_prefixes(language: &str, text: &str) -> (String, Map<String, Json>) {
    let (mut out, mut conditions) = (String::new(), Map::new());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default());
        let word_start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |found| found + 1);
        let letters = before.get(word_start..).unwrap_or_default();
        let end = after.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
        let name = after.get(..end.unwrap_or(after.len())).unwrap_or_default();
        let is_prefix = ["b", "br", "f", "fr", "r", "rb", "rf", "t", "u"].contains(&letters.to_lowercase().as_str());
        if language == "python" && is_prefix && name.starts_with(|c: char| c.is_ascii_uppercase()) {
            out.push_str(before.get(..word_start).unwrap_or_default());
            conditions.insert(name.to_owned(), string_of_kind(letters));
        } else {
            out.push_str(before);
        }
        out.push('$');
        rest = after;
    }
    out.push_str(rest);
    (out, conditions)
}

fn string_of_kind(letters: &str) -> Json {
    let each: String = letters.to_lowercase().chars().map(|letter| format!("{letter}[bfrtu]?")).collect();
    let string = json!({"kind": "string", "regex": format!("^(?i:[bfrtu]?{each})[\"']")});
    json!({"any": [string, {"kind": "concatenated_string", "has": string}]})
}

/// `unless` and `not`: a pattern, a rule object, or a list of them; none of them may hold.
fn exception(
    reading: &mut Reading<'_, '_>,
    key: &Placed<String>,
    node: &Node,
    language: &str,
    parts: &mut Parts,
) -> Option<()> {
    let nodes = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let rules: Vec<Option<Json>> = nodes.iter().map(|node| sub_rule(reading, key, node, language)).collect();
    for rule in rules.into_iter().collect::<Option<Vec<_>>>()? {
        parts.and("not", rule);
    }
    Some(())
}

/// `inside`, `has`, `precedes`, `follows`: at any distance, unless `stopBy` says otherwise.
fn relation(
    reading: &mut Reading<'_, '_>,
    key: &Placed<String>,
    node: &Node,
    language: &str,
    parts: &mut Parts,
) -> Option<()> {
    let mut rule = sub_rule(reading, key, node, language)?;
    if let Some(rule) = rule.as_object_mut() {
        rule.entry("stopBy").or_insert_with(|| json!("end"));
    }
    parts.and(&key.value, rule);
    Some(())
}

/// A text is a pattern; a mapping is a rule object as ast-grep has it.
fn sub_rule(reading: &mut Reading<'_, '_>, key: &Placed<String>, node: &Node, language: &str) -> Option<Json> {
    match &node.value {
        Value::Map(_) => plain_values::json(reading, node),
        _ => {
            let text = reading.faults.text(node, &key.value)?;
            if !string_prefixes(language, &text).1.is_empty() {
                let title = "a kind of string (`f$NAME`) is understood under `pattern` only";
                reading.faults.add(node.place, title, "here", "Use `regex` in a rule object.");
                return None;
            }
            Some(Json::Object(pattern_rule(language, &text)))
        }
    }
}
