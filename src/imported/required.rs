//! Results that base's configuration wants to see: no result is not no finding.
//!
//! Owns when one is wanted and what satisfies it. Must not decide what its absence means at a desk and in CI.

use globset::{GlobSet, GlobSetBuilder};

use crate::configuration::{ImportRules, RequiredImport, glob};
use crate::policies::input::{ImportEntry, ImportKind, InputDocument};

/// A result that is wanted and not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is wanted, as a phrase.
    pub wanted: String,
    /// A changed file that it is wanted for.
    pub path: String,
    /// How many changed files it is wanted for.
    pub files: usize,
    /// True when a file of that kind was given and tells of no run that counts.
    pub given: bool,
    /// The option that gives it, as a phrase.
    pub option: String,
}

/// Returns what is wanted for the changed files and was not given, in the order of the configuration.
#[must_use]
pub fn missing(input: &InputDocument, rules: &ImportRules) -> Vec<Missing> {
    rules.required.iter().filter_map(|wanted| absent(input, wanted)).collect()
}

fn absent(input: &InputDocument, wanted: &RequiredImport) -> Option<Missing> {
    let globs = globs(&wanted.paths);
    let concerned = |path: &str| wanted.paths.is_empty() || globs.as_ref().is_none_or(|globs| globs.is_match(path));
    let mut files = input.files.iter().filter(|file| concerned(&file.path) || concerned(&file.old_path));
    let first = files.next()?;
    let more = files.count();
    let mut fitting = input.imports.iter().filter(|entry| fits(entry, wanted)).peekable();
    let given = fitting.peek().is_some();
    if fitting.any(|entry| entry.ran && entry.successful) {
        return None;
    }
    let tests = wanted.kind == Some(ImportKind::Junit) || wanted.tool == ImportKind::Junit.word();
    let kind = if tests { ImportKind::Junit } else { ImportKind::Sarif };
    let what = match (wanted.tool.as_str(), wanted.kind) {
        ("", kind) => format!("a {} report", kind.map_or("", |kind| kind.word())),
        (tool, None) => format!("a result of {tool}"),
        (tool, Some(kind)) => format!("a {} report of {tool}", kind.word()),
    };
    Some(Missing {
        wanted: what,
        path: first.path.clone(),
        files: more.saturating_add(1),
        given,
        option: format!("--import {}=FILE", kind.word()),
    })
}

fn fits(entry: &ImportEntry, wanted: &RequiredImport) -> bool {
    (wanted.tool.is_empty() || entry.tool == wanted.tool) && wanted.kind.is_none_or(|kind| kind == entry.kind)
}

/// Globs were checked when the configuration was read; if one cannot be compiled after all, every file is concerned.
fn globs(paths: &[String]) -> Option<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for path in paths {
        set.add(glob(path).ok()?);
    }
    set.build().ok()
}
