//! What a file of another tool says, before it is held against the change: what the worker hands back.
//!
//! Owns the plain values that both formats become, and which reader a file goes to.

use serde::{Deserialize, Serialize};

use super::uri::Spoken;
use super::{junit, sarif};
use crate::finding::Severity;
use crate::limits::Limits;
use crate::policies::input::ImportKind;

/// Read one file of another tool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportTask {
    /// Its format.
    pub kind: ImportKind,
    /// Its bytes.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

/// What one file says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolReport {
    /// Its runs, in the order of the file.
    pub(super) runs: Vec<ToolRun>,
    /// Why it could not be read; then there are no runs.
    pub(super) fault: Option<String>,
}

/// One run of a tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct ToolRun {
    /// The tool's name as it writes it.
    pub(super) name: String,
    /// Its version, or empty.
    pub(super) version: String,
    /// Commits that it says it looked at.
    pub(super) revisions: Vec<String>,
    /// False when it says that it looked at nothing.
    pub(super) ran: bool,
    /// Why the run is no result, or empty.
    pub(super) failure: String,
    /// What it could not look at.
    pub(super) notices: Vec<Notice>,
    /// Its findings.
    pub(super) results: Vec<ToolResult>,
    /// What it looked at and found in order: passed tests.
    pub(super) passed: u32,
    /// Tests that were not run.
    pub(super) skipped: u32,
}

/// Something that a tool could not do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Notice {
    /// The file, in every way in which its name may be meant; empty when it is about the whole run.
    pub(super) paths: Vec<Spoken>,
    /// What it says.
    pub(super) message: String,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ToolResult {
    /// The tool's own id of the rule.
    pub(super) rule: String,
    /// The rule in one line.
    pub(super) title: String,
    /// What is wrong here.
    pub(super) message: String,
    /// How bad it is.
    pub(super) severity: Severity,
    /// True when the file calls it suppressed.
    pub(super) suppressed: bool,
    /// Where it stands; empty when it is about everything.
    pub(super) places: Vec<Place>,
    /// True for a failed test: it counts wherever its file is.
    pub(super) everywhere: bool,
    /// What identifies it where no line does: the name of the test, or the tool's own fingerprints.
    pub(super) subject: String,
    /// What to do, or empty.
    pub(super) fix: String,
    /// Why the rule exists, or empty.
    pub(super) rationale: String,
    /// Where to read on.
    pub(super) links: Vec<String>,
}

/// A place as a tool writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The file, in every way in which its name may be meant.
    pub(super) paths: Vec<Spoken>,
    /// First line, from 1, or 0 for the whole file.
    pub(super) line: u32,
    /// First column, from 1, or 0.
    pub(super) column: u32,
    /// Last line, or 0.
    pub(super) end_line: u32,
    /// Column after the end, or 0.
    pub(super) end_column: u32,
    /// True when columns count UTF-16 code units, false for code points.
    pub(super) utf16: bool,
}

impl ToolReport {
    /// Returns the answer for a file that could not be read.
    #[must_use]
    pub fn unread(why: impl Into<String>) -> Self {
        Self { runs: Vec::new(), fault: Some(why.into()) }
    }

    /// Returns how many results it holds.
    #[must_use]
    pub fn results(&self) -> usize {
        self.runs.iter().fold(0, |sum, run| sum.saturating_add(run.results.len()))
    }
}

/// Reads the bytes of a file; runs inside the worker.
#[must_use]
pub fn read(task: &ReportTask, limits: &Limits) -> ToolReport {
    let most = usize::try_from(limits.import_results).unwrap_or(usize::MAX);
    let bytes = task.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&task.bytes);
    let read = match std::str::from_utf8(bytes) {
        Err(_) => Err("it is not UTF-8".to_owned()),
        Ok(text) => match task.kind {
            ImportKind::Sarif => sarif::read(text, most),
            ImportKind::Junit => junit::read(text, most),
        },
    };
    match read {
        Ok(runs) => ToolReport { runs, fault: None },
        Err(why) => ToolReport::unread(why),
    }
}

/// The error of a file with more results than the budget.
pub(super) fn too_many(most: usize) -> String {
    format!("it holds more than {most} results")
}

#[cfg(test)]
mod tests {
    use super::{ReportTask, ToolReport, read};
    use crate::limits::Limits;
    use crate::policies::input::ImportKind;

    const SARIF: &str = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t","rules":[{"id":"r"}]}},"results":[{"ruleId":"r","ruleIndex":-7,
        "message":{"text":"{0} [x](1)","arguments":["a"]},"locations":[{"physicalLocation":{"artifactLocation":{"index":99999999},"region":
        {"startLine":-1,"startColumn":4294967296,"endLine":0}}}]}]}]}"#;
    const JUNIT: &str = "<?xml version=\"1.0\"?><testsuites><testsuite name='s' errors='1' failures='-3'><testcase name='&lt;a&#x41;'>\
        <failure message=''><![CDATA[x]]>&amp;</failure></testcase></testsuite></testsuites>";

    fn report(kind: ImportKind, bytes: &[u8]) -> ToolReport {
        read(&ReportTask { kind, bytes: bytes.to_vec() }, &Limits::default())
    }

    #[test]
    fn every_file_that_is_cut_is_a_fault_and_never_a_clean_one() {
        for (kind, text) in [(ImportKind::Sarif, SARIF), (ImportKind::Junit, JUNIT)] {
            let whole = report(kind, text.as_bytes());
            assert_eq!((whole.fault, whole.runs[0].results.len()), (None, 1), "{kind:?}");
            for cut in 0..text.len() {
                assert!(report(kind, &text.as_bytes()[..cut]).fault.is_some(), "{kind:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn every_single_changed_byte_is_read_or_refused() {
        for (kind, text) in [(ImportKind::Sarif, SARIF), (ImportKind::Junit, JUNIT)] {
            for at in 0..text.len() {
                for byte in [0, b'"', b'<', b'&', b'}', 0xff] {
                    let mut bytes = text.as_bytes().to_vec();
                    bytes[at] = byte;
                    let read = report(kind, &bytes);
                    assert!(read.fault.is_none() || read.runs.is_empty());
                }
            }
        }
    }
}
