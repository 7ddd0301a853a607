//! How the change was made, in one line for people.
//!
//! Owns the wording. Says "AI-assisted" only where there is evidence; the texts in it are from outside and are escaped
//! by whoever shows the line.

use std::collections::{BTreeMap, BTreeSet};

use super::{Attribution, CommitProvenance, FileProvenance};

/// So many tools are named; the rest is counted.
const NAMED: usize = 4;
/// Longest name of a tool in characters; the whole one stands in the input document.
const LONGEST: usize = 40;

/// Returns the line, where added lines have evidence of an AI tool.
pub(super) fn note(commits: &[CommitProvenance], files: &BTreeMap<String, FileProvenance>) -> Option<String> {
    let sum = |of: fn(&FileProvenance) -> u32| files.values().map(of).fold(0, u32::saturating_add);
    let (ai, human, unknown) = (sum(|f| f.ai_lines), sum(|f| f.human_lines), sum(|f| f.unknown_lines));
    if ai == 0 {
        return None;
    }
    let all = ai.saturating_add(human).saturating_add(unknown);
    let lines = if all == 1 { "line" } else { "lines" };
    let rest = if unknown == 0 { String::new() } else { format!(", {unknown} unknown") };
    Some(format!("AI-assisted: {ai} of {all} added {lines}{rest}; {}", tools(commits)))
}

/// Names the tools, and by what they are known.
fn tools(commits: &[CommitProvenance]) -> String {
    let mut known: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for commit in commits.iter().filter(|commit| commit.attribution == Attribution::Ai) {
        for evidence in commit.evidence.iter().filter(|evidence| evidence.decides()) {
            let names = [&evidence.tool, &evidence.model].map(|name| name.raw());
            let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
            known.entry(clipped(name)).or_default().insert(evidence.kind.shown());
        }
    }
    // Where a tool is named, a mark that names none adds nothing.
    if known.len() > 1 {
        known.remove("");
    }
    let shown = known.iter().take(NAMED).map(|(name, by)| {
        let name = if name.is_empty() { "a tool without a name" } else { name };
        format!("{name} (by {})", by.iter().copied().collect::<Vec<_>>().join(", "))
    });
    let mut shown: Vec<String> = shown.collect();
    if let Some(more) = known.len().checked_sub(NAMED).filter(|more| *more > 0) {
        shown.push(format!("{more} more"));
    }
    shown.join("; ")
}

fn clipped(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 3).chain("...".chars()).collect()
}
