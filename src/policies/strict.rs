//! YAML and JSON texts, read strictly: no duplicate keys, no anchors, no merge keys, one document, bounded.
//!
//! Owns the reader's settings for METADATA blocks and data files. Must not know what a value means.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why a text is not a value, and where; line and column count from 1, 0 when not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextError {
    /// Line.
    pub(super) line: u32,
    /// Column.
    pub(super) column: u32,
    /// What is wrong.
    pub(super) message: String,
}

/// Returns the value of a YAML text.
pub(super) fn yaml(text: &str) -> Result<Value, TextError> {
    let mut budget = serde_saphyr::Budget::default();
    budget.max_anchors = 0;
    budget.max_aliases = 0;
    budget.max_merge_keys = 0;
    budget.max_documents = 1;
    budget.max_depth = 64;
    budget.max_nodes = 500_000;
    let mut options = serde_saphyr::Options::default();
    options.budget = Some(budget);
    options.duplicate_keys = serde_saphyr::DuplicateKeyPolicy::Error;
    options.merge_keys = serde_saphyr::MergeKeyPolicy::Error;
    options.strict_booleans = true;
    options.reject_unsupported_tags = true;
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location();
        let number = |value: u64| u32::try_from(value).unwrap_or(0);
        TextError {
            line: place.map_or(0, |place| number(place.line())),
            column: place.map_or(0, |place| number(place.column())),
            message: plain(&error.without_snippet().to_string()),
        }
    })
}

/// Returns the reader's message without its own place and without the names of its settings.
fn plain(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    let message = message.split(", set ").next().unwrap_or(message);
    if message.starts_with("budget breached") {
        return "anchors, aliases, merge keys and very large texts are not read".to_owned();
    }
    message.to_owned()
}

/// Returns the value of a JSON text; a duplicate key is an error, not "the last one wins".
pub(super) fn json(text: &str) -> Result<Value, TextError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| TextError {
        line: u32::try_from(error.line()).unwrap_or(0),
        column: u32::try_from(error.column()).unwrap_or(0),
        message: error.to_string(),
    })
}

/// Builds a `Value` and refuses duplicate keys; the nesting is bounded by the deserializer.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("duplicate key `{key}`")));
            }
            let value = entries.next_value_seed(Self)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::{json, yaml};

    #[test]
    fn duplicate_keys_are_refused_in_both_formats() {
        assert!(json(r#"{"a": 1, "a": 2}"#).unwrap_err().message.contains("duplicate"));
        let error = yaml("a: 1\na: 2\n").unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(json(r#"{"a": [1, 2.5, "x", null, true]}"#).unwrap(), yaml("a: [1, 2.5, x, null, true]").unwrap());
    }

    #[test]
    fn anchors_merge_keys_and_second_documents_are_refused() {
        assert!(yaml("a: &x 1\nb: *x\n").is_err());
        assert!(yaml("a: {<<: {b: 1}}\n").is_err());
        assert!(yaml("a: 1\n---\nb: 2\n").is_err());
        assert!(yaml("a: !!python/object x\n").is_err());
    }
}
