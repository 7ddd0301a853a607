//! Regular expressions over the text of a file, for languages without a grammar.
//!
//! Owns how an expression is compiled and where its hits stand. The expression comes from the trusted side, the text
//! from the author of the change: the engine is linear, and the clock is looked at between two hits.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use crate::facts::lines::cut;
use crate::facts::side::{Budget, Stop};
use crate::facts::walk::RawMatch;
use crate::facts::{FactChange, Match};

/// Bytes that one compiled expression may take.
const COMPILED_BYTES: usize = 4 << 20;

/// Compiles an expression: `^` and `$` hold at every line, whichever line ending the file has.
///
/// # Errors
/// When it is no such expression, or matches without a character.
pub(crate) fn regex(source: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(source).multi_line(true).crlf(true).size_limit(COMPILED_BYTES).build();
    let regex = built.map_err(|error| last_line(&error.to_string()))?;
    if regex.is_match("") {
        return Err("it matches the empty text, so it would match everywhere".to_owned());
    }
    Ok(regex)
}

/// The engine draws the expression and a caret first; what is wrong stands in its last line.
fn last_line(message: &str) -> String {
    let line = message.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// Where each line of a text starts.
pub(crate) struct LineStarts<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// Column (from 0) of a byte, kept so that hits on one long line do not count from its start each time.
    last: (usize, u32),
}

impl<'t> LineStarts<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at.saturating_add(1))).collect();
        Self { text, starts, last: (0, 0) }
    }

    /// Returns line and column, from 1, of a byte.
    fn place(&mut self, byte: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0);
        let (from, before) = if (start..=byte).contains(&self.last.0) { self.last } else { (start, 0) };
        let count = self.text.get(from..byte).unwrap_or_default().chars().count();
        let column = before.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        self.last = (byte, column);
        (u32::try_from(line).unwrap_or(u32::MAX), column.saturating_add(1))
    }
}

/// Returns every place where an expression matches.
pub(crate) fn hits(
    id: &str,
    regex: &Regex,
    lines: &mut LineStarts<'_>,
    budget: &Budget<'_>,
) -> Result<Vec<RawMatch>, Stop> {
    let named = regex.capture_names().flatten().next().is_some();
    let (mut found, mut at) = (Vec::new(), 0_usize);
    lines.last = (0, 0);
    while let Some(hit) = regex.find_at(lines.text, at) {
        if budget.deadline.passed() {
            return Err(Stop::timeout(budget.limits));
        }
        at = hit.end();
        if hit.is_empty() {
            let next = lines.text.get(at..).and_then(|rest| rest.chars().next());
            let Some(next) = next else { break };
            at = at.saturating_add(next.len_utf8());
            continue;
        }
        if found.len() as u64 > budget.limits.facts_per_file {
            let limit = budget.limits.facts_per_file;
            return Err(Stop::too_large(format!("more than {limit} hits of {id} (limit facts-per-file)")));
        }
        let captures = if named { captures(regex, lines.text, hit.start()) } else { BTreeMap::new() };
        found.push(placed(id, hit, captures, lines));
    }
    Ok(found)
}

fn captures(regex: &Regex, text: &str, start: usize) -> BTreeMap<String, String> {
    let Some(captures) = regex.captures_at(text, start) else { return BTreeMap::new() };
    let names = regex.capture_names().flatten();
    names.filter_map(|name| Some((name.to_owned(), cut(captures.name(name)?.as_str(), 200).to_owned()))).collect()
}

fn placed(id: &str, hit: regex::Match<'_>, captures: BTreeMap<String, String>, lines: &mut LineStarts<'_>) -> RawMatch {
    let (start, column) = lines.place(hit.start());
    // A line ending at the end belongs to the line before it.
    let shown = hit.as_str().trim_end_matches(['\r', '\n']).len();
    let (end, end_column) = lines.place(hit.start().saturating_add(shown));
    let found = Match {
        pattern: id.to_owned(),
        start,
        column,
        end,
        end_column,
        text: cut(hit.as_str(), 500).to_owned(),
        captures,
        change: FactChange::Kept,
    };
    RawMatch { found, range: hit.range() }
}

#[cfg(test)]
mod tests {
    use super::{LineStarts, hits, regex};
    use crate::clock::Deadline;
    use crate::facts::side::Budget;
    use crate::limits::Limits;

    fn places(source: &str, text: &str) -> Vec<(u32, u32, u32, u32)> {
        let limits = Limits::default();
        let budget = Budget { limits: &limits, deadline: Deadline::after_ms(60_000) };
        let found = hits("r", &regex(source).unwrap(), &mut LineStarts::of(text), &budget).unwrap();
        found.into_iter().map(|hit| (hit.found.start, hit.found.column, hit.found.end, hit.found.end_column)).collect()
    }

    #[test]
    fn hits_stand_at_lines_and_columns_of_code_points() {
        assert_eq!(places("b+", "\u{E4}b bb\n\u{1F600}b"), [(1, 2, 1, 3), (1, 4, 1, 6), (2, 2, 2, 3)]);
        assert_eq!(places("^b$", "a\r\nb\r\n"), [(2, 1, 2, 2)]);
        assert_eq!(places("a\\s*\\n", "a\n\n b"), [(1, 1, 1, 2)]);
        assert_eq!(places("(?s)a.b", "a\nb"), [(1, 1, 2, 2)]);
    }

    #[test]
    fn an_expression_without_a_character_or_out_of_bounds_is_refused() {
        assert!(regex("a*").unwrap_err().contains("empty"));
        assert!(regex("(a").unwrap_err().contains("unclosed group"));
        assert!(regex("(?=a)").unwrap_err().contains("look-around"));
        assert!(regex("(\\w{1000}){1000}").unwrap_err().contains("size limit"));
        assert_eq!(places("\\b|a", "xa"), [(1, 2, 1, 3)]);
    }

    #[test]
    fn hits_stop_at_the_limit_and_at_the_deadline() {
        let limits = Limits { facts_per_file: 10, ..Limits::default() };
        let run = |deadline| {
            let budget = Budget { limits: &limits, deadline };
            hits("r", &regex("a").unwrap(), &mut LineStarts::of(&"a".repeat(100)), &budget).unwrap_err().code
        };
        assert_eq!(run(Deadline::after_ms(60_000)), "file-too-large");
        assert_eq!(run(Deadline::after_ms(0)), "file-timeout");
    }
}
