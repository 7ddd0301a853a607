//! A text -> the same text with its secrets masked.
//!
//! Owns what a mask looks like. It has as many characters as the secret, so that lines and columns stay, and only
//! letters and dashes, so that the text still reads as what it is: a string, a key of a document, a comment.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use super::super::decode::{decode, is_utf16};
use super::scan::{Sight, sights};
use crate::finding::hex;

/// What a mask is filled with behind its name.
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
        if let Some(place) = bytes.get_mut(sight.range.clone()) {
            cover(place, sight.detector);
        }
    }
    bytes
}

/// Covers a secret. Of a key over many lines the lines stay, and what a program writes between them: quotes, escapes of
/// line ends, signs of sums.
fn cover(place: &mut [u8], detector: &str) {
    let name = format!("redacted-{detector}-{}-", mark(place)).into_bytes();
    let mut name = name.iter().copied().filter(|_| place.len() > name.len()).collect::<Vec<_>>().into_iter();
    let mut at = 0;
    while let Some(first) = place.get(at).copied() {
        let rest = place.get_mut(at..).unwrap_or_default();
        if first == b'\\' {
            let signs = rest.iter().take_while(|byte| **byte == b'\\').count();
            at = at.saturating_add(signs).saturating_add(1);
            continue;
        }
        let length = rest.iter().take_while(|byte| is_of_secret(**byte)).count();
        let run = rest.get_mut(..length).unwrap_or_default();
        if !run.iter().all(|byte| *byte == b'+') {
            run.fill_with(|| name.next().unwrap_or(FILLING));
        }
        at = at.saturating_add(length.max(1));
    }
}

/// Tells two secrets apart that stand in the same line one after the other: a waiver of a sample must not cover what
/// comes in its place. Sixteen bits say nothing about a value.
fn mark(value: &[u8]) -> String {
    let digest = Sha256::digest(value);
    hex(digest.get(..2).unwrap_or_default())
}

fn is_of_secret(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-.~!$:@".contains(&byte)
}
