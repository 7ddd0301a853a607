//! Values as one short line each.
//!
//! Owns what is left out of a large value. The text still comes from outside: who prints it escapes it.

use std::collections::BTreeSet;

use regorus::Value;

use super::Named;

/// How many distinct values are shown.
const FIRST: usize = 3;
/// How many characters of a text are shown.
const LETTERS: usize = 60;
/// How many characters of one value are shown.
const ROOM: usize = 90;
/// How many keys or elements are shown.
const ENTRIES: usize = 4;
/// Keys that tell what an object is, shown first.
const TELLING: &[&str] =
    &["path", "msg", "qualified", "name", "callee", "pattern", "id", "kind", "class", "line", "change"];

/// Returns the first few distinct values under a name.
pub(super) fn few<'v>(name: &str, values: impl Iterator<Item = &'v Value>) -> Named {
    let mut seen = BTreeSet::new();
    let mut named = Named { name: name.to_owned(), ..Named::default() };
    for value in values.filter(|value| seen.insert((*value).clone())) {
        if named.values.len() < FIRST {
            named.values.push(short(value));
        } else {
            named.more = named.more.saturating_add(1);
        }
    }
    named
}

/// Returns a value in one line.
pub(super) fn short(value: &Value) -> String {
    cut(&nested(value, 2), ROOM)
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain("...".chars()).collect()
}

/// Recursion is bounded by `depth`.
fn nested(value: &Value, depth: u8) -> String {
    match value {
        Value::String(text) => serde_json::Value::from(cut(text, LETTERS)).to_string(),
        Value::Array(items) => list(items.iter(), items.len(), ('[', ']'), depth),
        Value::Set(items) => list(items.iter(), items.len(), ('{', '}'), depth),
        Value::Object(fields) => {
            let Some(depth) = depth.checked_sub(1) else { return "{...}".to_owned() };
            let rank = |key: &Value| {
                let name = key.as_string().map(|key| key.to_string()).unwrap_or_default();
                TELLING.iter().position(|telling| *telling == name).unwrap_or(TELLING.len())
            };
            let mut entries: Vec<(&Value, &Value)> = fields.iter_sorted().collect();
            entries.sort_by_key(|(key, _)| rank(key));
            let pairs = entries.iter().take(ENTRIES).map(|(key, value)| {
                let key = key.as_string().map_or_else(|_| nested(key, 0), |key| key.to_string());
                format!("{key}: {}", nested(value, depth))
            });
            let mut shown: Vec<String> = pairs.collect();
            if entries.len() > ENTRIES {
                shown.push("...".to_owned());
            }
            format!("{{{}}}", shown.join(", "))
        }
        Value::Undefined => "undefined".to_owned(),
        other => other.to_json_str().unwrap_or_default(),
    }
}

fn list<'v>(items: impl Iterator<Item = &'v Value>, length: usize, (open, close): (char, char), depth: u8) -> String {
    let Some(depth) = depth.checked_sub(1) else { return format!("{open}{length} values{close}") };
    let mut shown: Vec<String> = items.take(ENTRIES).map(|item| nested(item, depth)).collect();
    if length > ENTRIES {
        shown.push(format!("... {length} values"));
    }
    format!("{open}{}{close}", shown.join(", "))
}
