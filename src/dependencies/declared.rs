//! What one manifest or lock file says by itself.
//!
//! Owns the types that a reader fills. Must not know the other side of the change.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::address;
use super::tools::Recognised;

/// Most characters of a name, a version or an address that are kept.
const LONGEST: usize = 300;

/// What kind of file names packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependencyKind {
    /// None.
    #[default]
    None,
    /// People write it: what is wanted.
    Manifest,
    /// A tool writes it: what was chosen.
    Lock,
    /// It says only where packages are taken from.
    Settings,
}

/// Where a package comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependencySource {
    /// A registry, by name and version.
    #[default]
    Registry,
    /// A repository of git, or another system of versions.
    Git,
    /// A folder or file of this repository.
    Path,
    /// A folder or file outside of this repository.
    Outside,
    /// An archive at an address.
    Url,
    /// What the workspace, or a catalogue above it, says.
    Workspace,
}

/// What a package is needed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependencyScope {
    /// When the program runs.
    #[default]
    Runtime,
    /// When it is developed or tested.
    Dev,
    /// When it is built: plugins too.
    Build,
    /// Whoever uses it brings it.
    Peer,
    /// It may be missing.
    Optional,
    /// Where the manifests of a repository take versions from: a catalogue, a workspace, a parent.
    Catalog,
    /// Not needed by itself: which version, or which package, others get in its place.
    Constraint,
}

/// One entry of a manifest or lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Name, as the tool writes it; of Maven `group:artifact`.
    pub name: String,
    /// Version or requirement, as written; may be empty.
    pub version: String,
    /// Where it comes from.
    pub source: DependencySource,
    /// The address, path or other package behind the source; may be empty.
    pub address: String,
    /// True where a person asked for it by name.
    pub direct: bool,
    /// What it is needed for.
    pub scope: DependencyScope,
    /// Line, from 1.
    pub line: u32,
    /// The digest that is expected of it; may be empty.
    pub integrity: String,
    /// True where the file says that it runs a program when it is installed.
    pub install_script: bool,
}

impl Declared {
    /// Returns a direct dependency on a registry's package.
    pub(super) fn direct(name: &str, version: &str, scope: DependencyScope, line: u32) -> Self {
        Self { name: name.to_owned(), version: version.trim().to_owned(), direct: true, scope, line, ..Self::default() }
    }

    /// Returns an entry of a lock file.
    pub(super) fn locked(name: &str, version: &str, line: u32) -> Self {
        Self { name: name.to_owned(), version: version.to_owned(), line, ..Self::default() }
    }

    /// Says that it comes from elsewhere.
    pub(super) fn from(mut self, source: DependencySource, address: impl Into<String>) -> Self {
        self.source = source;
        self.address = address.into();
        self
    }
}

/// A command that the package manager runs by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// When: `postinstall`, `build`, `cmdclass`.
    pub name: String,
    /// What, as written.
    pub command: String,
    /// Line, from 1.
    pub line: u32,
}

/// A place that packages are taken from beside, or instead of, the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    /// Its address, as written.
    pub address: String,
    /// Line, from 1.
    pub line: u32,
}

/// What one manifest or lock file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The tool and the ecosystem.
    pub recognised: Recognised,
    /// The package's own name; empty where it has none.
    pub name: String,
    /// False where it says that it is not published, or is no package.
    pub publishes: bool,
    /// The licence that it names, or empty.
    pub licence: String,
    /// The line of that, or 0.
    pub licence_line: u32,
    /// What runs when it is installed or built.
    pub scripts: Vec<Script>,
    /// Where packages are taken from.
    pub registries: Vec<Registry>,
    /// What it names, in the order of the file.
    pub dependencies: Vec<Declared>,
}

impl Manifest {
    pub(super) fn new(recognised: Recognised) -> Self {
        Self { recognised, ..Self::default() }
    }

    pub(super) fn push(&mut self, mut declared: Declared) {
        let texts = [&mut declared.name, &mut declared.version, &mut declared.address, &mut declared.integrity];
        for text in texts {
            if let Some((end, _)) = text.char_indices().nth(LONGEST) {
                text.truncate(end);
            }
        }
        if !declared.name.is_empty() {
            self.dependencies.push(declared);
        }
    }

    pub(super) fn registry(&mut self, address: &str, line: u32) {
        let address = address.trim();
        if !address.is_empty() {
            self.registries.push(Registry { address: address.to_owned(), line });
        }
    }

    pub(super) fn script(&mut self, name: &str, command: &str, line: u32) {
        self.scripts.push(Script { name: name.to_owned(), command: command.to_owned(), line });
    }

    pub(super) fn licensed(&mut self, licence: &str, line: u32) {
        if !licence.trim().is_empty() {
            (self.licence, self.licence_line) = (licence.trim().to_owned(), line);
        }
    }

    /// Brings the entries into the order of the file, and tells paths out of the repository from those within.
    pub(super) fn settle(&mut self, path: &str) {
        self.dependencies.sort_by_key(|declared| declared.line);
        for declared in &mut self.dependencies {
            if declared.source == DependencySource::Path && address::leaves(path, &declared.address) {
                declared.source = DependencySource::Outside;
            }
        }
    }
}
