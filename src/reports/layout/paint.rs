//! The only place where escape sequences are made, and only when the style allows colours.

use crate::finding::Severity;
use crate::verdict::Verdict;

/// A meaning that has a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::reports) enum Ink {
    Bad,
    Careful,
    Good,
    Known,
    Strong,
    Quiet,
}

impl Ink {
    pub(in crate::reports) fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Bad,
            Severity::Warning => Self::Careful,
            Severity::Info => Self::Known,
        }
    }

    pub(in crate::reports) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Good,
            Verdict::Review => Self::Careful,
            Verdict::Fail | Verdict::Undecided => Self::Bad,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Bad => "1;31",
            Self::Careful => "1;33",
            Self::Good => "1;32",
            Self::Known => "1;36",
            Self::Strong => "1",
            Self::Quiet => "2",
        }
    }
}

/// Colours or does not.
#[derive(Clone, Copy, Debug)]
pub(in crate::reports) struct Paint(pub(in crate::reports) bool);

impl Paint {
    /// Returns `text`, which must be escaped already, in that ink.
    pub(in crate::reports) fn ink(self, ink: Ink, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\x1b[{}m{text}\x1b[0m", ink.code()) } else { text.to_owned() }
    }
}
