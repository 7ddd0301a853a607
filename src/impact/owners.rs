//! CODEOWNERS: who answers for a path.
//!
//! Owns the two dialects (GitHub, GitLab), which line wins, and the places in which the forges look. A line that
//! cannot be read names nobody and takes nothing away from the other lines; it is counted. Must not know who may
//! approve.

mod line;
mod pattern;

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobSet;

use self::line::{Entry, Line};

/// Where the forges look, the first that exists counts: GitHub's order, then what only GitLab knows.
pub const PLACES: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Largest file that is read, in bytes; GitHub ignores a larger one altogether.
pub const MOST_BYTES: usize = 3_000_000;
/// Most lines with a pattern; those after it count as faults.
const MOST_ENTRIES: usize = 50_000;
/// Globs compiled into one automaton; a batch that becomes too large is compiled glob by glob.
const BATCH: usize = 200;

/// Whose rules a file is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// No sections, a pattern with a `/` inside is anchored, a folder's name covers what it holds.
    GitHub,
    /// Sections with default owners, exclusions, and anchoring by a leading `/` only.
    GitLab,
}

/// The owners of a repository's paths.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    /// Compiled patterns; pattern `i` of all sets in order belongs to entry `owner_of[i]`.
    sets: Vec<GlobSet>,
    owner_of: Vec<usize>,
    entries: Vec<Entry>,
    faults: u32,
}

impl Owners {
    /// Reads a file; what is written in it tells the dialect: sections, exclusions and roles are GitLab's.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let dialect = if text.lines().any(line::is_gitlab) { Dialect::GitLab } else { Dialect::GitHub };
        Self::parse_as(bytes, dialect)
    }

    /// Reads a file in a known dialect.
    #[must_use]
    pub fn parse_as(bytes: &[u8], dialect: Dialect) -> Self {
        let mut owners = Self::default();
        if bytes.len() > MOST_BYTES {
            owners.faults = 1;
            return owners;
        }
        let text = String::from_utf8_lossy(bytes);
        let mut section = line::Section::default();
        let mut globs = Vec::new();
        for text in text.trim_start_matches('\u{FEFF}').lines() {
            match line::read(text, dialect, &section) {
                Line::Nothing => {}
                Line::Section(next) => section = next,
                Line::Entry(entry, faulty) => {
                    owners.faults = owners.faults.saturating_add(u32::from(faulty));
                    owners.add(entry, dialect, &mut globs);
                }
                Line::Fault => owners.faults = owners.faults.saturating_add(1),
            }
        }
        for batch in globs.chunks(BATCH) {
            owners.compile(batch);
        }
        owners
    }

    fn add(&mut self, entry: Entry, dialect: Dialect, globs: &mut Vec<(globset::Glob, usize)>) {
        let Some(found) = pattern::globs(&entry.pattern, dialect).filter(|_| self.entries.len() < MOST_ENTRIES) else {
            self.faults = self.faults.saturating_add(1);
            return;
        };
        globs.extend(found.into_iter().map(|glob| (glob, self.entries.len())));
        self.entries.push(entry);
    }

    /// Compiles a batch in one piece, or glob by glob, so that one that cannot be compiled costs only itself.
    fn compile(&mut self, batch: &[(globset::Glob, usize)]) {
        if let Ok(set) = pattern::set(batch.iter().map(|(glob, _)| glob)) {
            self.sets.push(set);
            self.owner_of.extend(batch.iter().map(|(_, entry)| *entry));
            return;
        }
        for (glob, entry) in batch {
            match pattern::set([glob]) {
                Ok(set) => {
                    self.sets.push(set);
                    self.owner_of.push(*entry);
                }
                Err(_) => self.faults = self.faults.saturating_add(1),
            }
        }
    }

    /// Returns the owners of a path (from the root, with `/`), sorted, each once.
    ///
    /// The last line that matches wins, in each section of GitLab's by itself; the sections' owners are joined.
    #[must_use]
    pub fn of(&self, path: &str) -> Vec<String> {
        let candidate = globset::Candidate::new(path);
        let mut last: BTreeMap<&str, (bool, usize)> = BTreeMap::new();
        let mut first_of_set = 0;
        let mut hits = Vec::new();
        for set in &self.sets {
            set.matches_candidate_into(&candidate, &mut hits);
            for index in hits.iter().filter_map(|hit| self.owner_of.get(first_of_set + hit)) {
                let Some(entry) = self.entries.get(*index) else { continue };
                let best = last.entry(entry.section.as_str()).or_insert((entry.excludes, *index));
                // A path that a section excludes cannot come back in it.
                *best = (best.0 || entry.excludes, best.1.max(*index));
            }
            first_of_set += set.len();
        }
        let winners = last.values().filter(|(excluded, _)| !excluded);
        let owners: BTreeSet<&String> =
            winners.filter_map(|(_, index)| self.entries.get(*index)).flat_map(|entry| &entry.owners).collect();
        owners.into_iter().cloned().collect()
    }

    /// Returns the number of lines that could not be read, in whole or in part.
    #[must_use]
    pub fn faults(&self) -> u32 {
        self.faults
    }

    /// Says whether the file names nobody at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| entry.owners.is_empty())
    }
}

#[cfg(test)]
mod tests;
