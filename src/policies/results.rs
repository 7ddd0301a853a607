//! The shape of what a decision rule returns: a text, or a mapping with `msg` and known keys.
//!
//! Owns the check of every key and type; a result of the wrong shape is a fault, never a finding that is dropped. Must
//! not decide what a result means.

use regorus::Value;

use super::fault::{did_you_mean, nearest};
use super::metadata::layer_number;
use super::places::{Places, steps};
use super::{EntryKind, RuleResult, Scope};
use crate::finding::Severity;

const COMMON: &[&str] =
    &["_loc", "column", "end_column", "end_line", "fix", "line", "msg", "path", "severity", "symbol"];
const REVIEW: &[&str] = &["certified", "count", "layer", "record", "rules", "team"];

/// Why a result has the wrong shape, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShapeError {
    /// What is wrong.
    pub(super) message: String,
    /// What to write instead.
    pub(super) hint: String,
}

fn wrong(message: impl Into<String>, hint: impl Into<String>) -> ShapeError {
    ShapeError { message: message.into(), hint: hint.into() }
}

/// Returns the kind of a value as a policy author names it.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Set(_) => "a set",
        Value::Object(_) => "an object",
        Value::Undefined => "undefined",
    }
}

/// Reads one result of the rule with that index.
pub(super) fn read(value: &Value, rule: u32, kind: EntryKind, file: &str) -> Result<RuleResult, ShapeError> {
    let mut result = blank(rule, file);
    match value {
        Value::String(text) => result.message = text.to_string(),
        Value::Object(fields) => {
            for (key, value) in fields.iter_sorted() {
                let Value::String(key) = key else {
                    return Err(wrong("a result has a key that is no text", "use `msg`, `path`, `line`"));
                };
                field(&mut result, key, value, kind)?;
            }
        }
        other => {
            let message = format!("a result is {}, not a text or an object with `msg`", kind_of(other));
            return Err(wrong(message, "write `contains msg if { msg := \"...\" }`"));
        }
    }
    if result.message.trim().is_empty() {
        return Err(wrong("a result has no `msg`", "every result says what is wrong in `msg`"));
    }
    Ok(result)
}

/// Reads one result as Conftest does: `msg` and `_loc` mean something, every other key is metadata, but for `_at`, the
/// path of a part of the document. An empty message is no result.
pub(super) fn read_document(
    value: &Value,
    rule: u32,
    kind: EntryKind,
    file: &str,
    places: &Places,
) -> Result<Option<RuleResult>, ShapeError> {
    if kind == EntryKind::Review {
        return read(value, rule, kind, file).map(Some);
    }
    let mut result = blank(rule, file);
    match value {
        Value::String(text) => result.message = text.to_string(),
        Value::Object(fields) => {
            let mut metadata = serde_json::Map::new();
            for (key, value) in fields.iter_sorted() {
                let Value::String(key) = key else {
                    return Err(wrong("a result has a key that is no text", "use `msg`"));
                };
                match (key.as_ref(), steps(value)) {
                    ("msg", _) => result.message = text("msg", value)?,
                    ("_at", Some(steps)) => result.line = places.line(steps),
                    ("_loc", _) if conftest_location(&mut result, value, file) => {}
                    _ => drop(metadata.insert(key.to_string(), serde_json::to_value(value).unwrap_or_default())),
                }
            }
            check_keys(fields.iter_sorted().filter_map(|(key, _)| key.as_string().ok().map(AsRef::as_ref)))?;
            if !metadata.is_empty() {
                result.metadata = serde_json::Value::Object(metadata).to_string();
            }
        }
        other => {
            let message = format!("a result is {}, not a text or an object with `msg`", kind_of(other));
            return Err(wrong(message, "write `contains msg if { msg := \"...\" }`"));
        }
    }
    Ok((!result.message.trim().is_empty()).then_some(result))
}

