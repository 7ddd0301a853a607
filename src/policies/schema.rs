//! The JSON Schema of the input document, and the tree of paths that a policy may name.
//!
//! Owns the derivation from the document's types. Must not know any policy.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Scope;
use super::input::InputDocument;
use super::review_input::ReviewInput;

/// Returns the JSON Schema of `portcullis.input/v1`.
#[must_use]
pub fn input_schema() -> Value {
    let mut schema = schemars::schema_for!(InputDocument).to_value();
    if let Value::Object(map) = &mut schema {
        map.insert("title".to_owned(), json!(super::input::SCHEMA));
    }
    schema
}

/// Returns the JSON Schema of the keys that scope `review` adds.
#[must_use]
pub fn review_input_schema() -> Value {
    schemars::schema_for!(ReviewInput).to_value()
}

/// What stands at a path of the input document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A mapping with exactly these keys.
    Object(BTreeMap<String, Self>),
    /// A mapping with keys that only the change knows.
    Map(Box<Self>),
    /// A list.
    List(Box<Self>),
    /// A text, number or boolean.
    Scalar,
    /// One of these texts.
    Words(Vec<String>),
    /// Not known; nothing below it is checked.
    Any,
}

/// How deep types may refer to each other.
const DEPTH: usize = 32;

impl Shape {
    /// Returns the shape of `input` at a scope, by the schema of the document; `None` gives what library packages may name, whatever their users.
    pub(super) fn of_input(schema: &Value, scope: Option<Scope>) -> Self {
        let Self::Object(mut document) = shape(schema, schema, DEPTH) else { return Self::Any };
        let file = match document.get("files") {
            Some(Self::List(file)) => (**file).clone(),
            _ => Self::Any,
        };
        match scope {
            Some(Scope::Change) => {}
            Some(Scope::File) => {
                document.retain(|key, _| key == "change");
                document.insert("file".to_owned(), file);
            }
            None => {
                document.insert("file".to_owned(), file);
                document.extend(review_shapes());
            }
            Some(Scope::Review) => document.extend(review_shapes()),
            Some(Scope::Document) => return Self::Any,
        }
        Self::Object(document)
    }
}

/// Returns the shapes of what scope `review` adds.
fn review_shapes() -> BTreeMap<String, Shape> {
    let schema = schemars::schema_for!(ReviewInput).to_value();
    match shape(&schema, &schema, DEPTH) {
        Shape::Object(keys) => keys,
        _ => BTreeMap::new(),
    }
}

fn resolve<'a>(node: &'a Value, root: &'a Value) -> &'a Value {
    let name = node.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"));
    name.and_then(|name| root.get("$defs")?.get(name)).unwrap_or(node)
}

/// Returns the only texts that a node allows; `None` when it allows anything else besides.
fn words(node: &Value) -> Option<Vec<String>> {
    let listed = |node: &Value| -> Option<Vec<String>> {
        if let Some(word) = node.get("const") {
            return Some(vec![word.as_str()?.to_owned()]);
        }
        node.get("enum")?.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect()
    };
    match node.get("oneOf").and_then(Value::as_array) {
        Some(parts) => parts.iter().map(listed).collect::<Option<Vec<_>>>().map(|parts| parts.concat()),
        None => listed(node),
    }
}

/// Recursion is over our own types, whose depth is fixed, and is bounded besides.
fn shape(node: &Value, root: &Value, depth: usize) -> Shape {
    let Some(depth) = depth.checked_sub(1) else { return Shape::Any };
    let node = resolve(node, root);
    if let Some(words) = words(node) {
        return Shape::Words(words);
    }
    match node.get("type").and_then(Value::as_str) {
        Some("object") => match (node.get("properties"), node.get("additionalProperties")) {
            (Some(Value::Object(properties)), _) => {
                Shape::Object(properties.iter().map(|(key, value)| (key.clone(), shape(value, root, depth))).collect())
            }
            (_, Some(values @ Value::Object(_))) => Shape::Map(Box::new(shape(values, root, depth))),
            _ => Shape::Any,
        },
        Some("array") => Shape::List(Box::new(node.get("items").map_or(Shape::Any, |item| shape(item, root, depth)))),
        Some("string" | "integer" | "number" | "boolean") => Shape::Scalar,
        _ if node.get("oneOf").or_else(|| node.get("enum")).is_some() => Shape::Scalar,
        _ => Shape::Any,
    }
}

/// Returns an input document with every key and one file, all of it empty: what the self check evaluates on.
pub(super) fn empty_document() -> Value {
    let schema = input_schema();
    let mut document = empty(&schema, &schema, DEPTH);
    let file = schema.get("properties").and_then(|all| all.get("files")).and_then(|files| files.get("items"));
    let file = file.map_or(Value::Null, |file| empty(file, &schema, DEPTH));
    if let Value::Object(map) = &mut document {
        map.insert("schema".to_owned(), json!(super::input::SCHEMA));
        map.insert("files".to_owned(), json!([file]));
    }
    document
}

/// Returns the keys of scope `review`, each list with one empty entry: what the self check evaluates on.
pub(super) fn empty_review() -> Value {
    let schema = review_input_schema();
    let mut keys = empty(&schema, &schema, DEPTH);
    if let Value::Object(map) = &mut keys {
        for (key, value) in map.iter_mut().filter(|(_, value)| value.is_array()) {
            let items = schema.get("properties").and_then(|all| all.get(key)?.get("items"));
            *value = json!([items.map_or(Value::Null, |item| empty(item, &schema, DEPTH))]);
        }
    }
    keys
}

fn empty(node: &Value, root: &Value, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return Value::Null };
    let node = resolve(node, root);
    let first = |list: &str, key: &str| Some(node.get(list)?.get(0)?.get(key)?.clone());
    if let Some(word) = first("oneOf", "const").or_else(|| node.get("enum")?.get(0).cloned()) {
        return word;
    }
    match node.get("type").and_then(Value::as_str) {
        Some("object") => {
            let none = Map::new();
            let properties = node.get("properties").and_then(Value::as_object).unwrap_or(&none);
            Value::Object(properties.iter().map(|(key, value)| (key.clone(), empty(value, root, depth))).collect())
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(0),
        Some("boolean") => json!(false),
        _ => json!(""),
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, empty_document, input_schema};
    use crate::policies::Scope;
    use crate::policies::input::InputDocument;

    #[test]
    fn the_empty_document_has_every_key() {
        let document: InputDocument = serde_json::from_value(empty_document()).unwrap();
        assert_eq!(serde_json::to_value(&document).unwrap(), empty_document());
        assert_eq!(document.files.len(), 1);
    }

    #[test]
    fn each_scope_has_its_own_roots() {
        let keys = |scope| match Shape::of_input(&input_schema(), scope) {
            Shape::Object(keys) => keys.into_keys().collect::<Vec<_>>().join(" "),
            _ => String::new(),
        };
        assert_eq!(
            keys(Some(Scope::Change)),
            "change completeness contracts documents files governance impact imports schema"
        );
        assert_eq!(keys(Some(Scope::File)), "change file");
        assert!(keys(None).contains("file files"));
        let review = keys(Some(Scope::Review));
        assert_eq!(
            review,
            "agents change completeness contracts documents files findings governance impact imports invariants review schema"
        );
    }
}
