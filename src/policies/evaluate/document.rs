//! The input document in the engine's own form.
//!
//! Owns how it is put together from JSON, and what of it is `input` for a target. Must not evaluate.

use regorus::Value;

use crate::worker::protocol::Target;

/// The input document in the engine's own form; file targets share its parts.
#[derive(Clone, Debug)]
pub struct Document {
    pub(in crate::policies) value: Value,
    change: Value,
    pub(in crate::policies) files: Vec<(String, Value)>,
    /// The document with the keys of scope `review`, once those are known.
    review: Option<Value>,
}

/// Some files of the document.
pub struct Files(Vec<Value>);

impl Files {
    /// Reads a JSON list of files.
    ///
    /// # Errors
    /// When the bytes are no JSON list, or nested deeper than 127 levels.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        match value_of(bytes)? {
            Value::Array(list) => Ok(Self(list.iter().cloned().collect())),
            _ => Err("a part of the input document is no list".to_owned()),
        }
    }
}

fn value_of(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("the input document is no UTF-8: {error}"))?;
    Value::from_json_str(text).map_err(|error| format!("the input document is no JSON: {error}"))
}

impl Document {
    /// Reads the JSON of `portcullis.input/v1`.
    ///
    /// # Errors
    /// When the bytes are no JSON, nested deeper than 127 levels, or lack `change` or `files`.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        Self::of(value_of(bytes)?)
    }

    /// Puts the document together from the JSON of its head, whose list of files is empty, and its files in order.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_parts(head: &[u8], parts: impl IntoIterator<Item = Result<Files, String>>) -> Result<Self, String> {
        let mut value = value_of(head)?;
        let mut files = Vec::new();
        for part in parts {
            files.append(&mut part?.0);
        }
        let map = value.as_object_mut().map_err(|_| "the input document is no mapping")?;
        map.insert(Value::from("files"), Value::from(files));
        Self::of(value)
    }

    fn of(value: Value) -> Result<Self, String> {
        let part = |key: &str| match &value {
            Value::Object(map) => map.get(&Value::from(key)).cloned(),
            _ => None,
        };
        let change = part("change").ok_or("the input document has no `change`")?;
        let Some(Value::Array(list)) = part("files") else {
            return Err("the input document has no list `files`".to_owned());
        };
        let path = |file: &Value| match file {
            Value::Object(map) => map.get(&Value::from("path")).and_then(|path| path.as_string().ok().cloned()),
            _ => None,
        };
        let files = list
            .iter()
            .map(|file| path(file).map(|path| (path.to_string(), file.clone())))
            .collect::<Option<Vec<_>>>()
            .ok_or("a file of the input document has no `path`")?;
        Ok(Self { value, change, files, review: None })
    }

    /// Lays the keys of scope `review` over the document.
    ///
    /// # Errors
    /// When the bytes are no JSON mapping.
    pub fn with_review(&self, json: &[u8]) -> Result<Self, String> {
        let Value::Object(keys) = value_of(json)? else {
            return Err("what scope `review` adds is no mapping".to_owned());
        };
        let mut whole = self.value.clone();
        let map = whole.as_object_mut().map_err(|_| "the input document is no mapping")?;
        for (key, value) in keys.iter_sorted() {
            map.insert(key.clone(), value.clone());
        }
        Ok(Self { review: Some(whole), ..self.clone() })
    }

    /// Returns how many files the document has.
    #[must_use]
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// Returns the file that a target is.
    pub(in crate::policies) fn file(&self, target: Target) -> Option<&Value> {
        match target {
            Target::File(index) => self.files.get(index as usize).map(|(_, file)| file),
            _ => None,
        }
    }

    /// Returns `input` for a target, and the path of the file when the target is one.
    pub(in crate::policies) fn input(&self, target: Target) -> Option<(Value, &str)> {
        match target {
            Target::Change => Some((self.value.clone(), "")),
            Target::Review => Some((self.review.clone()?, "")),
            Target::File(index) => {
                let (path, file) = self.files.get(index as usize)?;
                let mut input = Value::new_object();
                let map = input.as_object_mut().ok()?;
                map.insert(Value::from("change"), self.change.clone());
                map.insert(Value::from("file"), file.clone());
                Some((input, path))
            }
            // They have their own input: see `Engines::self_check_of` and `document_scope`.
            Target::Empty | Target::Document(_) | Target::Combined => None,
        }
    }
}
