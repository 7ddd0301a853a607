//! From module to module, and which imports are new.

use std::collections::{BTreeMap, HashSet};

use super::{FileId, Graph, Import, ImportId, Target};
use crate::impact::modules::{ModuleId, ModuleSet};

/// What one module imports of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleEdge {
    /// The module that imports.
    pub from: ModuleId,
    /// The module that is imported.
    pub to: ModuleId,
    /// The imports, sorted by file and line.
    pub imports: Vec<ImportId>,
}

/// Old path by new path of files that the change renamed.
pub type Renames = BTreeMap<String, String>;

/// What makes an import the same on both sides: file, text, own module, and where it leads in terms of modules.
type Identity<'a> = (&'a str, &'a str, &'a str, Vec<&'a str>);

impl Graph {
    /// Returns the edges between different modules, sorted.
    #[must_use]
    pub fn module_edges(&self) -> Vec<ModuleEdge> {
        let mut edges: BTreeMap<(ModuleId, ModuleId), Vec<ImportId>> = BTreeMap::new();
        for (id, import) in self.dependencies() {
            let Some(from) = self.module_of(import.from) else { continue };
            for to in self.target_modules(import).into_iter().flatten().filter(|to| *to != from) {
                edges.entry((from, to)).or_default().push(id);
            }
        }
        edges.into_iter().map(|((from, to), imports)| ModuleEdge { from, to, imports }).collect()
    }

    /// Returns the imports that lead from a file of `from` directly to a file of `to`, sorted by file and line; never
    /// one within a module.
    #[must_use]
    pub fn direct(&self, from: &ModuleSet, to: &ModuleSet) -> Vec<ImportId> {
        self.dependencies().filter(|(_, import)| self.leads(import, from, to)).map(|(id, _)| id).collect()
    }

    /// Says whether an import leads from a file of `from` to a file of `to` in another module.
    #[must_use]
    pub fn leads(&self, import: &Import, from: &ModuleSet, to: &ModuleSet) -> bool {
        let own = self.module_of(import.from);
        from.contains(own) && self.target_modules(import).into_iter().any(|module| module != own && to.contains(module))
    }

    /// Returns the imports that `base` does not have, sorted by file and line.
    ///
    /// An import is old when the same file (under its old path where the change renamed it) has the same text on the
    /// base side, and neither the file nor what it imports has come to another module or package since. The line does
    /// not count.
    #[must_use]
    pub fn new_imports(&self, base: &Self, renames: &Renames) -> Vec<ImportId> {
        let known: HashSet<Identity<'_>> =
            base.imports.iter().map(|import| base.identity(import, base.path(import.from))).collect();
        let is_new = |import: &Import| {
            let path = self.path(import.from);
            !known.contains(&self.identity(import, renames.get(path).map_or(path, String::as_str)))
        };
        self.dependencies().filter(|(_, import)| is_new(import)).map(|(id, _)| id).collect()
    }

    fn identity<'a>(&'a self, import: &'a Import, path: &'a str) -> Identity<'a> {
        let name = |module: Option<ModuleId>| module.map_or("", |module| self.modules.name(module));
        let leads = match import.target {
            Target::Files(_) => self.target_modules(import).into_iter().map(name).collect(),
            // No module is called so.
            Target::Package(_) => vec!["\0package", self.package(import).unwrap_or_default()],
            Target::Unresolved => vec!["\0unresolved"],
        };
        (path, &import.raw, name(self.module_of(import.from)), leads)
    }

    /// Returns the pairs of modules with an edge here and none in `base`, sorted by name.
    #[must_use]
    pub fn new_module_edges(&self, base: &Self) -> Vec<(String, String)> {
        let named = |graph: &Self| -> Vec<(String, String)> {
            let name = |module| graph.modules.name(module).to_owned();
            graph.module_edges().iter().map(|edge| (name(edge.from), name(edge.to))).collect()
        };
        let known: HashSet<(String, String)> = named(base).into_iter().collect();
        named(self).into_iter().filter(|edge| !known.contains(edge)).collect()
    }

    /// Returns the modules that have files here and none in `base`, sorted.
    #[must_use]
    pub fn new_modules(&self, base: &Self) -> Vec<String> {
        let filled = |graph: &Self| -> Vec<String> {
            let mut names: Vec<String> = graph
                .files
                .iter()
                .filter(|file| !file.language.is_empty())
                .filter_map(|file| file.module)
                .map(|module| graph.modules.name(module).to_owned())
                .collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let known: HashSet<String> = filled(base).into_iter().collect();
        filled(self).into_iter().filter(|name| !known.contains(name)).collect()
    }

    /// Returns where each file's imports lead, as plain neighbours for the searches: files first, then one node for each
    /// list of several targets, so that a package of many files costs its files once and not once an importer.
    pub(super) fn neighbours(&self) -> Neighbours {
        let files = self.files.len();
        let mut rows: Vec<Vec<(usize, Option<ImportId>)>> = vec![Vec::new(); files.saturating_add(self.targets.len())];
        for (id, import) in self.dependencies() {
            let Target::Files(list) = import.target else { continue };
            let to = match self.target_files(import) {
                [only] => only.index(),
                _ => files.saturating_add(list as usize),
            };
            if let Some(row) = rows.get_mut(import.from.index()) {
                row.push((to, Some(id)));
            }
        }
        for (list, targets) in self.targets.iter().enumerate().filter(|(_, targets)| targets.len() > 1) {
            if let Some(row) = rows.get_mut(files.saturating_add(list)) {
                row.extend(targets.iter().map(|file: &FileId| (file.index(), None)));
            }
        }
        Neighbours { rows, files }
    }
}

/// Plain neighbours: files, then one node for each list of several targets.
pub(super) struct Neighbours {
    /// Neighbour and the import that leads there; none out of a list.
    pub(super) rows: Vec<Vec<(usize, Option<ImportId>)>>,
    /// How many of the nodes are files.
    pub(super) files: usize,
}
