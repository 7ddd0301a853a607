//! JSON, read strictly: a key that stands twice is refused, because readers disagree on which of the two counts.
//!
//! Owns the reader of JSON documents and data files. Must not know what a value means.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Unread;
use crate::yaml::TextError;

/// Returns the value of a JSON text; a duplicate key is an error, not "the last one wins".
pub(crate) fn strict(text: &str) -> Result<Value, TextError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| TextError {
        line: u32::try_from(error.line()).unwrap_or(0),
        column: u32::try_from(error.column()).unwrap_or(0),
        message: error.to_string(),
    })
}

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Value, Unread> {
    strict(text).map_err(|TextError { line, column, message }| {
        let too_large = message.contains("recursion limit");
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        Unread { message, line, column, too_large }
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
    use super::strict;
    use crate::yaml::plain as yaml;

    #[test]
    fn duplicate_keys_are_refused_in_both_formats() {
        assert!(strict(r#"{"a": 1, "a": 2}"#).unwrap_err().message.contains("duplicate"));
        let error = yaml("a: 1\na: 2\n").unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(strict(r#"{"a": [1, 2.5, "x", null, true]}"#).unwrap(), yaml("a: [1, 2.5, x, null, true]").unwrap());
    }

    #[test]
    fn anchors_merge_keys_and_second_documents_are_refused() {
        assert!(yaml("a: &x 1\nb: *x\n").is_err());
        assert!(yaml("a: {<<: {b: 1}}\n").is_err());
        assert!(yaml("a: 1\n---\nb: 2\n").is_err());
        assert!(yaml("a: !!python/object x\n").is_err());
    }
}
