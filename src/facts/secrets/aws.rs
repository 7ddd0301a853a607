//! Keys of Amazon Web Services: the id says whose key it is, the secret stands beside it without a shape of its own.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::detector::{Candidate, Detector, Rest, SecretKind};
use super::plausible::{drawn, entropy, is_mixed, is_random};
use super::scan::{Sight, compile};

/// Bytes on each side of an id in which its secret is looked for.
const NEAR: usize = 240;

/// Bits a letter that forty letters of Base64, drawn by lot, surely have; hexadecimal digests have at most four.
const LEAST_ENTROPY: f64 = 4.2;

pub(super) const DETECTORS: &[Detector] = &[
    Detector {
        id: "aws-access-key",
        title: "the id of an AWS access key",
        kind: SecretKind::Likely,
        literals: &["ABIA", "ACCA", "AKIA", "ASIA"],
        shape: r"A(?:BI|CC|KI|SI)A(?P<r>[A-Z2-7]{16})",
        check: drawn,
        ..Detector::TOKEN
    },
    SECRET,
];

const SECRET: Detector = Detector {
    id: "aws-secret-key",
    title: "an AWS secret access key",
    literals: &[
        "AWS_SECRET_ACCESS_KEY",
        "SecretAccessKey",
        "aws_secret_access_key",
        "secretAccessKey",
        "secret_access_key",
    ],
    back: 0,
    shape: r#"(?:AWS_SECRET_ACCESS_KEY|[Ss]ecretAccessKey|(?:aws_)?secret_access_key)\\?["']?[ \t]*(?:=|:|=>|,)[ \t]*\\?["']?(?P<v>[A-Za-z0-9/+]{40})"#,
    rest: Rest::Base64,
    check: secret,
    ..Detector::TOKEN
};

fn secret(candidate: &Candidate<'_>) -> bool {
    could_be_secret(candidate.value)
}

fn could_be_secret(letters: &[u8]) -> bool {
    is_mixed(letters) && entropy(letters) >= LEAST_ENTROPY && is_random(letters)
}

static FORTY: LazyLock<Option<Regex>> = LazyLock::new(|| compile(r"[A-Za-z0-9/+]{40,}"));

/// Returns the secrets that stand beside ids.
pub(super) fn beside(text: &[u8], found: &[Sight]) -> Vec<Sight> {
    let Some(forty) = FORTY.as_ref() else { return Vec::new() };
    let ids = found.iter().filter(|sight| sight.detector == "aws-access-key");
    ids.flat_map(|id| near(text, &id.range, forty)).collect()
}

fn near(text: &[u8], id: &Range<usize>, forty: &Regex) -> Vec<Sight> {
    let from = id.start.saturating_sub(NEAR);
    let window = text.get(from..id.end.saturating_add(NEAR).min(text.len())).unwrap_or_default();
    let runs = forty.find_iter(window).filter(|run| run.len() == 40);
    // A run at the border of the window may be longer than it looks.
    let inside = |at: usize| at > 0 || from == 0;
    let ends = |at: usize| window.get(at).is_none_or(|byte| !b"=_-".contains(byte));
    let starts = |at: usize| at.checked_sub(1).and_then(|at| window.get(at)).is_none_or(|byte| !b"_-".contains(byte));
    let fits = |run: &regex::bytes::Match<'_>| {
        let whole = inside(run.start()) && (run.end() < window.len() || from + run.end() == text.len());
        whole && starts(run.start()) && ends(run.end()) && could_be_secret(run.as_bytes())
    };
    let place = |run: regex::bytes::Match<'_>| from.saturating_add(run.start())..from.saturating_add(run.end());
    runs.filter(fits).map(|run| Sight::of(&SECRET, place(run))).collect()
}
