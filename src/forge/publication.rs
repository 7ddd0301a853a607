//! What is written to a forge, as plain values.
//!
//! Owns the values. Every text in them has been escaped for the place where it goes. Must not render (`reports` does)
//! and must not send.

/// Everything that one run may write; parts that were not asked for are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// Number of the change, or 0 where there is none (a merge queue).
    pub number: u64,
    /// Full id of the commit that status and check stand at.
    pub head: String,
    /// Full id of the commit that the change was compared with, for notes on lines.
    pub base: String,
    /// Commit status.
    pub status: Option<Status>,
    /// Check run with annotations.
    pub check: Option<Check>,
    /// Text of the one comment, in Markdown, without the marker.
    pub comment: Option<String>,
    /// Labels of the gate: all that should be there; other labels of [`LABEL_PREFIX`] are taken away, all else stays.
    pub labels: Option<Vec<String>>,
    /// Who is asked for a review.
    pub reviewers: Option<Reviewers>,
    /// SARIF 2.1.0 as text, and the git reference it belongs to.
    pub sarif: Option<Sarif>,
    /// Notes on changed lines (GitLab discussions).
    pub line_notes: Option<Vec<Annotation>>,
}

/// What the gate's own labels begin with.
pub const LABEL_PREFIX: &str = "portcullis:";

/// Name of the commit status.
pub const STATUS_CONTEXT: &str = "portcullis/review";

/// Name of the check run.
pub const CHECK_NAME: &str = "portcullis/policy";

/// Hidden first line of the one comment; the author is compared too, because anybody can write it.
pub const COMMENT_MARKER: &str = "<!-- portcullis:verdict -->";

/// A commit status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// What it says.
    pub state: StatusState,
    /// One line, at most 140 characters.
    pub description: String,
    /// Where more is said, or empty.
    pub target_url: String,
    /// Whether it only takes back a success: then it is written where one stands, or may stand, and nowhere else.
    pub retracts: bool,
}

/// State of a commit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusState {
    /// People are awaited.
    Pending,
    /// All is met.
    Success,
    /// A rule is violated.
    Failure,
    /// It could not be decided.
    Error,
}

/// A check run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `success`, `failure`, `neutral` or `action_required`.
    pub conclusion: &'static str,
    /// One line.
    pub title: String,
    /// Markdown, at most 65,535 characters.
    pub summary: String,
    /// Notes on lines; sent in batches.
    pub annotations: Vec<Annotation>,
}

/// A note on lines of head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Path on head.
    pub path: String,
    /// Path on base; the same unless renamed.
    pub old_path: String,
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    /// First column, from 1, or 0 for the whole line; only where both lines are the same.
    pub start_column: u32,
    /// Last column, inclusive, or 0.
    pub end_column: u32,
    /// `notice`, `warning` or `failure`.
    pub level: &'static str,
    /// One line, at most 255 characters.
    pub title: String,
    /// The text.
    pub message: String,
    /// Fingerprint of the finding, by which a note is found again.
    pub fingerprint: String,
}

/// Who is asked for a review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviewers {
    /// Logins, sorted.
    pub people: Vec<String>,
    /// Team handles (`organisation/team`), sorted.
    pub teams: Vec<String>,
}

/// A SARIF document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sarif {
    /// The document.
    pub text: String,
    /// `refs/pull/N/head` or `refs/heads/NAME`.
    pub reference: String,
}