/// Takes the line of a `_loc` that names the file under evaluation, by path or name; says whether it did.
fn conftest_location(result: &mut RuleResult, value: &Value, file: &str) -> bool {
    let Value::Object(fields) = value else { return false };
    let part = |name: &str| fields.get(&Value::from(name));
    let name = part("file").and_then(|name| name.as_string().ok().map(ToString::to_string)).unwrap_or_default();
    let name = name.strip_prefix("./").unwrap_or(&name);
    let own = name.is_empty() || name == file || file.rsplit('/').next() == Some(name);
    if file.is_empty() {
        name.clone_into(&mut result.path);
    }
    if own || file.is_empty() {
        result.line = part("line").and_then(|line| line.as_u32().ok()).unwrap_or_default();
    }
    own || file.is_empty()
}

fn blank(rule: u32, file: &str) -> RuleResult {
    RuleResult {
        rule,
        message: String::new(),
        path: file.to_owned(),
        line: 0,
        column: 0,
        end_line: 0,
        end_column: 0,
        symbol: String::new(),
        fix: String::new(),
        severity: None,
        layer: 0,
        team: String::new(),
        count: 0,
        certified: String::new(),
        record: false,
        rules: Vec::new(),
        metadata: String::new(),
        excepted: false,
    }
}

/// Says what is wrong with one key of a result as it is written; without a value of the key itself.
pub(super) fn check_field(key: &str, value: Option<&Value>, kind: EntryKind, scope: Scope) -> Result<(), ShapeError> {
    if scope == Scope::Document && kind != EntryKind::Review {
        // All other keys are metadata there.
        return match value.filter(|_| key == "msg") {
            Some(value) => text(key, value).map(drop),
            None => Ok(()),
        };
    }
    known(key, kind)?;
    value.map_or(Ok(()), |value| field(&mut blank(0, ""), key, value, kind))
}

/// Says what is wrong with a result without `msg`, by the keys that it has.
pub(super) fn check_keys<'k>(keys: impl IntoIterator<Item = &'k str>) -> Result<(), ShapeError> {
    let keys: Vec<&str> = keys.into_iter().collect();
    if keys.contains(&"msg") {
        return Ok(());
    }
    let meant = keys.into_iter().find(|key| meant(key) == Some("msg") || nearest(key, ["msg"]).is_some());
    let hint = meant.map_or_else(
        || "every result says what is wrong in `msg`".to_owned(),
        |key| format!("write `msg` in place of `{key}`"),
    );
    Err(wrong("a result has no `msg`", hint))
}

/// Returns the key that a word of other tools means.
fn meant(key: &str) -> Option<&'static str> {
    Some(match key {
        "description" | "detail" | "details" | "error" | "message" | "reason" | "text" | "title" => "msg",
        "file" | "filename" | "filepath" | "file_path" => "path",
        "line_number" | "lineno" | "row" | "start" | "startLine" | "start_line" => "line",
        "col" | "start_column" => "column",
        "end" | "endLine" => "end_line",
        "endColumn" | "end_col" => "end_column",
        "help" | "recommendation" | "remediation" | "resolution" | "suggestion" => "fix",
        "level" => "severity",
        "location" => "_loc",
        _ => return None,
    })
}

/// Refuses a key that no result of such a rule has.
fn known(key: &str, kind: EntryKind) -> Result<(), ShapeError> {
    if REVIEW.contains(&key) {
        if kind == EntryKind::Review {
            return Ok(());
        }
        let message = format!("a result has `{key}`, which only `review` rules return");
        return Err(wrong(message, "name the rule `review`, or leave the key out"));
    }
    if COMMON.contains(&key) {
        return Ok(());
    }
    let known = COMMON.iter().chain(if kind == EntryKind::Review { REVIEW } else { &[] }).copied();
    let near = meant(key).or_else(|| nearest(key, known.clone()));
    let hint = near.map_or_else(
        || format!("known keys: {}", known.collect::<Vec<_>>().join(", ")),
        |near| did_you_mean(Some(near)),
    );
    Err(wrong(format!("a result has the unknown key `{key}`"), hint))
}

