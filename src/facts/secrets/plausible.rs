//! Whether letters could have been drawn by lot: samples, placeholders and words were not.
//!
//! Owns these tests. Each is written so that a real secret fails it less than once in ten thousand.

use super::detector::Candidate;

/// Words that stand in what is not meant to be a secret, in lower case; long enough not to come by chance.
const WORDS: &[&str] = &[
    "changeme",
    "dummy",
    "example",
    "fake",
    "foobar",
    "insert",
    "invalid",
    "mysecret",
    "password",
    "placeholder",
    "redacted",
    "replace",
    "sample",
    "secret",
    "sometoken",
    "testtest",
    "thisis",
    "token",
    "xxxx",
    "your",
];

/// Longest run of one letter, and of letters one after the other as in `abcdef`, that chance is believed to make.
const RUN: usize = 5;

/// Says whether the random part was drawn by lot.
pub(super) fn drawn(candidate: &Candidate<'_>) -> bool {
    is_random(candidate.random)
}

/// Like `drawn`, and the last six letters are the checksum of the rest.
pub(super) fn drawn_and_checked(candidate: &Candidate<'_>) -> bool {
    super::checksum::fits(candidate.random) && is_random(candidate.random)
}

/// Like `drawn`, and it has small letters, capitals and digits.
pub(super) fn drawn_and_mixed(candidate: &Candidate<'_>) -> bool {
    is_mixed(candidate.random) && is_random(candidate.random)
}

/// Says whether letters could have been drawn by lot.
pub(super) fn is_random(letters: &[u8]) -> bool {
    let lower = letters.to_ascii_lowercase();
    let says = |word: &&str| lower.windows(word.len()).any(|window| window == word.as_bytes());
    entropy(letters) >= least_entropy(letters) && !runs(&lower) && !repeats(&lower) && !WORDS.iter().any(says)
}

/// Says whether small letters, capitals and digits all occur.
pub(super) fn is_mixed(letters: &[u8]) -> bool {
    let has = |class: fn(&u8) -> bool| letters.iter().any(class);
    has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
}

/// Returns the entropy that so many letters of such an alphabet surely have: hexadecimal digits have at most 4 bits.
fn least_entropy(letters: &[u8]) -> f64 {
    let hexadecimal = letters.iter().all(|byte| byte.is_ascii_hexdigit());
    match (hexadecimal, letters.len()) {
        (_, ..=15) => 2.5,
        (true, 16..=31) => 2.6,
        (true, _) => 3.0,
        (false, 16..=23) => 3.0,
        (false, _) => 3.5,
    }
}

/// Returns the Shannon entropy of a letter, in bits.
pub(super) fn entropy(letters: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for letter in letters {
        if let Some(count) = counts.get_mut(usize::from(*letter)) {
            *count = count.saturating_add(1);
        }
    }
    let all = f64::from(u32::try_from(letters.len()).unwrap_or(u32::MAX));
    let share = |count: &u32| f64::from(*count) / all;
    counts.iter().filter(|count| **count > 0).map(|count| -share(count) * share(count).log2()).sum()
}

/// Says whether a letter stands many times in a row, or many follow each other as in `abcdef`, `987654` or `qwerty`.
fn runs(letters: &[u8]) -> bool {
    let (mut same, mut up, mut down) = (0_usize, 0_usize, 0_usize);
    for pair in letters.windows(2) {
        let (Some(a), Some(b)) = (pair.first(), pair.last()) else { continue };
        let next = |hit: bool, run: usize| if hit { run.saturating_add(1) } else { 0 };
        same = next(a == b, same);
        up = next(a.checked_add(1) == Some(*b) || (*a == b'9' && matches!(b, b'0' | b'a')), up);
        down = next(b.checked_add(1) == Some(*a), down);
        if same.max(up).max(down) >= RUN {
            return true;
        }
    }
    letters.windows(6).any(|window| window == b"qwerty")
}

/// Says whether the second half says the first again, or a short piece is all there is.
fn repeats(letters: &[u8]) -> bool {
    let (first, second) = letters.split_at(letters.len() / 2);
    let half = letters.len() >= 12 && first == second.get(..first.len()).unwrap_or_default();
    let period =
        |size: &usize| letters.len() >= size * 3 && letters.iter().zip(letters.iter().skip(*size)).all(|(a, b)| a == b);
    half || (1..=10).any(|size| period(&size))
}

#[cfg(test)]
mod tests {
    use super::{is_mixed, is_random};

    #[test]
    fn what_was_drawn_by_lot_passes() {
        for text in ["Zk3mQ9vT1xBn7RwL5cYd2HsPfJ8gKa", "9f3b1c7ad20e54886bfc01d7e3a94b52", "q8Xv2LmN0pRt5WzY7bKd"] {
            assert!(is_random(text.as_bytes()), "{text}");
        }
        assert!(is_mixed(b"aB3") && !is_mixed(b"ab3"));
    }

    #[test]
    fn samples_and_placeholders_do_not() {
        for text in [
            "xxxxxxxxxxxxxxxxxxxxxxxx",
            "IOSFODNN7EXAMPLE",
            "1234567890abcdef1234567890abcdef",
            "deadbeefdeadbeefdeadbeefdeadbeef",
            "YourTokenGoesHere1234",
            "00000000000000000000000000000000",
            "abcdefghijklmnopqrstuvwxyz",
            "Zk3mQ9vT1xBn7RwZk3mQ9vT1xBn7Rw",
            "abcabcabcabcabcabcabc",
        ] {
            assert!(!is_random(text.as_bytes()), "{text}");
        }
    }
}
