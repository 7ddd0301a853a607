//! The tool seam: one file a package manager, one line in the sorted list.
//!
//! Owns which path belongs to which tool. A reader fills a [`Manifest`] from a text; it evaluates nothing, and what it does
//! not understand it leaves out.

mod bundler;
mod cargo;
mod composer;
mod go;
mod gradle;
mod maven;
mod npm;
mod nuget;
mod pnpm;
mod pypi;
mod yarn;

use super::declared::{DependencyKind, Manifest};
use crate::documents::Unread;

/// What a path is to which tool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// The tool.
    pub tool: &'static str,
    /// Where its names come from.
    pub ecosystem: &'static str,
    /// What kind of file it is.
    pub kind: DependencyKind,
}

/// A file under its reader's eyes.
pub(super) struct Text<'a> {
    /// Its path in the repository.
    pub(super) path: &'a str,
    /// Its text.
    pub(super) text: &'a str,
    /// How many values it may hold.
    pub(super) parts: usize,
}

impl<'a> Text<'a> {
    /// Returns the last part of the path.
    pub(super) fn name(&self) -> &'a str {
        name_of(self.path)
    }
}

/// One package manager.
pub(super) struct Tool {
    id: &'static str,
    ecosystem: &'static str,
    /// What kind of file a path is, by its last part and the whole.
    kind: fn(&str, &str) -> DependencyKind,
    pub(super) read: fn(&Text<'_>, &mut Manifest) -> Result<(), Unread>,
}

/// All tools, sorted by name.
const TOOLS: &[Tool] = &[
    bundler::TOOL,
    cargo::TOOL,
    composer::TOOL,
    go::TOOL,
    gradle::TOOL,
    maven::TOOL,
    npm::TOOL,
    nuget::TOOL,
    pnpm::TOOL,
    pypi::TOOL,
    yarn::TOOL,
];

/// Returns what a path is to a package manager; nothing where it is nothing.
#[must_use]
pub fn recognise(path: &str) -> Option<Recognised> {
    of(path).map(|(recognised, _)| recognised)
}

pub(super) fn of(path: &str) -> Option<(Recognised, &'static Tool)> {
    let name = name_of(path);
    TOOLS.iter().find_map(|tool| match (tool.kind)(name, path) {
        DependencyKind::None => None,
        kind => Some((Recognised { tool: tool.id, ecosystem: tool.ecosystem, kind }, tool)),
    })
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns a name as the ecosystem compares it.
pub(super) fn normal(ecosystem: &str, name: &str) -> String {
    match ecosystem {
        "pypi" => pypi::normal(name),
        "nuget" | "composer" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{TOOLS, recognise};
    use crate::dependencies::DependencyKind;

    #[test]
    fn the_list_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dependencies/tools");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let names: BTreeSet<String> = names.map(|name| name.trim_end_matches(".rs").to_owned()).collect();
        let listed: BTreeSet<String> = TOOLS.iter().map(|tool| tool.id.to_owned()).chain(["mod".to_owned()]).collect();
        assert_eq!(names, listed);
        assert!(TOOLS.is_sorted_by_key(|tool| tool.id));
    }

    #[test]
    fn paths_are_recognised_by_their_last_part() {
        for (path, tool, kind) in [
            ("a/Cargo.toml", "cargo", DependencyKind::Manifest),
            ("Cargo.lock", "cargo", DependencyKind::Lock),
            (".npmrc", "npm", DependencyKind::Settings),
            ("package-lock.json", "npm", DependencyKind::Lock),
            ("pnpm-lock.yaml", "pnpm", DependencyKind::Lock),
            ("yarn.lock", "yarn", DependencyKind::Lock),
            ("requirements/dev.txt", "pypi", DependencyKind::Manifest),
            ("test-requirements.txt", "pypi", DependencyKind::Manifest),
            ("go.sum", "go", DependencyKind::Lock),
            ("a/pom.xml", "maven", DependencyKind::Manifest),
            ("gradle/libs.versions.toml", "gradle", DependencyKind::Manifest),
            ("a/b.csproj", "nuget", DependencyKind::Manifest),
            ("x.gemspec", "bundler", DependencyKind::Manifest),
            ("composer.lock", "composer", DependencyKind::Lock),
        ] {
            let found = recognise(path).unwrap();
            assert_eq!((found.tool, found.kind), (tool, kind), "{path}");
        }
        for path in ["Cargo.toml.bak", "src/package.rs", "docs/requirements.md", "notes.txt"] {
            assert_eq!(recognise(path), None, "{path}");
        }
    }
}
