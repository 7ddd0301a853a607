//! `ast`: code of a shape, with metavariables; ast-grep rule objects are taken as they are.
//!
//! Owns the entries of a rule; the short form is read in `short.rs`, its `where` in `conditions.rs`.
//! Every object is compiled while the specification is read, so a pattern that can never match is a fault at its place.

mod conditions;
mod short;

use serde_json::{Map, Value as Json, json};

use self::short::short_object;
use super::{CodePattern, Enforcement, Kind, Proof, Reading, Subject, Violation, hits, plain_values};
use crate::diagnostic::shortened;
use crate::facts::{check_shape, language_id, language_ids};
use crate::yaml::decode::suggestion;
use crate::yaml::{Node, Place, Placed, Value};

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "ast", read, proof: Proof::Examples, schema };

/// Keys of a whole ast-grep rule that mean something here.
const OBJECT: &[&str] = &["rule", "constraints", "utils", "transform", "rewriters"];
/// Keys of a whole ast-grep rule that change nothing about what it finds.
const HARMLESS: &[&str] = &["id", "message", "note", "url", "metadata", "labels", "fix"];
/// Keys of a whole ast-grep rule that would mislead: here the rule's own keys decide.
const MISLEADING: &[(&str, &str)] = &[
    ("severity", "Write `severity` beside `enforce`."),
    ("files", "Write the globs under `scope: {paths: [...]}`."),
    ("ignores", "Write the globs under `scope: {exclude: [...]}`."),
];
/// A rule for one language of a pair is one for the other: whoever says `typescript` means `.tsx` files as well.
const AS_WELL: &[(&str, &str)] = &[("typescript", "tsx")];

#[derive(Debug)]
struct Shapes(Vec<CodePattern>);

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let entries = match &node.value {
        Value::Map(_) => std::slice::from_ref(node),
        _ => reading.faults.list(node, "ast"),
    };
    if entries.is_empty() && matches!(node.value, Value::List(_)) {
        reading.faults.add(
            node.place,
            "`ast` has no pattern",
            "nothing to look for",
            "Write a pattern, such as `float($AMOUNT)`.",
        );
    }
    let shapes: Vec<Option<Vec<CodePattern>>> = entries.iter().map(|entry| shape(reading, entry)).collect();
    let shapes = shapes.into_iter().collect::<Option<Vec<_>>>()?.concat();
    (!shapes.is_empty()).then(|| Box::new(Shapes(shapes)) as Box<dyn Enforcement>)
}

/// Reads one entry, compiled in its language and in those that it covers as well.
fn shape(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Vec<CodePattern>> {
    let entries = reading.faults.map(node, "ast");
    if entries.is_empty() {
        return None;
    }
    let language = language(reading, node, entries);
    let whole = entries.iter().any(|(key, _)| key.value == "rule");
    let object = if whole { whole_object(reading, entries) } else { short_object(reading, node, entries, language) };
    let (language, object) = (language?, object?);
    if let Err(message) = check_shape(language, &object) {
        let place = culprit(language, &object, entries, node.place);
        reading.faults.add(place, format!("the pattern cannot be used: {message}"), "this pattern", REFERENCE);
        return None;
    }
    let mut shapes = vec![CodePattern::Shape { language: language.to_owned(), object: object.to_string() }];
    for (_, other) in AS_WELL.iter().filter(|(of, _)| *of == language) {
        // What cannot be written in the other language cannot be found in its files.
        if check_shape(other, &object).is_ok() {
            shapes.push(CodePattern::Shape { language: (*other).to_owned(), object: object.to_string() });
        }
    }
    Some(shapes)
}

const REFERENCE: &str = "See https://ast-grep.github.io/reference/rule.html.";

/// Reads the `language` of an entry.
pub(super) fn language(
    reading: &mut Reading<'_, '_>,
    node: &Node,
    entries: &[(Placed<String>, Node)],
) -> Option<&'static str> {
    let Some((_, value)) = entries.iter().find(|(key, _)| key.value == "language") else {
        let help = suggestion("", language_ids());
        reading.faults.add(node.place, "the key `language` is missing", "in which language?", help);
        return None;
    };
    let name = reading.faults.text(value, "language")?;
    let found = language_id(&name);
    if found.is_none() {
        let title = format!("there is no language `{}`", shortened(&name));
        reading.faults.add(value.place, title, "unknown language", suggestion(&name, language_ids()));
    }
    found
}

