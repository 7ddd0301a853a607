//! Both sides of one changed manifest: what it is, what it names, and what the change did.
//!
//! Owns the shape that policies see.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::declared::{DependencyKind, DependencyScope, DependencySource, Manifest};
use super::{address, pair, read, tools};
use crate::documents::Unread;
use crate::limits::Limits;

/// What the change did to an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependencyChange {
    /// Neither side has it.
    #[default]
    None,
    /// Only the head side has it.
    Added,
    /// Only the base side has it.
    Removed,
    /// Both sides have it, and it differs.
    Changed,
    /// Both sides have it.
    Kept,
}

/// A declared dependency, and what the change did to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dependency {
    /// Name, as the tool writes it; of Maven and Gradle `group:artifact`.
    pub name: String,
    /// Version or requirement, as written; may be empty.
    pub version: String,
    /// That of the base side; equal to `version` unless it changed, empty when added.
    pub old_version: String,
    /// Where it comes from.
    pub source: DependencySource,
    /// The address, path or other package behind the source; may be empty.
    pub address: String,
    /// That of the base side; empty when added.
    pub old_address: String,
    /// The host of the address, or empty.
    pub host: String,
    /// True where a person asked for it by name; never in a lock file.
    pub direct: bool,
    /// What it is needed for.
    pub scope: DependencyScope,
    /// Of a new one: the well-known package that its name could be taken for, or empty.
    pub resembles: String,
    /// What the change did; in a lock file `kept` is told of names only that a manifest of the change adds.
    pub change: DependencyChange,
    /// What the change did to the digest that is expected of it.
    pub integrity: DependencyChange,
    /// What the change did to the mark that it runs a program when it is installed.
    pub install_script: DependencyChange,
    /// Line, from 1 (of the base side when removed).
    pub line: u32,
}

/// How far a manifest could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadStatus {
    /// No manifest there.
    #[default]
    None,
    /// Read.
    Ok,
    /// Not of its format.
    Unreadable,
    /// Over a limit.
    TooLarge,
}

/// A command that the package manager runs by itself, and what the change did to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScriptChange {
    /// When it runs: `postinstall`, `build`, `cmdclass`.
    pub name: String,
    /// What it runs, shortened.
    pub command: String,
    /// Line, from 1 (of the base side when removed).
    pub line: u32,
    /// What the change did.
    pub change: DependencyChange,
}

/// A place that packages are taken from beside, or instead of, the usual one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegistryChange {
    /// Its address, as written.
    pub address: String,
    /// Line, from 1 (of the base side when removed).
    pub line: u32,
    /// What the change did.
    pub change: DependencyChange,
}

/// What a file is to a package manager.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ManifestFacts {
    /// The tool that reads it: `bundler`, `cargo`, `npm`, ...; empty for every other file.
    pub tool: String,
    /// Where its names come from: `cargo`, `composer`, `go`, `maven`, `npm`, `nuget`, `pypi`, `rubygems`; or empty.
    pub ecosystem: String,
    /// What kind of file it is.
    pub kind: DependencyKind,
    /// How the head side was read.
    pub reading: ReadStatus,
    /// How the base side was read.
    pub old_reading: ReadStatus,
    /// Why head could not be read, or empty.
    pub message: String,
    /// The line at which reading head ended, from 1, or 0.
    pub line: u32,
    /// The package's own name, or empty.
    pub name: String,
    /// False where it says that it is not published, or is no package.
    pub publishes: bool,
    /// The licence that head names, or empty.
    pub licence: String,
    /// The licence that base names, or empty.
    pub old_licence: String,
    /// The line of the licence in head, or 0.
    pub licence_line: u32,
    /// What runs when it is installed or built.
    pub scripts: Vec<ScriptChange>,
    /// Where packages are taken from.
    pub registries: Vec<RegistryChange>,
    /// Hosts that the base side of a lock file, or else most of the head side, takes packages from; sorted.
    pub hosts: Vec<String>,
}

