//! A text -> the same text with its secrets masked.
//!
//! Owns what a mask looks like. It has as many characters as the secret, so that lines and columns stay, and only
//! letters and dashes, so that the text still reads as what it is: a string, a key of a document, a comment.

use std::borrow::Cow;

use super::super::decode::{decode, is_utf16};
use super::scan::{Sight, sights};

/// Letters of one secret that a mask names before it goes on with the filling.
const FILLING: u8 = b'x';

/// Returns the text with every secret masked.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    let sights = sights(text.as_bytes());
    if sights.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(mask_text(text, &sights)) }
}

/// Returns the text with these secrets masked.
#[must_use]
pub fn mask_text(text: &str, sights: &[Sight]) -> String {
    // Shapes are of ASCII letters, so what is masked stays UTF-8.
    String::from_utf8(masked(text.as_bytes(), sights)).unwrap_or_default()
}

/// Returns the bytes of a file with these secrets of its text masked, in the encoding that they were in.
pub(in crate::facts) fn mask_bytes(bytes: &[u8], sights: &[Sight]) -> Vec<u8> {
    if !is_utf16(bytes) {
        return masked(bytes, sights);
    }
    let little = bytes.first() == Some(&0xFF);
    let text = mask_text(&decode(bytes).text, sights);
    let unit = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
}

fn masked(text: &[u8], sights: &[Sight]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for sight in sights {
        let Some(place) = bytes.get_mut(sight.range.clone()) else { continue };
        let mut name = format!("redacted-{}-", sight.detector).into_bytes().into_iter();
        let long = place.len() > name.len();
        // Of a key over many lines the lines stay, and the quotes around them.
        for byte in place.iter_mut().filter(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.".contains(byte)) {
            *byte = name.next().filter(|_| long).unwrap_or(FILLING);
        }
    }
    bytes
}
