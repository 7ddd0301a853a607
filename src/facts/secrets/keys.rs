//! Private keys, signed tokens of sessions, and passwords in addresses.
//!
//! A key that is encrypted is only as good as its passphrase, which may stand in the next file: it is likely a secret,
//! and not surely. A signed token may have ended long ago, and its key may be a sample: likely, too.

/// Lines of Base64, each long but the last one before the end. What stands between them is what programs and documents
/// write there; a word of code between two lines, or behind a key without an end, is no line.
macro_rules! body {
    () => {
        concat!(
            r#"(?:(?P<v>(?:"#,
            between!(),
            r#"[A-Za-z0-9+/=]{16,})+(?:"#,
            between!(),
            r#"[A-Za-z0-9+/=]{1,15}){0,2})"#,
            between!(),
            r#"-----END|(?P<w>(?:"#,
            between!(),
            r#"[A-Za-z0-9+/=]{16,})+))"#
        )
    };
}

macro_rules! between {
    () => {
        r#"(?:\\[nr]|[ \t\r\n"'`+,;>#*|\\]|Proc-Type: 4,ENCRYPTED|DEK-Info: [A-Z0-9,-]+|(?:Version|Comment|Hash|Charset): [^\n\\]*)*"#
    };
}

use super::detector::{Candidate, Detector, Rest, SecretKind};
use super::plausible::{drawn, entropy, is_random};

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "age-key",
        title: "a secret key of age",
        kind: SecretKind::PrivateKey,
        literals: &["AGE-SECRET-KEY-1"],
        shape: r"AGE-SECRET-KEY-1(?P<r>[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})",
        check: drawn,
        ..Detector::TOKEN
    },
    Detector {
        id: "encrypted-private-key",
        title: "an encrypted private key",
        kind: SecretKind::Likely,
        literals: &["PRIVATE KEY-----"],
        back: 32,
        reach: KEY_BYTES,
        shape: PEM,
        rest: Rest::Any,
        check: encrypted_key,
    },
    Detector {
        id: "jwt",
        title: "a signed token of a session (JWT)",
        kind: SecretKind::Likely,
        literals: &["eyJ"],
        reach: 6_144,
        shape: r"eyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,4000}\.(?P<r>[A-Za-z0-9_-]{40,1400})",
        rest: Rest::Dashed,
        check: session,
        ..Detector::TOKEN
    },
    Detector {
        id: "pgp-private-key",
        title: "a private key of PGP",
        kind: SecretKind::PrivateKey,
        literals: &["-----BEGIN PGP PRIVATE KEY BLOCK-----"],
        reach: KEY_BYTES,
        shape: concat!("-----BEGIN PGP PRIVATE KEY BLOCK-----", body!()),
        rest: Rest::Any,
        check: pgp_key,
        ..Detector::TOKEN
    },
    Detector {
        id: "private-key",
        title: "a private key",
        kind: SecretKind::PrivateKey,
        literals: &["PRIVATE KEY-----"],
        back: 32,
        reach: KEY_BYTES,
        shape: PEM,
        rest: Rest::Any,
        check: plain_key,
    },
    Detector {
        id: "url-password",
        title: "a password in an address",
        kind: SecretKind::Likely,
        literals: &["://"],
        back: 12,
        shape: r"[a-zA-Z][a-zA-Z0-9+.-]{1,11}://[A-Za-z0-9._~%+-]{0,64}:(?P<v>[A-Za-z0-9._~!+=-]{10,80})@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}",
        rest: Rest::Any,
        check: password,
        ..Detector::TOKEN
    },
];

/// A key in the form of PEM, over lines, in one line, or in a text of a program with `\n` and quotes.
const PEM: &str = concat!("-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED|ANY) )?PRIVATE KEY-----", body!());

/// Returns the letters of Base64 alone.
fn body(key: &[u8]) -> Vec<u8> {
    // In the text of a program an `n` after a backslash is a line end.
    let mut letters = Vec::with_capacity(key.len());
    let mut bytes = key.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => while bytes.next() == Some(&b'\\') {},
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') => letters.push(*byte),
            _ => {}
        }
    }
    // Between the quotes of a program it adds the lines up.
    let sums = letters.iter().take_while(|letter| **letter == b'+').count();
    letters.split_off(sums)
}

/// Bytes in which a key ends, of PGP with its signatures too.
const KEY_BYTES: usize = 16_384;

/// Fewest letters of a key: an Ed25519 key in its shortest form has 64.
const SHORTEST: usize = 60;

fn says_encrypted(candidate: &Candidate<'_>) -> bool {
    let has = |words: &[u8]| candidate.whole.windows(words.len()).any(|window| window == words);
    // In OpenSSH's own form the name of the key derivation stands near the start, `bcrypt` in Base64.
    has(b"BEGIN ENCRYPTED") || has(b"4,ENCRYPTED") || has(b"YmNyeXB0") || has(b"JjcnlwdA") || has(b"iY3J5cHQ")
}

fn is_key(candidate: &Candidate<'_>) -> bool {
    let letters = body(candidate.value);
    // The first byte of DER, a sequence, and the magic words of OpenSSH.
    let begins = letters.starts_with(b"M") || letters.starts_with(b"b3BlbnNzaC1rZXkt");
    letters.len() >= SHORTEST && begins && entropy(&letters) > 4.0
}

fn plain_key(candidate: &Candidate<'_>) -> bool {
    !says_encrypted(candidate) && is_key(candidate)
}

fn encrypted_key(candidate: &Candidate<'_>) -> bool {
    let value = candidate.value;
    let start = value.windows(4).position(|window| window == b"Info").map_or(0, |at| at);
    let letters = body(value.get(start..).unwrap_or_default());
    says_encrypted(candidate) && letters.len() >= SHORTEST && entropy(&letters) > 4.0
}

fn pgp_key(candidate: &Candidate<'_>) -> bool {
    let letters = body(candidate.value);
    letters.len() >= SHORTEST && entropy(&letters) > 4.5
}

/// The sample of jwt.io, signed with `your-256-bit-secret` and others, is in every tutorial.
const SAMPLES: &[&[u8]] = &[b"eyJzdWIiOiIxMjM0NTY3ODkwI"];

fn session(candidate: &Candidate<'_>) -> bool {
    let sample = |sample: &&[u8]| candidate.whole.windows(sample.len()).any(|window| window == *sample);
    // `{"alg":` and `{"typ":` and `{"kid":`, the ways in which a header begins, in Base64.
    let headers: [&[u8]; 4] = [b"eyJhbGciOi", b"eyJ0eXAiOi", b"eyJraWQiOi", b"eyJ4NXQiOi"];
    let header = headers.iter().any(|header| candidate.whole.starts_with(header));
    header && !SAMPLES.iter().any(sample) && drawn(candidate)
}

/// A password of a person is no text drawn by lot; only those are told that could have been.
fn password(candidate: &Candidate<'_>) -> bool {
    let value = candidate.value;
    let letters = value.iter().any(u8::is_ascii_alphabetic);
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let lower = candidate.whole.to_ascii_lowercase();
    let host = lower.rsplit(|byte| *byte == b'@').next().unwrap_or_default();
    let sample = |name: &[u8]| host.windows(name.len()).any(|window| window == name);
    let samples: [&[u8]; 5] = [b"example", b".test", b".invalid", b".local", b"localhost"];
    letters && digits >= 2 && entropy(value) >= 3.0 && is_random(value) && !samples.iter().any(|name| sample(name))
}
