//! JSON with comments and trailing commas, as configuration files of TypeScript have it.
//!
//! Owns the way back to plain JSON. Comments become blanks, so that positions hold; strings are left alone.

use serde_json::Value;

/// Parses JSON with comments and trailing commas.
///
/// # Errors
/// With what the parser says.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(_) => serde_json::from_slice(&plain(text.as_bytes())).map_err(|error| error.to_string()),
    }
}

/// Blanks out comments and commas before a closing bracket.
fn plain(text: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    let mut blank = |at: usize| {
        if let Some(byte) = out.get_mut(at).filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
    };
    // The last comma that nothing but blanks and comments follow.
    let mut comma = None;
    let mut at = 0;
    while let Some(byte) = text.get(at).copied() {
        match (byte, text.get(at + 1).copied()) {
            (b'"', _) => {
                comma = None;
                at += 1;
                while let Some(inner) = text.get(at).copied().filter(|inner| *inner != b'"') {
                    at += if inner == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            (b'/', Some(b'/')) => {
                while text.get(at).is_some_and(|inner| *inner != b'\n') {
                    blank(at);
                    at += 1;
                }
            }
            (b'/', Some(b'*')) => {
                let rest = text.get(at + 2..).unwrap_or_default();
                let length = rest.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |end| end + 2);
                (at..at + 2 + length).for_each(&mut blank);
                at += 2 + length;
            }
            (b'}' | b']', _) => {
                if let Some(comma) = comma.take() {
                    blank(comma);
                }
                at += 1;
            }
            _ => {
                match byte {
                    b',' => comma = Some(at),
                    b' ' | b'\t' | b'\r' | b'\n' => {}
                    _ => comma = None,
                }
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn comments_and_trailing_commas_go_and_strings_stay() {
        let text = "\u{FEFF}{ // one\n \"a\": \"x // y, }\", /* , */ \"b\": [1, 2, /* three */ ], }";
        let value = parse(text).unwrap();
        assert_eq!(value, serde_json::json!({"a": "x // y, }", "b": [1, 2]}));
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for text in ["{", "{\"a\" 1}", "/* never ends", "\"\\", "[1,,]", ""] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
