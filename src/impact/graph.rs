//! The import graph of one side of the repository: files, what they import, and where.
//!
//! Owns the graph and the questions that rules ask of it: `edges` (from module to module, and what is new), `routes`
//! (indirect chains), `cycles`, `reach` (what depends on what). Everything is sorted, so the same listing gives the same
//! answers in the same order. Must not decide whether an import is allowed.
//!
//! One import is one edge with one line, even where it names several files: a Go package is all its files that are no
//! tests, a wildcard of Java all files of the package. An import that resolves to nothing known stays in the graph as
//! unresolved; it is neither a file nor a package.

mod build;
mod cut;
mod cycles;
mod edges;
mod reach;
mod routes;
mod view;

use crate::completeness::Reason;
use crate::impact::listing::{ImportListing, Side};
use crate::impact::modules::{ModuleId, Modules};

pub use cycles::{Between, Cycle, CycleEdge};
pub use edges::{ModuleEdge, Renames};
pub use reach::Dependents;
pub use routes::{Chain, Routes, Step};

/// Index of a file; files are sorted by path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// Index of an import; imports are sorted by file, line and text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportId(u32);

macro_rules! index {
    ($id:ident) => {
        impl $id {
            pub(crate) fn of(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
index!(FileId);
index!(ImportId);

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphFile {
    /// Its path, in wire form.
    pub path: String,
    /// Id of its language, or empty for a file that is only imported (`./data.json`).
    pub language: String,
    /// The module that it belongs to.
    pub module: Option<ModuleId>,
}

/// One import of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The file that imports.
    pub from: FileId,
    /// Line, from 1.
    pub line: u32,
    /// What it imports, as the source has it.
    pub raw: String,
    /// Where that leads.
    pub target: Target,
    /// True for what only says that a part exists (`mod x;` of Rust). It is resolved, and no dependency: no query
    /// between modules counts it.
    pub declares: bool,
    /// True for what only checkers of types read (`import type`, `if TYPE_CHECKING:`).
    pub types: bool,
}

/// Where an import leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To files of the repository: [`Graph::target_files`].
    Files(u32),
    /// To a package outside: [`Graph::package`].
    Package(u32),
    /// Not known.
    Unresolved,
}

/// How many imports lead where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// To files of the repository.
    pub files: usize,
    /// To packages outside.
    pub packages: usize,
    /// Not known.
    pub unresolved: usize,
}

/// The import graph of one side.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    files: Vec<GraphFile>,
    imports: Vec<Import>,
    /// Where the imports of each file begin, and at the end their number.
    first_import: Vec<usize>,
    /// Distinct lists of targets.
    targets: Vec<Vec<FileId>>,
    /// Packages outside, sorted.
    packages: Vec<String>,
    modules: Modules,
    reasons: Vec<Reason>,
}

/// The graphs of both sides, sorted into the same modules.
#[derive(Clone, Debug, Default)]
pub struct Graphs {
    /// The merge base.
    pub base: Graph,
    /// What is proposed.
    pub head: Graph,
}

impl Graphs {
    /// Builds both graphs.
    #[must_use]
    pub fn build(listing: &ImportListing, modules: &Modules) -> Self {
        let base = Graph::build(listing, Side::Base, modules);
        let head = Graph::build_beside(listing, Side::Head, modules, &base.packages);
        Self { base, head }
    }

    /// Returns what resolution could read on the base side and cannot on the head side, sorted.
    ///
    /// A manifest that was malformed before (data of tests often is) says nothing about the change.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        let is_old = |reason: &Reason| {
            !reason.path.raw().is_empty() && self.base.reasons.iter().any(|other| other.path == reason.path)
        };
        self.head.reasons.iter().filter(|reason| !is_old(reason)).cloned().collect()
    }

    /// Returns the imports of head that base does not have; see [`Graph::new_imports`].
    #[must_use]
    pub fn new_imports(&self, renames: &Renames) -> Vec<ImportId> {
        self.head.new_imports(&self.base, renames)
    }
}

impl Graph {
    /// Returns all files, sorted by path.
    #[must_use]
    pub fn files(&self) -> &[GraphFile] {
        &self.files
    }

    /// Returns the path of a file.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        self.files.get(file.index()).map_or("", |file| file.path.as_str())
    }

    /// Returns the file at a path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(FileId::of)
    }

    /// Returns the module of a file.
    #[must_use]
    pub fn module_of(&self, file: FileId) -> Option<ModuleId> {
        self.files.get(file.index()).and_then(|file| file.module)
    }

    /// Returns the modules that the files were sorted into.
    #[must_use]
    pub fn modules(&self) -> &Modules {
        &self.modules
    }

    /// Returns all imports, sorted by file, line and text.
    pub fn imports(&self) -> impl Iterator<Item = (ImportId, &Import)> {
        self.imports.iter().enumerate().map(|(index, import)| (ImportId::of(index), import))
    }

    /// Returns all imports but those that only declare, sorted by file, line and text.
    pub fn dependencies(&self) -> impl Iterator<Item = (ImportId, &Import)> {
        self.imports().filter(|(_, import)| !import.declares)
    }

    /// Returns the imports of one file.
    pub fn imports_of(&self, file: FileId) -> impl Iterator<Item = (ImportId, &Import)> {
        let bound = |at: usize| self.first_import.get(at).copied().unwrap_or(self.imports.len());
        let (start, end) = (bound(file.index()), bound(file.index().saturating_add(1)));
        let listed = self.imports.get(start..end).unwrap_or_default();
        listed.iter().zip(start..).map(|(import, index)| (ImportId::of(index), import))
    }

    /// Returns an import.
    #[must_use]
    pub fn import(&self, id: ImportId) -> Option<&Import> {
        self.imports.get(id.index())
    }

    /// Returns the files that an import leads to, sorted; none when it leads outside or nowhere known.
    #[must_use]
    pub fn target_files(&self, import: &Import) -> &[FileId] {
        match import.target {
            Target::Files(list) => self.targets.get(list as usize).map_or(&[], Vec::as_slice),
            Target::Package(_) | Target::Unresolved => &[],
        }
    }

    /// Returns the package outside that an import leads to, as its manifest names it.
    #[must_use]
    pub fn package(&self, import: &Import) -> Option<&str> {
        match import.target {
            Target::Package(name) => self.packages.get(name as usize).map(String::as_str),
            Target::Files(_) | Target::Unresolved => None,
        }
    }

    /// Returns the modules of the files that an import leads to, sorted; `None` stands for files without a module.
    #[must_use]
    pub fn target_modules(&self, import: &Import) -> Vec<Option<ModuleId>> {
        let mut modules: Vec<_> = self.target_files(import).iter().map(|file| self.module_of(*file)).collect();
        modules.sort_unstable();
        modules.dedup();
        modules
    }

    /// Returns how many imports lead where.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for import in &self.imports {
            match import.target {
                Target::Files(_) => counts.files += 1,
                Target::Package(_) => counts.packages += 1,
                Target::Unresolved => counts.unresolved += 1,
            }
        }
        counts
    }

    /// Returns what resolution could not read, such as a malformed manifest, sorted.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}

#[cfg(test)]
mod tests;
