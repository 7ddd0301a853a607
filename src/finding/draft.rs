//! Findings before they are numbered: where each stands, and what identifies it over time.
//!
//! Owns places, snippets and the counting of equal anchors. Must not weigh a finding.

use std::collections::BTreeMap;

use super::{Finding, Fingerprint, Position, collapse};

/// Gives the head text of a changed file (the base text of a deleted one) by its path.
pub type Texts<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A finding and whether its rule is one that gates.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// False for `warn` rules.
    pub gates: bool,
}

/// A finding before its fingerprint is known: the fingerprint counts equal anchors of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The finding, its fingerprint still empty.
    pub judged: Judged,
    /// The path that identifies it: the old one for a pure rename.
    pub fingerprint_path: String,
    /// The element or normalised snippet that identifies it.
    pub anchor: String,
}

/// Where a result stands, and the text there with white space collapsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Where it starts.
    pub start: Position,
    /// Where it ends, exclusive.
    pub end: Position,
    /// The text there, white space collapsed.
    pub snippet: String,
}

impl Spot {
    /// Returns the spot of (line, column, last line, column after the end); 0 where one is not known.
    ///
    /// Without a line the spot is the whole file: line 1, no width, no text.
    #[must_use]
    pub fn of((line, column, end_line, end_column): (u32, u32, u32, u32), text: Option<&str>) -> Self {
        let top = Position { line: 1, column: 1 };
        if line == 0 {
            return Self { start: top, end: top, snippet: String::new() };
        }
        let last = end_line.max(line);
        let row = |number: u32| text.and_then(|text| text.split('\n').nth(number as usize - 1)).unwrap_or("");
        let (first_row, last_row) = (row(line), row(last));
        let indent = first_row.chars().take_while(|c| c.is_whitespace()).count();
        let start_column = if column == 0 { count(indent) + 1 } else { column };
        let width = count(last_row.trim_end().chars().count());
        let end_column = if end_column == 0 { width + 1 } else { end_column };
        let floor = if last == line { start_column } else { 1 };
        let start = Position { line, column: start_column };
        let end = Position { line: last, column: end_column.max(floor) };
        Self { start, end, snippet: text.map(|text| snippet(text, start, end)).unwrap_or_default() }
    }
}

/// Returns the text between two positions, white space collapsed, at most 2,000 characters.
fn snippet(text: &str, start: Position, end: Position) -> String {
    let mut lines = text.split('\n').skip(start.line as usize - 1);
    let mut cut = String::new();
    for number in start.line..=end.line {
        let Some(line) = lines.next() else { break };
        let from = if number == start.line { start.column as usize - 1 } else { 0 };
        let to = if number == end.line { end.column as usize - 1 } else { usize::MAX };
        cut.extend(line.chars().take(to).skip(from));
        cut.push('\n');
        if cut.len() > 8_000 {
            break;
        }
    }
    collapse(&cut).chars().take(2_000).collect()
}

fn count(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// Sorts the findings and gives each the digest that counts equal anchors of one rule and file in order of place.
#[must_use]
pub fn fingerprinted(mut drafts: Vec<Draft>) -> Vec<Judged> {
    drafts.sort_by(|a, b| {
        let key = |draft: &Draft| {
            let finding = &draft.judged.finding;
            (finding.path.clone(), finding.start, finding.end, finding.rule.clone(), finding.message.clone())
        };
        key(a).cmp(&key(b))
    });
    drafts.dedup_by(|a, b| a.judged == b.judged && a.anchor == b.anchor);
    let mut occurrences: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    let mut judged: Vec<Judged> = drafts
        .into_iter()
        .map(|Draft { mut judged, fingerprint_path, anchor }| {
            let key = (judged.finding.rule.as_str().to_owned(), fingerprint_path, anchor);
            let next = occurrences.entry(key.clone()).or_insert(0);
            let parts = Fingerprint { rule: &judged.finding.rule, path: &key.1, anchor: &key.2, occurrence: *next };
            judged.finding.fingerprint = parts.digest();
            *next += 1;
            judged
        })
        .collect();
    judged.sort_by_cached_key(|judged| judged.finding.order());
    judged
}
