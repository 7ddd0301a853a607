//! Bytes to text: encodings, with line numbers kept.
//!
//! Owns the decision how the bytes of a side are read. Must not decide whether that is allowed: `preflight` says so.

/// The text of one side and how it was encoded.
pub(crate) struct Source {
    /// The text, without a byte order mark at its start.
    pub(crate) text: String,
    /// How the bytes were read.
    pub(crate) encoding: Encoding,
    /// Lines and columns of bytes that are not UTF-8, the first of each line.
    pub(crate) bad: Vec<(u32, u32, u8)>,
}

/// How bytes were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8; bad bytes were read as Latin-1 letters or as U+FFFD.
    Utf8,
    /// UTF-16 with a byte order mark, little endian.
    Utf16Le,
    /// UTF-16 with a byte order mark, big endian.
    Utf16Be,
}

/// Says whether the bytes begin with the byte order mark of UTF-16.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    // The mark of UTF-32 little endian begins like that of UTF-16; it is not decoded.
    !bytes.starts_with(&[0xFF, 0xFE, 0, 0]) && (bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]))
}

/// Decodes one side.
pub(crate) fn decode(bytes: &[u8]) -> Source {
    if is_utf16(bytes) {
        return utf16(bytes);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Source { text: text.to_owned(), encoding: Encoding::Utf8, bad: Vec::new() },
        Err(_) => mixed(bytes),
    }
}

/// Returns the text of a file as the facts' lines and columns count in it.
#[must_use]
pub fn source_text(bytes: &[u8]) -> String {
    decode(bytes).text
}

fn utf16(bytes: &[u8]) -> Source {
    let little = bytes.first() == Some(&0xFF);
    let units = bytes.get(2..).unwrap_or_default().chunks(2).map(|pair| match (pair.first(), pair.get(1)) {
        (Some(a), Some(b)) if little => u16::from_le_bytes([*a, *b]),
        (Some(a), Some(b)) => u16::from_be_bytes([*a, *b]),
        // Half a unit at the end.
        _ => 0xFFFD,
    });
    let text = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    let encoding = if little { Encoding::Utf16Le } else { Encoding::Utf16Be };
    Source { text, encoding, bad: Vec::new() }
}

/// Reads what is UTF-8 as such and every other byte as one character, so that no line is lost.
fn mixed(bytes: &[u8]) -> Source {
    let mut text = String::with_capacity(bytes.len());
    let mut bad = Vec::new();
    let (mut line, mut column, mut bad_line) = (1_u32, 1_u32, 0_u32);
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter == '\n' {
                line = line.saturating_add(1);
                column = 1;
            } else {
                column = column.saturating_add(1);
            }
        }
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            if bad_line != line {
                bad.push((line, column, *byte));
                bad_line = line;
            }
            // Letters keep identifiers whole; the other bytes are controls or marks in some encoding or other.
            text.push(if *byte >= 0xC0 { char::from(*byte) } else { char::REPLACEMENT_CHARACTER });
            column = column.saturating_add(1);
        }
    }
    Source { text, encoding: Encoding::Utf8, bad }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_bytes_keep_lines_and_become_latin_1() {
        let source = decode(b"a\n\xE9t\xE9 = 1\n\xC3\xA9\n");
        assert_eq!(source.text, "a\n\u{E9}t\u{E9} = 1\n\u{E9}\n");
        assert_eq!(source.bad, vec![(2, 1, 0xE9)]);
        assert_eq!(decode(b"\x80\xAD").text, "\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn utf_16_with_a_mark_is_decoded_and_utf_32_is_not() {
        assert_eq!(decode(b"\xFF\xFEa\0\n\0b\0").text, "a\nb");
        assert_eq!(decode(b"\xFE\xFF\0a\0\n\0").text, "a\n\u{FFFD}");
        assert!(!is_utf16(b"\xFF\xFE\0\0a\0\0\0"));
    }
}
