//! From commits to lines: how each added line was made.
//!
//! Owns the spans of a file and the choice when lines have to be followed through commits at all.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Attribution, CommitProvenance, Evidence, Strength};
use crate::change::{Change, Hunk, LineOrigin, Repository, attribute};
use crate::limits::Limits;
use crate::untrusted::Untrusted;

/// How a file's added lines were made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileProvenance {
    /// Added lines with evidence of an AI tool.
    pub ai_lines: u32,
    /// Added lines with evidence of a human.
    pub human_lines: u32,
    /// Added lines without evidence.
    pub unknown_lines: u32,
    /// Added lines with evidence, in runs, sorted, without overlaps; added lines in none of them are unknown.
    pub spans: Vec<Span>,
}

/// A run of added lines and how it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// The answer, never `unknown`.
    pub origin: Attribution,
    /// Tool, or empty.
    pub tool: Untrusted,
    /// Model, or empty.
    pub model: Untrusted,
    /// Session, or empty.
    pub session: Untrusted,
    /// Accountable human, or empty.
    pub human: Untrusted,
    /// How strong the evidence is.
    pub strength: Strength,
}

impl FileProvenance {
    /// Says whether a rule that applies to AI covers this line; `unknown_counts_as_ai` is the base configuration's.
    #[must_use]
    pub fn is_ai_or_unknown(&self, line: u32, unknown_counts_as_ai: bool) -> bool {
        let after = self.spans.partition_point(|span| span.start <= line);
        let span = self.spans.get(..after).and_then(<[Span]>::last).filter(|span| line <= span.end);
        match span.map_or(Attribution::Unknown, |span| span.origin) {
            Attribution::Ai => true,
            Attribution::Human => false,
            Attribution::Unknown => unknown_counts_as_ai,
        }
    }
}

/// What the spans of a commit's lines say.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Making {
    tool: Untrusted,
    model: Untrusted,
    session: Untrusted,
    human: Untrusted,
    strength: Strength,
}

impl Making {
    /// Returns what a commit's evidence comes to: the strongest tool, with the model, session and human that any
    /// evidence of the same tool names; none for a commit of unknown making.
    fn of(commit: &CommitProvenance) -> Option<Self> {
        // The list is sorted, strongest first.
        let first = commit.evidence.first().filter(|_| commit.attribution == Attribution::Ai)?;
        let same = || commit.evidence.iter().filter(|other| other.decides() && other.tool == first.tool);
        let word =
            |of: fn(&Evidence) -> &Untrusted| same().map(of).find(|word| !word.is_empty()).cloned().unwrap_or_default();
        let named = word(|evidence| &evidence.human);
        Some(Self {
            tool: first.tool.clone(),
            model: word(|evidence| &evidence.model),
            session: word(|evidence| &evidence.session),
            human: if named.is_empty() { commit.accountable.clone() } else { named },
            strength: first.strength,
        })
    }

    /// Returns what all of them have in common, at the weakest of their strengths.
    fn shared(all: &[&Self]) -> Option<Self> {
        let mut shared = (*all.first()?).clone();
        for other in all {
            let keep = |mine: &mut Untrusted, theirs: &Untrusted| {
                if mine != theirs {
                    *mine = Untrusted::default();
                }
            };
            keep(&mut shared.tool, &other.tool);
            keep(&mut shared.model, &other.model);
            keep(&mut shared.session, &other.session);
            keep(&mut shared.human, &other.human);
            shared.strength = shared.strength.min(other.strength);
        }
        Some(shared)
    }

    fn span(&self, start: u32, end: u32) -> Span {
        Span {
            start,
            end: end.saturating_sub(1),
            origin: Attribution::Ai,
            tool: self.tool.clone(),
            model: self.model.clone(),
            session: self.session.clone(),
            human: self.human.clone(),
            strength: self.strength,
        }
    }
}

/// Returns the provenance of every file with added lines, and one-line notes.
pub(super) fn of_change(
    change: &Change,
    repository: &Repository,
    commits: &[CommitProvenance],
    added: &BTreeMap<&str, &[Hunk]>,
    limits: &Limits,
) -> (BTreeMap<String, FileProvenance>, Vec<String>) {
    let makings: Vec<Option<Making>> = commits.iter().map(Making::of).collect();
    let made: Vec<&Making> = makings.iter().flatten().collect();
    // A line of the change is of one of its commits, so what holds for all commits holds for every line.
    let committed = commits.len() == change.commits.len() && change.commits_complete && change.head_is_commit();
    let rest = if committed && made.len() == makings.len() { Making::shared(&made) } else { None };
    let alike = rest.as_ref().is_some_and(|rest| made.iter().all(|making| *making == rest));
    let mut notes = Vec::new();
    let mut origins = BTreeMap::new();
    if !made.is_empty() && !alike {
        let wanted: BTreeSet<&str> = added.iter().filter(|(_, runs)| lines(runs) > 0).map(|(path, _)| *path).collect();
        let found = attribute(change, repository, &wanted, limits);
        notes.extend(Some(found.note).filter(|note| !note.is_empty()));
        origins = found.files;
    }
    let none = Vec::new();
    let files = added.iter().map(|(path, runs)| {
        let origins = origins.get(*path).unwrap_or(&none);
        ((*path).to_owned(), file(runs, origins, &makings, rest.as_ref()))
    });
    (files.collect(), notes)
}

/// Returns how many lines of the head side the runs hold.
fn lines(runs: &[Hunk]) -> u32 {
    runs.iter().fold(0, |sum, run| sum.saturating_add(run.new_end.saturating_sub(run.new_start)))
}

/// Brings what commits say to the added lines of one file; `rest` holds for lines without a known origin.
fn file(runs: &[Hunk], origins: &[LineOrigin], makings: &[Option<Making>], rest: Option<&Making>) -> FileProvenance {
    let mut spans: Vec<Span> = Vec::new();
    let mut ai = 0_u32;
    let mut put = |making: Option<&Making>, start: u32, end: u32| {
        let Some(making) = making.filter(|_| start < end) else { return };
        ai = ai.saturating_add(end - start);
        let span = making.span(start, end);
        match spans.last_mut() {
            Some(last)
                if last.end + 1 == start
                    && Span { start: last.start, ..span.clone() } == (Span { end: span.end, ..last.clone() }) =>
            {
                last.end = span.end;
            }
            _ => spans.push(span),
        }
    };
    for run in runs {
        let mut at = run.new_start;
        let first = origins.partition_point(|origin| origin.end <= run.new_start);
        let here = origins.get(first..).unwrap_or_default();
        for origin in here.iter().take_while(|origin| origin.start < run.new_end) {
            let (start, end) = (origin.start.max(at), origin.end.min(run.new_end));
            put(rest, at, start);
            put(makings.get(origin.commit).and_then(Option::as_ref), start, end);
            at = end.max(at);
        }
        put(rest, at, run.new_end);
    }
    FileProvenance { ai_lines: ai, human_lines: 0, unknown_lines: lines(runs).saturating_sub(ai), spans }
}

#[cfg(test)]
mod tests;
