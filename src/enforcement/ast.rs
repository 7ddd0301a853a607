//! `ast`: code of a shape, with metavariables; ast-grep rule objects are taken as they are.
//!
//! Owns the short form (`pattern`, `where`, `unless`, `inside`, `has`, `not`) and its translation into a rule object.
//! Every object is compiled while the specification is read, so a pattern that can never match is a fault at its place.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{CodePattern, Enforcement, Kind, Proof, Reading, Subject, Violation, hits, plain_values};
use crate::diagnostic::shortened;
use crate::facts::{check_shape, language_id, language_ids, pattern_value};
use crate::yaml::decode::suggestion;
use crate::yaml::{Node, Place, Placed, Value};

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "ast", read, proof: Proof::Examples, schema };

/// Keys of the short form.
const SHORT: &[&str] = &[
    "language", "pattern", "where", "unless", "inside", "has", "not", "kind", "regex", "any", "all", "precedes",
    "follows",
];
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
        reading.faults.add(node.place, "`ast` has no pattern", "nothing to look for", "");
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

/// The parts of an object in the making.
#[derive(Default)]
struct Parts {
    rule: Map<String, Json>,
    /// Sub-rules that must hold as well, beside one of the same name.
    and: Vec<Json>,
    constraints: Map<String, Json>,
}

/// Translates the short form.
fn short_object(
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

/// `where`: a regular expression a metavariable.
fn conditions(
    reading: &mut Reading<'_, '_>,
    node: &Node,
    entries: &[(Placed<String>, Node)],
    parts: &mut Parts,
) -> Option<()> {
    let (single, many) = named_variables(entries);
    let mut fine = true;
    for (key, value) in reading.faults.map(node, "where") {
        let name = key.value.trim_start_matches('$');
        let Some(regex) = reading.faults.text(value, "where") else {
            fine = false;
            continue;
        };
        if let Err(error) = regex::Regex::new(&regex) {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            reading.faults.add(value.place, format!("this is no regular expression: {why}"), "here", "");
            fine = false;
        } else if many.contains(name) && !single.contains(name) {
            let title = format!("`$$${name}` stands for a list, and `where` looks at one piece of code");
            let help = "Use `has: {pattern: ...}`, or name the piece with a metavariable of its own.";
            reading.faults.add(key.place, title, "a list", help);
            fine = false;
        } else if !single.contains(name) {
            let title = format!("the pattern has no metavariable `${}`", shortened(name));
            let help = suggestion(name, single.iter().map(String::as_str));
            reading.faults.add(key.place, title, "not in the pattern", help);
            fine = false;
        } else {
            let condition = parts.constraints.entry(name.to_owned()).or_insert_with(|| json!({}));
            if let Some(condition) = condition.as_object_mut() {
                condition.insert("regex".to_owned(), json!(regex));
            }
        }
    }
    fine.then_some(())
}

/// Returns the metavariables of all texts of the entry: those that stand for one node, those that stand for many.
fn named_variables(entries: &[(Placed<String>, Node)]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut single, mut many) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<&Node> = entries
        .iter()
        .filter(|(key, _)| !["where", "unless", "not"].contains(&key.value.as_str()))
        .map(|e| &e.1)
        .collect();
    while let Some(node) = open.pop() {
        match &node.value {
            Value::List(items) => open.extend(items),
            Value::Map(entries) => open.extend(entries.iter().map(|(_, value)| value)),
            Value::Plain(text) | Value::Quoted(text) => {
                let mut dollars = 0;
                for part in text.split('$').skip(1) {
                    dollars += 1;
                    let other = |c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
                    let name = part.split(other).next().unwrap_or_default();
                    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                        let list = if dollars >= 3 { &mut many } else { &mut single };
                        list.insert(name.to_owned());
                    }
                    if !part.is_empty() {
                        dollars = 0;
                    }
                }
            }
        }
    }
    (single, many)
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
