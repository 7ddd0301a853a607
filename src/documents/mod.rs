//! Configuration documents: the bytes of a file -> the value that a policy of scope `document` sees as `input`.
//!
//! Owns which names are documents, one reader a format in the shape that Conftest gives it, and the budgets of size,
//! depth and values. Runs inside the worker: every byte is hostile. Must not know policies or changes.

mod dockerfile;
mod dotenv;
mod hcl;
mod ini;
pub(crate) mod json;
mod lines;
mod properties;
mod sides;
mod toml;
mod xml;

pub use self::sides::{Side, Sides};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::limits::Limits;
use crate::yaml::{self, Lined};

/// Deepest nesting of lists and mappings: a policy sees the document some levels below `input`, and the engine reads 127.
pub const MAX_DEPTH: usize = 96;

/// A format of configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Docker's build instructions.
    Dockerfile,
    /// `KEY=value` lines of an environment.
    Dotenv,
    /// HCL 2, as Terraform writes it.
    Hcl,
    /// Sections of `key = value` lines.
    Ini,
    /// JSON.
    Json,
    /// Java's `key=value` lines.
    Properties,
    /// TOML.
    Toml,
    /// XML.
    Xml,
    /// YAML, of several documents too.
    Yaml,
}

/// All formats by their word, sorted.
pub const FORMATS: &[(&str, Format)] = &[
    ("dockerfile", Format::Dockerfile),
    ("dotenv", Format::Dotenv),
    ("hcl", Format::Hcl),
    ("ini", Format::Ini),
    ("json", Format::Json),
    ("properties", Format::Properties),
    ("toml", Format::Toml),
    ("xml", Format::Xml),
    ("yaml", Format::Yaml),
];

impl Format {
    /// Returns the format of a path, by the rules of Conftest: name first, then ending, in any case.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if name == "dockerfile" || name.starts_with("dockerfile.") || ending == "dockerfile" {
            return Some(Self::Dockerfile);
        }
        if matches!(ending, "yml" | "yaml") {
            return Some(Self::Yaml);
        }
        if matches!(ending, "hcl" | "tf" | "tfvars" | "hcl2") {
            return Some(Self::Hcl);
        }
        if name == ".env" || name.starts_with(".env.") || matches!(ending, "env" | "dotenv") {
            return Some(Self::Dotenv);
        }
        match ending {
            "ini" => Some(Self::Ini),
            "json" => Some(Self::Json),
            "properties" => Some(Self::Properties),
            "toml" => Some(Self::Toml),
            "xml" => Some(Self::Xml),
            _ => None,
        }
    }

    /// Returns its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        FORMATS.iter().find(|(_, format)| *format == self).map_or("", |(word, _)| word)
    }
}

/// Why bytes are no document of their format; line and column count from 1, 0 when not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// What is wrong.
    pub message: String,
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// True when a budget refused it, not the format.
    pub too_large: bool,
}

impl Unread {
    /// Returns a fault at a line; 0 for the whole file.
    pub(crate) fn at(line: usize, message: impl Into<String>) -> Self {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        Self { message: message.into(), line, column: 0, too_large: false }
    }

    fn budget(message: impl Into<String>) -> Self {
        Self { too_large: true, ..Self::at(0, message) }
    }
}

/// Says whether a path is where the forges look for what CI runs. That is a document whoever wrote it.
#[must_use]
pub fn is_pipeline(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "action.yml" | "action.yaml") || name.ends_with(".gitlab-ci.yml") || {
        [".github/workflows/", ".gitlab/", ".gitlab-ci/", ".gitlab-ci.d/"].iter().any(|folder| path.starts_with(folder))
    }
}

/// Reads the bytes of one file; only YAML says at which lines its parts stand, of all others that is `{}`.
///
/// # Errors
/// When the bytes are over a budget, no UTF-8, or not of the format.
pub fn read(format: Format, bytes: &[u8], limits: &Limits) -> Result<Lined, Unread> {
    if bytes.len() as u64 > limits.document_bytes {
        let message = format!("{} bytes; the limit `document-bytes` is {}", bytes.len(), limits.document_bytes);
        return Err(Unread::budget(message));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Unread::at(before.iter().filter(|byte| **byte == b'\n').count() + 1, "the file is not UTF-8")
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut budget = Budget { left: usize::try_from(limits.document_values).unwrap_or(usize::MAX) };
    let plain = |value| Lined { value, lines: Value::Object(Map::new()) };
    let mut one = match format {
        Format::Dockerfile => plain(dockerfile::read(text)?),
        Format::Dotenv => plain(dotenv::read(text)?),
        Format::Hcl => plain(hcl::read(text)?),
        Format::Ini => plain(ini::read(text)?),
        Format::Json => plain(json::read(text)?),
        Format::Properties => plain(properties::read(text)?),
        Format::Toml => plain(toml::read(text)?),
        Format::Xml => plain(xml::read(text)?),
        Format::Yaml => yaml::stream(text, MAX_DEPTH, budget.left)
            .map_err(|fault| Unread { too_large: fault.over_budget, ..Unread::at(fault.line, fault.message) })?,
    };
    budget.settle(&mut one.value)?;
    Ok(one)
}

/// How many values a document may still have.
struct Budget {
    left: usize,
}

impl Budget {
    /// Counts the values, and writes whole numbers as Go's JSON does, without a fraction.
    fn settle(&mut self, value: &mut Value) -> Result<(), Unread> {
        let mut pending = vec![(value, 1)];
        while let Some((node, depth)) = pending.pop() {
            self.left = self
                .left
                .checked_sub(1)
                .ok_or_else(|| Unread::budget("it holds more values than the limit `document-values` allows"))?;
            if depth > MAX_DEPTH {
                return Err(Unread::budget(format!("it is nested deeper than {MAX_DEPTH} levels")));
            }
            match node {
                Value::Array(items) => pending.extend(items.iter_mut().map(|item| (item, depth + 1))),
                Value::Object(map) => pending.extend(map.iter_mut().map(|(_, item)| (item, depth + 1))),
                Value::Number(number) if number.is_f64() => {
                    *node = number.as_f64().map_or(Value::Null, whole);
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        Ok(())
    }
}

/// The largest number up to which every whole number is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the number, as a whole one where it is whole.
#[expect(clippy::cast_possible_truncation, reason = "it is whole and within the exact range")]
fn whole(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= EXACT { Value::from(number as i64) } else { Value::from(number) }
}

#[cfg(test)]
mod tests;