fn field(result: &mut RuleResult, key: &str, value: &Value, kind: EntryKind) -> Result<(), ShapeError> {
    known(key, kind)?;
    match key {
        "msg" => result.message = text(key, value)?,
        "path" => result.path = text(key, value)?,
        "line" => result.line = number(key, value)?,
        "column" => result.column = number(key, value)?,
        "end_line" => result.end_line = number(key, value)?,
        "end_column" => result.end_column = number(key, value)?,
        "_loc" => location(result, value)?,
        "symbol" => result.symbol = text(key, value)?,
        "fix" => result.fix = text(key, value)?,
        "severity" => result.severity = Some(severity(value)?),
        "layer" => result.layer = layer(value)?,
        "team" => result.team = text(key, value)?,
        "count" => result.count = number(key, value)?,
        "certified" => result.certified = certified(value)?,
        "record" => result.record = boolean(key, value)?,
        "rules" => result.rules = texts(key, value)?,
        _ => {}
    }
    Ok(())
}

/// Reads Conftest's `_loc: {file, line}`.
fn location(result: &mut RuleResult, value: &Value) -> Result<(), ShapeError> {
    let Value::Object(fields) = value else {
        return Err(wrong(format!("`_loc` is {}", kind_of(value)), "write `\"_loc\": {\"file\": ..., \"line\": ...}`"));
    };
    for (key, value) in fields.iter_sorted() {
        match key.as_string().map(AsRef::as_ref) {
            Ok("file") => result.path = text("_loc.file", value)?,
            Ok("line") => result.line = number("_loc.line", value)?,
            _ => return Err(wrong("`_loc` has an unknown key", "`_loc` has `file` and `line`")),
        }
    }
    Ok(())
}

fn text(key: &str, value: &Value) -> Result<String, ShapeError> {
    match value {
        Value::String(text) => Ok(text.to_string()),
        other => Err(wrong(format!("`{key}` of a result is {}, not a text", kind_of(other)), "use `sprintf`")),
    }
}

fn texts(key: &str, value: &Value) -> Result<Vec<String>, ShapeError> {
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Set(items) => items.iter().collect(),
        _ => vec![value],
    };
    let texts =
        items.into_iter().map(|item| item.as_string().ok().map(ToString::to_string)).collect::<Option<Vec<_>>>();
    let list = matches!(value, Value::Array(_) | Value::Set(_));
    let mut texts = texts
        .filter(|_| list)
        .ok_or_else(|| wrong(format!("`{key}` of a result is no list of texts"), "write `[\"...\"]`"))?;
    texts.sort();
    texts.dedup();
    Ok(texts)
}

/// A certificate by name; `true` stands for the one that the specification names for all.
fn certified(value: &Value) -> Result<String, ShapeError> {
    match value {
        Value::Bool(true) => Ok("*".to_owned()),
        Value::Bool(false) => Ok(String::new()),
        Value::Array(_) | Value::Set(_) => match texts("certified", value)?.as_slice() {
            [] => Ok(String::new()),
            [only] => Ok(only.clone()),
            _ => Err(wrong("`certified` of a result names several certificates", "return one request for each")),
        },
        other => text("certified", other),
    }
}

fn boolean(key: &str, value: &Value) -> Result<bool, ShapeError> {
    match value {
        Value::Bool(value) => Ok(*value),
        other => Err(wrong(format!("`{key}` of a result is {}, not a boolean", kind_of(other)), "true or false")),
    }
}

/// Line and column numbers count from 1; 0 says "none".
fn number(key: &str, value: &Value) -> Result<u32, ShapeError> {
    value.as_u32().map_err(|_| {
        let message = format!("`{key}` of a result is {}, not a whole number from 0", shown(value));
        wrong(message, "lines and columns count from 1")
    })
}

fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => number.format_decimal(),
        other => kind_of(other).to_owned(),
    }
}

fn severity(value: &Value) -> Result<Severity, ShapeError> {
    match value.as_string().map(AsRef::as_ref) {
        Ok("error") => Ok(Severity::Error),
        Ok("warning") => Ok(Severity::Warning),
        Ok("info") => Ok(Severity::Info),
        Ok(word) => Err(wrong(format!("`severity` of a result is `{word}`"), "error, warning or info")),
        Err(_) => Err(wrong(format!("`severity` of a result is {}", kind_of(value)), "error, warning or info")),
    }
}

fn layer(value: &Value) -> Result<u8, ShapeError> {
    let json = serde_json::to_value(value).unwrap_or_default();
    layer_number(&json).ok_or_else(|| {
        wrong(format!("`layer` of a result is {}", shown(value)), "1 automated, 2 team or 3 architecture")
    })
}
