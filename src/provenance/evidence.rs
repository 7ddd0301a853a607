//! What says how a commit was made, and how much that is worth.
//!
//! Owns the words of the input document for evidence, its strength and the three answers. Pure values; must not look
//! for evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::untrusted::Untrusted;

/// Longest text from outside that one piece of evidence keeps, in characters.
const LONGEST: usize = 200;

/// Where a mark stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// A `Key: value` line of the message's last paragraph.
    Trailer,
    /// An address: of a co-author, the author or the committer.
    CoauthorEmail,
    /// The account on the forge.
    AuthorLogin,
    /// The committer's name or address.
    Committer,
    /// The author's name.
    AuthorName,
    /// The name of the head branch.
    BranchPrefix,
    /// The start of the subject.
    MessagePrefix,
    /// A line of the message's body.
    MessageSuffix,
    /// The text of the pull request.
    PrBody,
}

impl MarkKind {
    /// Names the kind for people, to stand after "by".
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Trailer => "trailer",
            Self::CoauthorEmail => "address",
            Self::AuthorLogin => "account",
            Self::Committer => "committer",
            Self::AuthorName => "author name",
            Self::BranchPrefix => "branch name",
            Self::MessagePrefix => "subject",
            Self::MessageSuffix => "message",
            Self::PrBody => "description",
        }
    }
}

/// Who made the mark, and what it claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The tool wrote the change and says so.
    Agent,
    /// The tool wrote a link or id of its session.
    Session,
    /// A person accepted a suggestion.
    Assist,
    /// A person states the use of a tool.
    Declared,
    /// Never enough alone.
    Hint,
}

/// How sure the mark is to come from that tool, by what was seen in public histories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Listed somewhere, hardly seen.
    Low,
    /// Seen, with doubt.
    Medium,
    /// Seen often, or written by the tool's own source.
    High,
}

/// What the evidence is tied to; stronger is greater. Everything here is the author's to write: strength orders
/// claims, it does not prove them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// A hint: decides nothing.
    Hint,
    /// A person's statement.
    Declared,
    /// Accepted suggestions somewhere in the commit.
    Assist,
    /// A mark on the change as a whole.
    Change,
    /// A mark on the commit.
    Commit,
    /// A record of the lines.
    Line,
}

/// The three answers to "did an AI tool write this?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Attribution {
    /// There is evidence of an AI tool.
    Ai,
    /// A record that counts says that a human wrote it; nothing that is read today gives this answer.
    Human,
    /// There is no evidence.
    Unknown,
}

/// One piece of evidence about one commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// How strong it is.
    pub strength: Strength,
    /// How sure the mark is to come from that tool.
    pub confidence: Confidence,
    /// What the mark claims.
    pub class: Class,
    /// Where the mark stands.
    pub kind: MarkKind,
    /// Which reader found it: the name of its file under `sources/`.
    pub source: String,
    /// The tool: an id of the catalogue, or what the mark says; or empty.
    pub tool: Untrusted,
    /// Who makes the tool, or empty.
    pub vendor: String,
    /// The model, or empty.
    pub model: Untrusted,
    /// The session, or empty.
    pub session: Untrusted,
    /// The human that the mark names, or empty.
    pub human: Untrusted,
    /// The mark itself.
    pub detail: Untrusted,
}

impl Evidence {
    /// Says whether this alone makes the answer `ai`.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.strength > Strength::Hint
    }
}

impl Class {
    /// Returns the strength of a mark of this class that stands on a commit, or else on the change as a whole.
    #[must_use]
    pub fn strength(self, on_commit: bool) -> Strength {
        match self {
            Self::Agent | Self::Session if on_commit => Strength::Commit,
            Self::Agent | Self::Session => Strength::Change,
            Self::Assist => Strength::Assist,
            Self::Declared => Strength::Declared,
            Self::Hint => Strength::Hint,
        }
    }
}

/// Keeps so much of a text from outside as one piece of evidence may.
pub(super) fn kept(text: &str) -> Untrusted {
    Untrusted::new(text.trim().chars().take(LONGEST).collect::<String>())
}

/// Answers for one commit: any evidence that is more than a hint makes it `ai`, whatever else is claimed.
///
/// SAFETY-OF-GATE: no claim of human work is read here, so none can outweigh evidence or stand for its absence.
#[must_use]
pub fn attribution(evidence: &[Evidence]) -> Attribution {
    if evidence.iter().any(Evidence::decides) { Attribution::Ai } else { Attribution::Unknown }
}
