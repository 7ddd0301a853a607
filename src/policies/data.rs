//! Data files beside the policies: read strictly, merged under `data`, held apart from rules.
//!
//! Owns the merge and its conflicts. Must not know what a policy does with a value.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fault::Place;
use super::{DataSource, Fault};
use crate::documents::json;
use crate::limits::Limits;

/// Reads all data files and merges them by pack. Faults go to `faults`; a faulty file counts as absent.
pub(super) fn read(sources: &[DataSource], limits: &Limits, faults: &mut Vec<Fault>) -> BTreeMap<String, Value> {
    let mut packs: BTreeMap<String, Value> = BTreeMap::new();
    for source in sources {
        let file = Place::file(&source.path);
        if source.text.len() as u64 > limits.configuration_bytes {
            let message =
                format!("the file has {} bytes; the limit is {}", source.text.len(), limits.configuration_bytes);
            faults.push(file.fault("too-large", message, "split the file, or raise `limits: configuration-bytes`"));
            continue;
        }
        let is_json = source.path.to_ascii_lowercase().ends_with(".json");
        let value = match if is_json { json::strict(&source.text) } else { crate::yaml::plain(&source.text) } {
            Ok(value) => value,
            Err(error) => {
                let place = Place { path: &source.path, line: error.line, column: error.column };
                faults.push(place.fault("data-syntax", error.message, "a data file is one JSON or YAML document"));
                continue;
            }
        };
        let value = source.at.iter().rev().fold(value, |value, key| {
            let mut map = Map::new();
            map.insert(key.clone(), value);
            Value::Object(map)
        });
        if !value.is_object() {
            faults.push(file.fault("data-conflict", "a data file at the root is a mapping", "give its value a name"));
            continue;
        }
        if value.get("portcullis").is_some() {
            let hint = "`data.portcullis` is reserved; choose another name";
            faults.push(file.fault("data-conflict", "this file writes `data.portcullis`", hint));
            continue;
        }
        let merged = packs.entry(source.pack.clone()).or_insert_with(|| Value::Object(Map::new()));
        if let Err(path) = merge(merged, value) {
            let message = format!("`data.{path}` has another value in another data file");
            faults.push(file.fault("data-conflict", message, "keep one of them"));
        }
    }
    packs
}

/// Merges mappings; two different values at one path are a conflict, whose path is returned.
fn merge(into: &mut Value, from: Value) -> Result<(), String> {
    let mut pending = vec![(Vec::<String>::new(), from)];
    while let Some((path, value)) = pending.pop() {
        let mut place: &mut Value = &mut *into;
        for key in &path {
            let Some(next) = place.get_mut(key) else { return Err(path.join(".")) };
            place = next;
        }
        match (place, value) {
            (Value::Object(old), Value::Object(new)) => {
                for (key, value) in new {
                    if old.contains_key(&key) {
                        let mut inner = path.clone();
                        inner.push(key);
                        pending.push((inner, value));
                    } else {
                        old.insert(key, value);
                    }
                }
            }
            (old, new) if *old == new => {}
            _ => return Err(path.join(".")),
        }
    }
    Ok(())
}

/// Says whether a data value stands at, or in the way of, the rule path; the engine would let the data win silently.
pub(super) fn shadows(data: &Value, rule: &[String]) -> bool {
    let mut current = data;
    for key in rule {
        let Value::Object(map) = current else { return true };
        let Some(next) = map.get(key) else { return false };
        current = next;
    }
    true
}

/// Says whether a data file defines the path, as far as mappings tell.
pub(super) fn defines(data: &Value, path: &[String]) -> bool {
    let mut current = data;
    for key in path {
        let Value::Object(map) = current else { return true };
        let Some(next) = map.get(key) else { return false };
        current = next;
    }
    true
}