/// Takes a whole ast-grep rule as it is.
fn whole_object(reading: &mut Reading<'_, '_>, entries: &[(Placed<String>, Node)]) -> Option<Json> {
    let mut object = Map::new();
    let mut fine = true;
    for (key, value) in entries {
        let word = key.value.as_str();
        if OBJECT.contains(&word) {
            match plain_values::json(reading, value) {
                Some(value) => drop(object.insert(key.value.clone(), value)),
                None => fine = false,
            }
        } else if let Some((_, help)) = MISLEADING.iter().find(|(name, _)| *name == word) {
            reading.faults.add(key.place, format!("`{word}` has no effect here"), "no effect", *help);
            fine = false;
        } else if word != "language" && !HARMLESS.contains(&word) {
            reading.faults.unknown_key(key, &[OBJECT, HARMLESS, &["language"]].concat(), "ast");
            fine = false;
        }
    }
    fine.then_some(Json::Object(object))
}

/// Returns the place of the part without which the object would compile, or with which alone it does not.
fn culprit(language: &str, object: &Json, entries: &[(Placed<String>, Node)], whole: Place) -> Place {
    let place = |name: &str| entries.iter().find(|(key, _)| key.value == name).map(|(_, value)| value.place);
    let rule = object.get("rule").and_then(Json::as_object);
    for (key, value) in rule.into_iter().flatten().filter(|(key, _)| ["pattern", "kind"].contains(&key.as_str())) {
        if check_shape(language, &json!({"rule": {key: value}})).is_err() {
            return place(key).or_else(|| place("rule")).unwrap_or(whole);
        }
    }
    for key in ["unless", "not", "inside", "has", "precedes", "follows", "constraints", "utils", "transform", "regex"] {
        let inner = if key == "unless" { "not" } else { key };
        let mut without = object.clone();
        if let Some(object) = without.as_object_mut() {
            object.remove(inner);
            if let Some(rule) = object.get_mut("rule").and_then(Json::as_object_mut) {
                rule.remove(inner);
            }
        }
        if let Some(place) = place(key)
            && check_shape(language, &without).is_ok()
        {
            return place;
        }
    }
    place("pattern").or_else(|| place("rule")).unwrap_or(whole)
}

fn schema() -> Json {
    let text_or_rule = json!({"anyOf": [{"type": "string"}, {"type": "object"}]});
    let languages: Vec<&str> = language_ids().collect();
    let entry = json!({
        "type": "object", "required": ["language"],
        "properties": {
            "language": {"enum": languages, "description": "`typescript` covers .tsx files as well."},
            "pattern": {"anyOf": [{"type": "string"}, {"type": "object"}], "description": "Code with metavariables: `$X` one node, `$$$XS` any number, `$_` unnamed."},
            "where": {"type": "object", "additionalProperties": {"type": "string"}, "description": "A regular expression for the text of each single metavariable."},
            "unless": {"anyOf": [{"type": "string"}, {"type": "object"}, {"type": "array"}], "description": "Patterns that excuse a match."},
            "not": {"anyOf": [{"type": "string"}, {"type": "object"}, {"type": "array"}]},
            "inside": text_or_rule, "has": text_or_rule, "precedes": text_or_rule, "follows": text_or_rule,
            "kind": {"type": "string"}, "regex": {"type": "string"}, "any": {"type": "array"}, "all": {"type": "array"},
            "rule": {"type": "object", "description": "A whole ast-grep rule object."},
            "constraints": {"type": "object"}, "utils": {"type": "object"}, "transform": {"type": "object"}, "rewriters": {"type": "array"},
            "id": {}, "message": {}, "note": {}, "url": {}, "metadata": {}, "labels": {}, "fix": {}
        },
        "additionalProperties": false
    });
    json!({"anyOf": [{"type": "array", "minItems": 1, "items": entry}, entry]})
}

impl Enforcement for Shapes {
    fn patterns(&self) -> Vec<CodePattern> {
        self.0.clone()
    }

    fn judge(&self, subject: &Subject<'_>) -> Vec<Violation> {
        hits::violations(subject)
    }
}
