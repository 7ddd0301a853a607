//! Whether a rule can say anything of a file, by what the file has.
//!
//! Owns the comparison of what the checker read out of the rule with the file's own lists. In doubt a rule may speak.

use regorus::Value;

use crate::policies::{Need, NeededField, Rule};

/// Says whether a clause of the rule finds in the file all that it asks for.
pub(super) fn may_speak(rule: &Rule, file: &Value) -> bool {
    rule.needs.is_empty() || rule.needs.iter().any(|clause| clause.iter().all(|need| has(file, need)))
}

fn has(file: &Value, need: &Need) -> bool {
    match value_at(file, &need.list) {
        Some(Value::Array(items)) => items.iter().any(|item| need.fields.iter().all(|field| is(item, field))),
        _ => true,
    }
}

fn is(item: &Value, field: &NeededField) -> bool {
    match value_at(item, &field.name) {
        Some(Value::String(text)) if field.prefix => text.starts_with(&field.text),
        Some(Value::String(text)) => **text == *field.text,
        _ => true,
    }
}

fn value_at<'v>(object: &'v Value, key: &str) -> Option<&'v Value> {
    match object {
        Value::Object(map) => map.get(&Value::from(key)),
        _ => None,
    }
}
