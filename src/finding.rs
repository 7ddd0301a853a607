//! What a rule says about the change: one violation at one primary place.
//!
//! Owns the vocabulary shared by every stage after the facts (`RuleId`, `Severity`, `Status`, `Finding`). Must not
//! decide anything: whether a finding gates is the business of `verdict`.

pub mod draft;

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::untrusted::Untrusted;

/// The stable name of a rule, e.g. `dangerous-calls/python-eval` or `main/deny_latest`.
///
/// Only letters, digits and `-_./:` occur, so an id may be printed anywhere without escaping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct RuleId(String);

impl RuleId {
    /// Returns the id, or the reason why `text` is not one.
    ///
    /// # Errors
    /// When the text is empty, longer than 200 bytes or holds another character than letters, digits and `-_./:`.
    pub fn new(text: impl Into<String>) -> Result<Self, String> {
        let text = text.into();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
        if text.is_empty() || text.len() > 200 || !text.chars().all(plain) {
            return Err("a rule id has 1 to 200 letters, digits, `-`, `_`, `.`, `/` or `:`".to_owned());
        }
        Ok(Self(text))
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RuleId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::new(text)
    }
}

impl From<RuleId> for String {
    fn from(id: RuleId) -> Self {
        id.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How bad a violation is, least first, so that `max` is the worse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth mending.
    Warning,
    /// Must be mended.
    Error,
}

impl Severity {
    /// Returns its word, as configuration and specification write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How far a rule has been rolled out; separate from how bad its violations are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The row stays, the rule does not run.
    Retired,
    /// Not run yet.
    Draft,
    /// Run and recorded, not shown.
    Observe,
    /// Shown, never gating.
    Advisory,
    /// Gates.
    Enforced,
}

impl Status {
    /// Says whether a rule of this status is evaluated at all.
    #[must_use]
    pub fn runs(self) -> bool {
        matches!(self, Self::Observe | Self::Advisory | Self::Enforced)
    }

    /// Returns its word, as configuration and specification write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::Draft => "draft",
            Self::Observe => "observe",
            Self::Advisory => "advisory",
            Self::Enforced => "enforced",
        }
    }
}

/// A place in a text: line and column count from 1, columns in Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

/// Where the rule that made a finding comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A pack inside the binary, or a check of the gate itself.
    Builtin,
    /// A policy of the repository.
    Policy,
    /// An invariant or prohibited pattern of the specification.
    Specification,
    /// Another tool; the path is that of the file that told of it.
    Import,
}

/// The place at which a rule is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Which body of written intent the rule belongs to.
    pub kind: SourceKind,
    /// File of the rule, relative to the folder that `kind` names.
    pub path: Untrusted,
    /// Line of the rule in that file, from 1.
    pub line: u32,
}

/// One violation, at one primary place, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The rule that was violated.
    pub rule: RuleId,
    /// The rule's one-line name.
    pub title: Untrusted,
    /// What is wrong here, as a sentence.
    pub message: Untrusted,
    /// How bad it is.
    pub severity: Severity,
    /// How far the rule has been rolled out.
    pub status: Status,
    /// The file, or null when the finding is about the whole change.
    pub path: Option<Untrusted>,
    /// Where it starts; null when the finding is about the whole change.
    pub start: Option<Position>,
    /// Where it ends, exclusive; null when the finding is about the whole change.
    pub end: Option<Position>,
    /// What to do, or empty.
    pub fix: Untrusted,
    /// Why the rule exists, or empty.
    pub rationale: Untrusted,
    /// Where the rule is written.
    pub source: Source,
    /// The team that answers for the rule, or empty.
    pub owner: Untrusted,
    /// Where to read on: the decision record behind the rule first, then addresses.
    pub links: Vec<Untrusted>,
    /// Other places that belong to it, in the order in which they are best read: the edges of a cycle, the steps of a
    /// chain of imports.
    pub related: Vec<Related>,
    /// 32 hexadecimal digits that survive line moves and rewording.
    pub fingerprint: String,
    /// What the policy said besides, at scope `document`.
    pub metadata: BTreeMap<String, serde_json::Value>,
    /// The waiver that silences this finding, or `exception:` and the package whose `exception` covers it, or null.
    pub waived_by: Option<String>,
}

/// What `waived_by` begins with where a policy's own `exception` covers the finding.
pub const EXCEPTION: &str = "exception:";

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Related {
    /// The file.
    pub path: Untrusted,
    /// Line, from 1.
    pub line: u32,
    /// What stands there, as a phrase.
    pub message: Untrusted,
}

impl Finding {
    /// Says whether a policy's own `exception` covers it.
    #[must_use]
    pub fn is_excepted(&self) -> bool {
        self.waived_by.as_deref().is_some_and(|by| by.starts_with(EXCEPTION))
    }

    /// The order of every list of findings: worst first, then by place and rule.
    #[must_use]
    pub fn order(&self) -> impl Ord + use<> {
        (
            std::cmp::Reverse(self.status),
            std::cmp::Reverse(self.severity),
            self.path.clone(),
            self.start,
            self.end,
            self.rule.clone(),
            self.message.clone(),
            self.fingerprint.clone(),
        )
    }
}

/// What identifies a finding over time: never line numbers, never message text.
#[derive(Clone, Copy, Debug)]
pub struct Fingerprint<'a> {
    /// The rule.
    pub rule: &'a RuleId,
    /// The path; the old one for a pure rename; empty for a finding about the whole change.
    pub path: &'a str,
    /// The qualified symbol, or the text of the place with white space collapsed.
    pub anchor: &'a str,
    /// Which of several equal anchors in this file, from 0.
    pub occurrence: u32,
}

impl Fingerprint<'_> {
    /// Returns the first 32 hexadecimal digits of the SHA-256 over the parts, NUL between them.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for part in [self.rule.as_str(), self.path, self.anchor, &self.occurrence.to_string()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let mut text = hex(&hash.finalize());
        text.truncate(32);
        text
    }
}

/// Returns `bytes` as lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Returns `text` with every run of white space as one blank and none at the ends.
#[must_use]
pub fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
