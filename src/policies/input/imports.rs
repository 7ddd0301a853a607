//! What other tools said of the change, as policies see it: `input.imports[]`.
//!
//! Owns the shape. Must not read files or decide what a result counts for; `imported` does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Severity;

/// A format of other tools' results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportKind {
    /// SARIF 2.1.0.
    #[default]
    Sarif,
    /// JUnit XML.
    Junit,
}

impl ImportKind {
    /// Returns its word, as command line and configuration write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sarif => "sarif",
            Self::Junit => "junit",
        }
    }
}

/// One run of another tool, as a file tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportEntry {
    /// Its id, the first part of its rules' ids: `semgrep`; `junit` for test reports; empty where the file could not be
    /// read.
    pub tool: String,
    /// Its name as it writes it.
    pub name: String,
    /// Its version, or empty.
    pub version: String,
    /// The format.
    pub kind: ImportKind,
    /// The file, as the command line names it.
    pub file: String,
    /// Which run of the file, from 0.
    pub run: u32,
    /// SHA-256 of the file, or empty where it could not be read.
    pub digest: String,
    /// The commit that the tool says it looked at, or empty.
    pub revision: String,
    /// False when it looked at nothing: no result is not no finding.
    pub ran: bool,
    /// True when it ran to its end, on this commit, as far as the file says.
    pub successful: bool,
    /// Why it cannot be relied on, or empty.
    pub problem: String,
    /// Counts.
    pub totals: ImportTotals,
    /// The results that stand on the change, sorted by place and rule.
    pub results: Vec<ImportResult>,
}

/// Counts of one run of another tool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportTotals {
    /// All results that tell of a violation.
    pub results: u32,
    /// Those that stand on the change.
    pub joined: u32,
    /// Those that stand elsewhere, and count for nothing.
    pub elsewhere: u32,
    /// Those that the file calls suppressed; they count like the others.
    pub suppressed: u32,
    /// Tests that passed.
    pub passed: u32,
    /// Tests that were not run.
    pub skipped: u32,
}

/// A result of another tool that stands on the change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ImportResult {
    /// The changed file, or empty when it is about the whole change.
    pub path: String,
    /// First line, from 1, or 0 for the whole file.
    pub line: u32,
    /// First column in code points, from 1, or 0.
    pub column: u32,
    /// Last line, or 0.
    pub end_line: u32,
    /// Column after the end, or 0.
    pub end_column: u32,
    /// Our id of the rule: `semgrep/python.lang.eval`.
    pub rule: String,
    /// The rule in one line.
    pub title: String,
    /// What is wrong here.
    pub message: String,
    /// How bad the tool calls it.
    pub severity: Severity,
    /// True when the file calls it suppressed; it counts like the others.
    pub suppressed: bool,
    /// What identifies it where no line does: the name of a test, or the tool's own fingerprints.
    pub subject: String,
    /// What to do, or empty.
    pub fix: String,
    /// Why the rule exists, or empty.
    pub rationale: String,
    /// Where to read on.
    pub links: Vec<String>,
}
