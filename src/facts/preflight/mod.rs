//! What makes a text read otherwise than it runs, found before and beside parsing.
//!
//! Owns the checks that hold for every text file. Must not judge: a policy says which of them matter where.

mod characters;
mod identifiers;

use super::decode::{Encoding, Source};
use super::languages::Language;
use super::lines::ChangedLines;
use super::{FactChange, Hidden};
pub(crate) use identifiers::{Identifier, identifiers};

/// A place that deceives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Suspect {
    /// Line from 1; 0 when it concerns the whole file.
    pub(crate) line: u32,
    /// Column in code points from 1.
    pub(crate) column: u32,
    /// Kind as `Hidden` has it.
    pub(crate) kind: &'static str,
    /// What it is, in ASCII.
    pub(crate) detail: String,
}

/// Returns what deceives in the bytes and the text of one side; the search ends soon after `limit` places.
pub(crate) fn suspects(
    source: &Source,
    bytes: &[u8],
    language: Option<&'static Language>,
    limit: usize,
) -> Vec<Suspect> {
    let mut found = Vec::new();
    if source.encoding == Encoding::Utf8 {
        let bad = source.bad.iter().map(|(line, column, byte)| Suspect {
            line: *line,
            column: *column,
            kind: "encoding",
            detail: format!("byte 0x{byte:02X} is not UTF-8"),
        });
        // Prose and data in an older encoding deceive nobody; code is read by a compiler.
        found.extend(bad.filter(|_| language.is_some()));
    } else if language.is_some() {
        let detail = if source.encoding == Encoding::Utf16Le { "utf-16le" } else { "utf-16be" };
        found.push(Suspect { line: 0, column: 1, kind: "encoding", detail: detail.to_owned() });
    }
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) && language.is_some() {
        found.push(Suspect { line: 0, column: 1, kind: "encoding", detail: "utf-32le".to_owned() });
    }
    characters::scan(&source.text, limit, &mut found);
    if let Some(language) = language {
        found.extend((language.preflight)(&source.text));
    }
    found.sort();
    found.dedup();
    found
}

/// Says of each suspect whether it stands on a changed line.
pub(crate) fn hidden(suspects: Vec<Suspect>, lines: &ChangedLines, encoding_changed: bool) -> Vec<Hidden> {
    let finished = |suspect: Suspect| {
        let whole = suspect.line == 0;
        let line = suspect.line.max(1);
        let added = if whole { encoding_changed || lines.holds(line) } else { lines.holds(line) };
        Hidden {
            kind: suspect.kind.to_owned(),
            line,
            column: suspect.column,
            detail: suspect.detail,
            change: if added { FactChange::Added } else { FactChange::Kept },
        }
    };
    let mut found: Vec<Hidden> = suspects.into_iter().map(finished).collect();
    found.sort_by(|a, b| (a.line, a.column, &a.kind, &a.detail).cmp(&(b.line, b.column, &b.kind, &b.detail)));
    found
}
