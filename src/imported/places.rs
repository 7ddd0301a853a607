//! Names of files as tools write them -> changed files.
//!
//! Owns which file is meant. Tools run in other folders, in containers, on other machines; a result is left out only
//! where it cannot be about a changed file.

use std::collections::BTreeMap;

use super::report::Place;
use super::uri::Spoken;
use crate::change::FileStatus;
use crate::policies::input::FileEntry;

/// The changed files and what surrounds them.
pub(super) struct Checkout<'a> {
    /// The roots of this checkout, without `/` at the ends.
    roots: Vec<String>,
    files: BTreeMap<&'a str, &'a FileEntry>,
    /// The changed files by the last part of their path.
    by_name: BTreeMap<&'a str, Vec<&'a FileEntry>>,
    /// Says whether the repository has a file of that path which the change leaves as it is.
    unchanged: &'a dyn Fn(&str) -> bool,
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl<'a> Checkout<'a> {
    pub(super) fn new(roots: &[String], files: &'a [FileEntry], unchanged: &'a dyn Fn(&str) -> bool) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&FileEntry>> = BTreeMap::new();
        for file in files {
            by_name.entry(name(&file.path)).or_default().push(file);
        }
        let roots = roots.iter().map(|root| root.trim_matches('/').to_owned()).collect();
        Self { roots, files: files.iter().map(|file| (file.path.as_str(), file)).collect(), by_name, unchanged }
    }

    /// Returns the changed files that may be meant, the likeliest first.
    pub(super) fn meant(&self, paths: &[Spoken]) -> Vec<&'a FileEntry> {
        let mut inside = paths.iter().filter_map(|spoken| self.inside(spoken));
        if let Some(file) = inside.find_map(|path| self.files.get(path)) {
            return vec![*file];
        }
        // A file of this checkout that did not change is no other one.
        let mut inside = paths.iter().filter_map(|spoken| Some((spoken.absolute, self.inside(spoken)?)));
        if inside.any(|(absolute, path)| absolute || (self.unchanged)(path)) {
            return Vec::new();
        }
        let mut meant: Vec<&FileEntry> = Vec::new();
        for spoken in paths {
            let named = self.by_name.get(name(&spoken.path)).into_iter().flatten();
            for file in named.filter(|file| is_tail(&file.path, spoken)) {
                if !meant.iter().any(|known| known.path == file.path) {
                    meant.push(file);
                }
            }
        }
        // The longest shared tail first.
        meant.sort_by(|a, b| b.path.len().cmp(&a.path.len()).then_with(|| a.path.cmp(&b.path)));
        meant
    }

    /// Returns the path from the root of the repository, where the name says it.
    fn inside<'s>(&self, spoken: &'s Spoken) -> Option<&'s str> {
        if !spoken.absolute {
            return (!spoken.above).then_some(spoken.path.as_str());
        }
        let below = |root: &String| spoken.path.strip_prefix(root.as_str())?.strip_prefix('/');
        self.roots.iter().filter(|root| !root.is_empty()).find_map(below)
    }
}

/// Says whether a name whose beginning is not known may be that of a changed file.
fn is_tail(path: &str, spoken: &Spoken) -> bool {
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|front| front.is_empty() || front.ends_with('/')) && !short.is_empty()
    };
    ends(&spoken.path, path) || (!spoken.absolute && ends(path, &spoken.path))
}

/// Says whether a place stands on changed lines of a file; a place without lines does in every changed file.
pub(super) fn touches(file: &FileEntry, place: &Place) -> bool {
    if file.status == FileStatus::Deleted {
        return false;
    }
    let unknown = file.binary || (file.hunks.is_empty() && file.added.saturating_add(file.removed) > 0);
    if place.line == 0 || unknown {
        return true;
    }
    let last = place.end_line.max(place.line);
    // Where lines were only taken away, the range ends before it starts: a place on both sides of the gap touches it.
    file.hunks.iter().any(|hunk| place.line <= hunk.end && last >= hunk.start)
}
