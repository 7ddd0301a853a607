//! What a detector is, and the table of all of them.
//!
//! Owns the form of a row. One family of providers is one file, and one line in `FAMILIES`; tests hold the list against
//! the folder.

use super::{aws, cloud, commerce, forges, keys, messaging, models, platforms, registries};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How sure a detector is, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// A token in the published shape of its provider.
    Token,
    /// A private key without a passphrase.
    PrivateKey,
    /// It reads like one, and may be public by intent, expired or protected.
    Likely,
}

/// One kind of secret.
pub(super) struct Detector {
    /// Stable kebab-case name.
    pub(super) id: &'static str,
    /// What it is, for people, with its article: `a GitHub token`.
    pub(super) title: &'static str,
    /// How sure it is.
    pub(super) kind: SecretKind,
    /// What every text with such a secret holds, letter for letter. A file without any is not looked at again.
    pub(super) literals: &'static [&'static str],
    /// How many bytes before the literal the shape may begin.
    pub(super) back: usize,
    /// How many bytes after the literal it may go on.
    pub(super) reach: usize,
    /// A regular expression over bytes. The group `v` is the secret where it is not all of the match, `r` the part that
    /// was drawn by lot.
    pub(super) shape: &'static str,
    /// What may not follow, because the secret would then be longer than its shape.
    pub(super) rest: Rest,
    /// What the shape cannot say: checksums, known samples, and whether the lot could have fallen so.
    pub(super) check: fn(&Candidate<'_>) -> bool,
}

/// What may not stand directly after a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// A letter, a digit or `_`.
    Word,
    /// The same, or `-`.
    Dashed,
    /// A letter, a digit, or `+`, `/`, `=`.
    Base64,
    /// Anything may follow: the shape has an end of its own.
    Any,
}

/// Bytes that have the shape.
pub(super) struct Candidate<'t> {
    /// All of the match.
    pub(super) whole: &'t [u8],
    /// The secret itself.
    pub(super) value: &'t [u8],
    /// The part that was drawn by lot.
    pub(super) random: &'t [u8],
}

impl Detector {
    /// The row that others begin with: a token after a literal, drawn by lot.
    pub(super) const TOKEN: Self = Self {
        id: "",
        title: "",
        kind: SecretKind::Token,
        literals: &[],
        back: 0,
        reach: 512,
        shape: "",
        rest: Rest::Word,
        check: super::plausible::drawn,
    };
}

/// All families, sorted by the name of their file.
pub(super) const FAMILIES: &[(&str, &[Detector])] = &[
    ("aws", aws::DETECTORS),
    ("cloud", cloud::DETECTORS),
    ("commerce", commerce::DETECTORS),
    ("forges", forges::DETECTORS),
    ("keys", keys::DETECTORS),
    ("messaging", messaging::DETECTORS),
    ("models", models::DETECTORS),
    ("platforms", platforms::DETECTORS),
    ("registries", registries::DETECTORS),
];

/// Returns every detector, in the order of the table.
pub(super) fn detectors() -> impl Iterator<Item = &'static Detector> {
    FAMILIES.iter().flat_map(|(_, rows)| rows.iter())
}
