//! A YAML text as a plain value, for METADATA blocks and data files that need no places inside.
//!
//! Owns the reader's settings for that. Must not know what a value means.

use serde_json::Value;

/// Why a text is not a value, and where; line and column count from 1, 0 when not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// Returns the value of a YAML text: one document, no duplicate keys, no anchors, no merge keys, bounded.
///
/// # Errors
/// When the text is not such a document, with the place.
pub fn plain(text: &str) -> Result<Value, TextError> {
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
            message: reworded(&error.without_snippet().to_string()),
        }
    })
}

/// Returns the reader's message without its own place and without the names of its settings.
fn reworded(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    let message = message.split(", set ").next().unwrap_or(message);
    if message.starts_with("budget breached") {
        return "anchors, aliases, merge keys and very large texts are not read".to_owned();
    }
    message.to_owned()
}
