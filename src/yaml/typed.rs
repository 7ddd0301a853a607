//! Documents read straight into serde types, for small schemas that need no places.
//!
//! Owns the rewording of serde's faults. What the tree refuses is refused here too.

use serde::de::DeserializeOwned;

use super::{Node, Place, Value, YamlFault, is_ambiguous, is_null, nearest, number, tree};
use crate::diagnostic::shortened;

/// Reads bytes as one document of a serde type, for small schemas that need no places.
///
/// # Errors
/// As [`tree`], and when the document does not have the shape of `T`.
pub fn read<T: DeserializeOwned>(bytes: &[u8], file: &str) -> Result<T, YamlFault> {
    let root = tree(bytes, file)?;
    if let Some((place, message)) = first_ambiguous(&root) {
        return Err(YamlFault { file: file.to_owned(), message, help: "Quote it.".to_owned(), place });
    }
    let text = String::from_utf8_lossy(bytes);
    let mut options = serde_saphyr::options! { strict_booleans: true, no_schema: true, with_snippet: false };
    options.reject_unsupported_tags = true;
    options.merge_keys = serde_saphyr::options::MergeKeyPolicy::Error;
    serde_saphyr::from_str_with_options(&text, options).map_err(|error| {
        let place = error.location().map_or(root.place, |at| {
            let length = at.span().byte_len().unwrap_or_default();
            let offset = at.span().byte_offset().unwrap_or_default();
            Place {
                line: number(at.line()),
                column: number(at.column()),
                offset: number(offset),
                length: number(length),
            }
        });
        let message = reworded(error.without_snippet());
        YamlFault { file: file.to_owned(), message, help: String::new(), place }
    })
}

/// Finds the first scalar that is neither text nor a number nor a boolean to all readers; what type a field has is not
/// known here, so `true` and `12` pass and are left to the type.
fn first_ambiguous(root: &Node) -> Option<(Place, String)> {
    let mut open = vec![root];
    let mut found: Option<(Place, String)> = None;
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Plain(plain) if is_ambiguous(plain) && !is_canonical(plain) => {
                if found.as_ref().is_none_or(|(place, _)| node.place < *place) {
                    found = Some((node.place, format!("`{}` is not the same to every YAML reader", shortened(plain))));
                }
            }
            Value::Plain(_) | Value::Quoted(_) => {}
            Value::List(items) => open.extend(items),
            Value::Map(entries) => open.extend(entries.iter().map(|(_, value)| value)),
        }
    }
    found
}

fn is_canonical(plain: &str) -> bool {
    let digits = plain.strip_prefix('-').unwrap_or(plain);
    let leading = digits == "0" || digits.starts_with("0.") || !digits.starts_with('0');
    let numeric = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_null(plain) || matches!(plain, "true" | "false") || (leading && numeric)
}

fn reworded(error: &serde_saphyr::Error) -> String {
    match error {
        serde_saphyr::Error::SerdeUnknownField { field, expected, .. } => {
            match nearest(field, expected.iter().copied()) {
                Some(word) => format!("unknown key `{field}`; did you mean `{word}`?"),
                None => format!("unknown key `{field}`"),
            }
        }
        serde_saphyr::Error::SerdeMissingField { field, .. } => format!("the key `{field}` is missing"),
        serde_saphyr::Error::QuotingRequired { value, .. } => {
            format!("`{value}` is not text to every reader: quote it")
        }
        other => {
            let text = other.to_string();
            text.lines().next().unwrap_or_default().to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::read;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    struct Sample {
        name: String,
        #[serde(default)]
        max_count: u32,
    }

    fn fault(text: &str) -> (String, u32, u32) {
        let fault = read::<Sample>(text.as_bytes(), "a.yaml").unwrap_err();
        (fault.message, fault.place.line, fault.place.column)
    }

    #[test]
    fn serde_types_are_read_and_their_faults_are_placed_and_reworded() {
        let sample: Sample = read(b"name: a\nmax-count: 3\n", "a.yaml").unwrap();
        assert_eq!((sample.name.as_str(), sample.max_count), ("a", 3));
        assert_eq!(
            fault("name: a\nmax-cuont: 3\n"),
            ("unknown key `max-cuont`; did you mean `max-count`?".into(), 2, 1)
        );
        assert_eq!(fault("max-count: 3\n").0, "the key `name` is missing");
        let (message, line, column) = fault("max-count: 1\nname: no\n");
        assert_eq!((line, column), (2, 7), "{message}");
        assert_eq!(message, "`no` is not the same to every YAML reader");
        let (message, line, column) = fault("max-count: 1\nname: 12\n");
        assert_eq!((line, column), (2, 7), "{message}");
        assert!(message.ends_with("quote it"), "{message}");
        assert_eq!(fault("name: a\nname: b\n").0, "the key `name` stands twice; first on line 1");
    }
}
