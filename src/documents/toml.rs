//! TOML.
//!
//! Owns how dates are shown (as text) and the refusal of numbers that JSON does not have.

use ::toml::Table;
use serde_json::Value;

use super::Unread;

/// How the library hands a date to serde.
const DATE: &str = "$__toml_private_datetime";

pub(super) fn read(text: &str) -> Result<Value, Unread> {
    let table: Table = text.parse().map_err(|error: ::toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        Unread::at(before.matches('\n').count() + 1, error.message().to_owned())
    })?;
    // The library bounds its own recursion, and with it the depth of what it gives.
    let mut value = serde_json::to_value(table).map_err(|error| Unread::at(0, error.to_string()))?;
    let mut pending = vec![&mut value];
    while let Some(node) = pending.pop() {
        if let Some(date) = node.get(DATE).filter(|_| node.as_object().is_some_and(|map| map.len() == 1)) {
            *node = date.clone();
            continue;
        }
        match node {
            Value::Array(items) => pending.extend(items.iter_mut()),
            Value::Object(map) => pending.extend(map.iter_mut().map(|(_, item)| item)),
            Value::Null => return Err(Unread::at(0, "it holds `nan` or `inf`, which no JSON value is")),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    Ok(value)
}
