//! From the text of an import to where it leads: one file a family of languages, one line in the sorted list.
//!
//! Owns the seam and what all families share: the paths and manifests of one side. What an import means is read from
//! paths and manifests only; nothing is run, and a manifest is bytes from outside: bounded, and never trusted to stay
//! inside the repository.
//!
//! To add a language: its folder under `facts/languages/`, and when it is of a new family a file here and its line
//! below. A test holds the list against both.

mod go;
mod java;
mod javascript;
mod jsonc;
mod paths;
mod python;
mod rust;

use std::collections::BTreeSet;

use crate::completeness::Reason;
use crate::facts::ImportLine;
use crate::impact::listing::ListedFile;
pub(crate) use paths::{PathId, SideFiles};

/// Every family, sorted by id. A test holds this list against the languages.
pub(crate) static FAMILIES: &[&Family] =
    &[&go::FAMILY, &java::FAMILY, &javascript::FAMILY, &python::FAMILY, &rust::FAMILY];

/// Languages that import one another, and how.
pub(crate) struct Family {
    /// The family's id, as the languages name it.
    pub(crate) id: &'static str,
    /// Says whether a file name is that of a manifest that resolution reads.
    pub(crate) is_manifest: fn(&str) -> bool,
    /// Says whether imports may name this path although it is of no known language.
    pub(crate) may_name: fn(&str) -> bool,
    /// Reads the manifests of one side.
    pub(crate) prepare: for<'a> fn(&'a SideFiles<'a>, &mut Vec<Reason>) -> Box<dyn Resolve + 'a>,
}

/// Resolves the imports of one side's files of one family.
pub(crate) trait Resolve {
    /// Returns where an import of that file leads.
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved;

    /// Says whether a manifest takes the package of that name from outside the repository.
    fn outside(&self, _name: &str) -> bool {
        false
    }
}

/// The file that imports.
#[derive(Clone, Copy)]
pub(crate) struct Importer<'a> {
    /// Its place among the paths of its side.
    pub(crate) id: PathId,
    /// Itself.
    pub(crate) file: &'a ListedFile,
}

impl Importer<'_> {
    /// Returns the folder of the file, `""` for the root.
    pub(crate) fn folder(&self) -> &str {
        folder_of(&self.file.path)
    }
}

/// Where an import leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Resolved {
    /// To files of the repository.
    Files(Vec<PathId>),
    /// To a package outside.
    Package(String),
    /// To each of these, likeliest first: which of them is meant cannot be told.
    Several(Vec<Self>),
    /// Not known.
    Unresolved,
}

impl Resolved {
    fn file(id: PathId) -> Self {
        Self::Files(vec![id])
    }

    fn files(ids: Vec<PathId>) -> Self {
        if ids.is_empty() { Self::Unresolved } else { Self::Files(ids) }
    }

    /// Joins what an import may mean, likeliest first.
    fn any(found: Vec<Self>) -> Self {
        let mut known = BTreeSet::new();
        let mut kept: Vec<Self> = found.into_iter().flat_map(Self::each).collect();
        if kept.len() > 1 {
            kept.retain(|one| known.insert(one.clone()));
        }
        if kept.len() > 1 { Self::Several(kept) } else { kept.pop().unwrap_or(Self::Unresolved) }
    }

    /// Returns the files that it leads to, if it leads to files.
    pub(crate) fn targets(&self) -> &[PathId] {
        match self {
            Self::Files(ids) => ids,
            Self::Package(_) | Self::Several(_) | Self::Unresolved => &[],
        }
    }

    /// Returns what it may mean one by one; nothing where nothing is known.
    pub(crate) fn each(self) -> Vec<Self> {
        match self {
            // No family nests them, and what is nested counts for nothing less.
            Self::Several(found) => found,
            Self::Unresolved => Vec::new(),
            one => vec![one],
        }
    }
}

/// Says whether a path is that of a manifest, and of which family.
#[must_use]
pub fn manifest_family(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    FAMILIES.iter().find(|family| (family.is_manifest)(name)).map(|family| family.id)
}

/// Says whether imports of that family may name a file that is of no known language.
#[must_use]
pub fn may_be_named(family: &str, path: &str) -> bool {
    FAMILIES.iter().any(|row| row.id == family && (row.may_name)(path))
}

/// Returns the folder of a path, `""` for the root.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Joins folder and name; `""` is the root.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Follows a relative path from a folder, `.` and `..` included; none when it leaves the repository.
pub(crate) fn follow(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Returns the folders from this one up to the root, nearest first.
pub(crate) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let here = next?;
        next = if here.is_empty() { None } else { Some(folder_of(here)) };
        Some(here)
    })
}

/// Returns how many leading folders two paths share.
pub(crate) fn shared_folders(a: &str, b: &str) -> usize {
    folder_of(a).split('/').zip(folder_of(b).split('/')).take_while(|(a, b)| a == b).count()
}

/// Notes a manifest that cannot be read.
fn malformed(path: &str, why: &str) -> Reason {
    let message = format!("what it says about imports cannot be read: {why}");
    Reason::new("manifest-unreadable", message, "mend the file").at(path)
}

#[cfg(test)]
mod tests;