/// Leaves out of lock files what the change neither touches nor asks for: most of a lock file is what it was.
pub fn prune<'a>(files: impl Iterator<Item = (&'a ManifestFacts, &'a mut Vec<Dependency>)>) {
    let mut files: Vec<_> = files.collect();
    let mut asked: BTreeSet<(String, String)> = BTreeSet::new();
    for (manifest, entries) in files.iter().filter(|(manifest, _)| manifest.kind == DependencyKind::Manifest) {
        let fresh = entries.iter().filter(|entry| entry.change == DependencyChange::Added);
        asked.extend(fresh.map(|entry| named(manifest, entry)));
    }
    for (manifest, entries) in files.iter_mut().filter(|(manifest, _)| manifest.kind == DependencyKind::Lock) {
        entries.retain(|entry| entry.change != DependencyChange::Kept || asked.contains(&named(manifest, entry)));
    }
}

fn named(manifest: &ManifestFacts, entry: &Dependency) -> (String, String) {
    (manifest.ecosystem.clone(), tools::normal(&manifest.ecosystem, &entry.name))
}

/// What a changed file says about packages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependencies {
    /// What the file is.
    pub manifest: ManifestFacts,
    /// What it names, sorted by line, name and change.
    pub entries: Vec<Dependency>,
}

impl Dependencies {
    /// Reads the sides that are there, each as its own path says.
    #[must_use]
    pub fn read(base: Option<(&str, &[u8])>, head: Option<(&str, &[u8])>, limits: &Limits) -> Self {
        let of = |side: Option<(&str, &[u8])>| side.and_then(|(path, bytes)| read(path, bytes, limits));
        let kind = |side: Option<(&str, &[u8])>| side.and_then(|(path, _)| tools::recognise(path));
        let Some(recognised) = (if head.is_some() { kind(head) } else { kind(base) }) else { return Self::default() };
        // Another tool's file under the old name has nothing to be compared with.
        let comparable = kind(base).is_some_and(|old| old.tool == recognised.tool && old.kind == recognised.kind);
        let (old, new) = (if comparable { of(base) } else { None }, of(head));
        let unread = match &new {
            Some(Err(unread)) => Some(unread.clone()),
            Some(Ok(_)) | None => None,
        };
        let mut facts = ManifestFacts {
            tool: recognised.tool.to_owned(),
            ecosystem: recognised.ecosystem.to_owned(),
            kind: recognised.kind,
            reading: status(new.as_ref()),
            old_reading: status(old.as_ref()),
            message: unread.as_ref().map(|unread| unread.message.clone()).unwrap_or_default(),
            line: unread.map_or(0, |unread| unread.line),
            ..ManifestFacts::default()
        };
        let is_unread = |side: &Option<Result<Manifest, Unread>>| matches!(side, Some(Err(_)));
        if is_unread(&new) {
            return Self { manifest: facts, entries: Vec::new() };
        }
        // Against a base that cannot be read everything is new.
        let (old, new) = (old.and_then(Result::ok).unwrap_or_default(), new.and_then(Result::ok).unwrap_or_default());
        let shown = if head.is_some() { &new } else { &old };
        facts.name.clone_from(&shown.name);
        facts.publishes = shown.publishes;
        facts.licence.clone_from(&new.licence);
        facts.licence_line = new.licence_line;
        facts.old_licence.clone_from(&old.licence);
        facts.scripts = pair::scripts(&old, &new);
        facts.registries = pair::registries(&old, &new);
        facts.hosts = hosts(&old, &new);
        Self { manifest: facts, entries: pair::entries(recognised.ecosystem, &old, &new) }
    }
}

fn status(side: Option<&Result<Manifest, Unread>>) -> ReadStatus {
    match side {
        None => ReadStatus::None,
        Some(Ok(_)) => ReadStatus::Ok,
        Some(Err(unread)) if unread.too_large => ReadStatus::TooLarge,
        Some(Err(_)) => ReadStatus::Unreadable,
    }
}

/// Returns the hosts that the base side takes packages of registries from; without any, the one that most of head does.
fn hosts(old: &Manifest, new: &Manifest) -> Vec<String> {
    let of = |side: &Manifest| -> Vec<String> {
        let from = side.dependencies.iter().filter(|entry| entry.source == DependencySource::Registry);
        from.map(|entry| address::host(&entry.address)).filter(|host| !host.is_empty()).collect()
    };
    let known: BTreeSet<String> = of(old).into_iter().collect();
    if !known.is_empty() {
        return known.into_iter().collect();
    }
    let mut all = of(new);
    all.sort();
    let runs = all.chunk_by(|a, b| a == b);
    let most = runs.max_by_key(|run| run.len()).and_then(<[String]>::first);
    most.cloned().into_iter().collect()
}
