//! The same graph seen otherwise: sorted into other modules, or without the imports of some files.
//!
//! Owns views that cost a copy and no second resolution. What an import leads to never changes.

use super::{Graph, Import, Renames};
use crate::impact::modules::Modules;

impl Graph {
    /// Returns this graph with its files sorted into other modules.
    #[must_use]
    pub fn sorted_into(&self, modules: &Modules) -> Self {
        let mut sorted = self.clone();
        for file in &mut sorted.files {
            file.module = modules.of(&file.path);
        }
        sorted.modules = modules.clone();
        sorted
    }

    /// Returns this graph with its files sorted into other modules, where a file that moved out of all of them stays in
    /// the one that it came from: renaming a folder takes nothing out of the rules about it.
    #[must_use]
    pub fn sorted_as_moved(&self, modules: &Modules, renames: &Renames) -> Self {
        let mut sorted = self.sorted_into(modules);
        for file in sorted.files.iter_mut().filter(|file| file.module.is_none()) {
            file.module = renames.get(&file.path).and_then(|old| modules.of(old));
        }
        sorted
    }

    /// Returns this graph with the imports of those files only whose path is kept; the files themselves stay.
    #[must_use]
    pub fn importing(&self, keep: impl Fn(&str) -> bool) -> Self {
        let kept: Vec<bool> = self.files.iter().map(|file| keep(&file.path)).collect();
        self.with(|import| kept.get(import.from.index()).copied().unwrap_or(false))
    }

    /// Returns the same graph without the imports that only checkers of types read. What another import of the same file
    /// leads to as well is still imported.
    #[must_use]
    pub fn without_types(&self) -> Self {
        self.with(|import| !import.types)
    }

    fn with(&self, keep: impl Fn(&Import) -> bool) -> Self {
        let mut imports = self.imports.clone();
        imports.retain(keep);
        let first_import =
            (0..=self.files.len()).map(|file| imports.partition_point(|import| import.from.index() < file)).collect();
        Self { imports, first_import, ..self.clone() }
    }
}
