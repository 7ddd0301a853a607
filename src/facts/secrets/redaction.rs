//! Masks in what others say: messages of commits, words of people, reports of tools, messages of rules.
//!
//! Owns the second look: a value that was found anywhere in the change is masked wherever it is repeated, also where it
//! stands without what it was known by.

use std::borrow::Cow;
use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::mask::mask;
use super::scan::has_literal;

/// Fewest letters of a value that is looked for elsewhere: shorter ones are words, and whoever writes the change could
/// make rules blind for one.
const SHORTEST: usize = 20;

/// What stands for a value that is repeated.
const REPEATED: &str = "redacted-secret";

/// Masks what is known to be a secret, and what looks like one.
#[derive(Default)]
pub struct Redaction {
    values: Option<AhoCorasick>,
}

impl Redaction {
    /// Returns a redaction that knows these values beside the shapes.
    #[must_use]
    pub fn of(values: &BTreeSet<String>) -> Self {
        let long: BTreeSet<String> = values.iter().flat_map(|value| pieces(value)).collect();
        if long.is_empty() {
            return Self::default();
        }
        Self { values: AhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest).build(long).ok() }
    }

    /// Says whether values are known, so that texts that were masked by themselves deserve a second look.
    #[must_use]
    pub fn knows_values(&self) -> bool {
        self.values.is_some()
    }

    /// Says whether bytes repeat a value that is known.
    #[must_use]
    pub fn finds(&self, bytes: &[u8]) -> bool {
        self.values.as_ref().is_some_and(|values| values.is_match(bytes))
    }

    /// Returns a text without secrets.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let masked = mask(text);
        let Some(values) = self.values.as_ref().filter(|values| values.is_match(masked.as_bytes())) else {
            return masked;
        };
        let mut whole = String::with_capacity(masked.len());
        values.replace_all_with(&masked, &mut whole, |hit, _, whole| {
            whole.push_str(REPEATED);
            whole.extend(std::iter::repeat_n('x', hit.len().saturating_sub(REPEATED.len())));
            true
        });
        Cow::Owned(whole)
    }

    /// Returns a value without secrets in any of its texts; the names of keys are texts too.
    ///
    /// What cannot be written and read again is returned as it was: that is a defect which a test excludes, not a way
    /// for the author of a change, who does not choose the types.
    #[must_use]
    pub fn value<T: Serialize + DeserializeOwned>(&self, value: T) -> T {
        let Ok(json) = serde_json::to_string(&value) else { return value };
        if !has_literal(&json) && !self.finds(json.as_bytes()) {
            return value;
        }
        self.masked(&json).unwrap_or(value)
    }

    /// Returns a value that was masked by itself without what it repeats.
    #[must_use]
    pub fn repeated<T: Serialize + DeserializeOwned>(&self, value: T) -> T {
        match serde_json::to_string(&value) {
            Ok(json) if self.finds(json.as_bytes()) => self.masked(&json).unwrap_or(value),
            _ => value,
        }
    }

    fn masked<T: DeserializeOwned>(&self, json: &str) -> Option<T> {
        let mut tree = serde_json::from_str(json).ok()?;
        if self.tree(&mut tree) { serde_json::from_value(tree).ok() } else { None }
    }

    /// Masks every text of a tree; says whether there was one to mask. With a list of what is open, not by recursion.
    fn tree(&self, tree: &mut Value) -> bool {
        let mut changed = false;
        let mut open = vec![tree];
        while let Some(next) = open.pop() {
            match next {
                Value::String(text) => {
                    if let Cow::Owned(masked) = self.text(text) {
                        *text = masked;
                        changed = true;
                    }
                }
                Value::Array(items) => open.extend(items.iter_mut()),
                Value::Object(map) => {
                    if map.keys().any(|key| matches!(self.text(key), Cow::Owned(_))) {
                        changed = true;
                        let entries = std::mem::take(map).into_iter();
                        map.extend(entries.map(|(key, value)| (self.text(&key).into_owned(), value)));
                    }
                    open.extend(map.values_mut());
                }
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        changed
    }
}

/// Returns what of a value is looked for: all of it, or of a key over several lines each long line.
fn pieces(value: &str) -> Vec<String> {
    let plain = value.replace("\\n", "\n").replace("\\r", "\n");
    let lines =
        plain.split(|letter: char| letter.is_ascii_whitespace() || matches!(letter, '\\' | '"' | '\'' | '`' | ','));
    lines.filter(|line| line.len() >= SHORTEST).map(str::to_owned).collect()
}
