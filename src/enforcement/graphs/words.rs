//! Violations of graph rules: where each stands, what identifies it over time, and its other places.
//!
//! Owns the shape that all graph kinds share. An anchor names paths, modules and packages and never a line.

use super::{Chain, GraphPair, Link};
use crate::enforcement::Violation;
use crate::enforcement::graphs::links::Imported;
use crate::impact::graph::ImportId;

/// Other places shown of one violation.
const MOST_PLACES: usize = 60;

/// Returns the violation of one link: a file imports what it must not.
pub(in crate::enforcement) fn of_link(pair: &GraphPair, link: &Link, message: String, fix: String) -> Violation {
    let path = pair.head.path(link.from).to_owned();
    let again = format!("imports {} again", link.name);
    let target = match &link.to {
        Imported::Files(_, files) => files.first().map(|file| pair.head.path(*file)).unwrap_or_default(),
        Imported::Package(_) => "",
    };
    Violation {
        place: (link.line, 0, 0, 0),
        message,
        anchor: format!("imports {}", link.name),
        fix,
        related: limited(again_at(link).into_iter().map(|line| (path.clone(), line, again.clone())).collect()),
        held_by: if pair.holds(link.from) { String::new() } else { target.to_owned() },
        path,
    }
}

/// Returns the violation of one chain, at its first new import; `ends` are the words for start and end.
pub(in crate::enforcement) fn of_chain(
    pair: &GraphPair,
    chain: &Chain,
    (message, fix): (String, String),
    ends: (&str, &str),
) -> Violation {
    let places: Vec<(String, u32, String)> = chain
        .steps
        .iter()
        .map(|(import, to)| {
            let (path, line) = place_of(pair, *import);
            (path, line, format!("imports {to}"))
        })
        .collect();
    let (path, line, _) = places.get(chain.first_new).cloned().unwrap_or_default();
    let over = chain.steps.get(chain.first_new).map_or("", |step| step.1.as_str());
    let inside = |path: &&str| pair.system.inside(path).is_some();
    let start = places.first().map_or("", |place| place.0.as_str());
    let held_by = [path.as_str(), start, chain.end.as_str()].into_iter().find(inside).unwrap_or_default();
    Violation {
        place: (line, 0, 0, 0),
        message: format!("{message}: {}", way(start, chain)),
        anchor: format!("{} reaches {} over {over}", ends.0, ends.1),
        fix,
        held_by: if held_by == path { String::new() } else { held_by.to_owned() },
        related: limited(places),
        path,
    }
}

/// Returns the other lines that make the same link.
fn again_at(link: &Link) -> Vec<u32> {
    let mut lines: Vec<u32> = link.more.iter().map(|more| more.1).filter(|line| *line != link.line).collect();
    lines.dedup();
    lines
}

/// `a.py -> b.py`.
pub(in crate::enforcement) fn arrow(pair: &GraphPair, link: &Link) -> String {
    format!("{} -> {}", pair.head.path(link.from), link.name)
}

/// Returns path and line of an import.
pub(in crate::enforcement) fn place_of(pair: &GraphPair, import: ImportId) -> (String, u32) {
    let place = pair.head.import(import).map(|import| (pair.head.path(import.from).to_owned(), import.line));
    place.unwrap_or_default()
}

/// Joins names as a sentence has them: `a, b or c`.
pub(in crate::enforcement) fn joined<N: AsRef<str>>(names: &[N], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// Keeps as many places as a reader can take, and says how many were left out.
pub(in crate::enforcement) fn limited(mut places: Vec<(String, u32, String)>) -> Vec<(String, u32, String)> {
    let left = places.len().saturating_sub(MOST_PLACES);
    places.truncate(MOST_PLACES);
    if let Some(last) = places.last_mut().filter(|_| left > 0) {
        last.2 = format!("{} (and {left} more)", last.2);
    }
    places
}

/// The files of a chain in a row; of a long one the beginning and the end.
fn way(start: &str, chain: &Chain) -> String {
    let names: Vec<&str> = std::iter::once(start).chain(chain.steps.iter().map(|step| step.1.as_str())).collect();
    match (names.get(..4), names.len().checked_sub(2).and_then(|at| names.get(at..))) {
        (Some(first), Some(last)) if names.len() > 7 => {
            format!("{} -> ({} more) -> {}", first.join(" -> "), names.len() - 6, last.join(" -> "))
        }
        _ => names.join(" -> "),
    }
}
