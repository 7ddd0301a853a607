//! YAML nodes -> JSON values, for what is handed on as it is: rule objects of ast-grep.
//!
//! Owns what a scalar means there. A scalar that YAML readers disagree about is a fault.

use serde_json::{Map, Value as Json};

use super::Reading;
use crate::diagnostic::shortened;
use crate::yaml::{Node, Value, is_ambiguous, is_null};

/// Returns the value of a node; the depth of a YAML document is bounded.
pub(super) fn json(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Json> {
    match &node.value {
        Value::Quoted(text) => Some(Json::String(text.clone())),
        Value::Plain(text) => scalar(reading, node, text),
        Value::List(items) => {
            let values: Vec<Option<Json>> = items.iter().map(|item| json(reading, item)).collect();
            values.into_iter().collect::<Option<Vec<_>>>().map(Json::Array)
        }
        Value::Map(entries) => {
            let values: Vec<(String, Option<Json>)> =
                entries.iter().map(|(key, value)| (key.value.clone(), json(reading, value))).collect();
            let values = values.into_iter().map(|(key, value)| Some((key, value?)));
            values.collect::<Option<Map<_, _>>>().map(Json::Object)
        }
    }
}

fn scalar(reading: &mut Reading<'_, '_>, node: &Node, text: &str) -> Option<Json> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = digits == "0" || !digits.starts_with('0');
    match text {
        "true" => Some(Json::Bool(true)),
        "false" => Some(Json::Bool(false)),
        _ if is_null(text) => {
            reading.faults.add(
                node.place,
                "nothing stands here",
                "a value wanted",
                "Write a value, or take the key out.",
            );
            None
        }
        _ if canonical && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse::<i64>().ok().map(Json::from)
        }
        _ if is_ambiguous(text) => {
            let short = shortened(text);
            let title = format!("`{short}` is not the same to every YAML reader");
            reading.faults.add(node.place, title, "quote it", format!("Write \"{short}\"."));
            None
        }
        _ => Some(Json::String(text.to_owned())),
    }
}
