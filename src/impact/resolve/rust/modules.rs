//! Which file is which module: walked from the root of each crate along `mod x;`.
//!
//! Files that no walk reaches (a macro declares them) are placed by their path. Where a binary and a library share a
//! file it belongs to the library.

use std::collections::{BTreeMap, HashMap};

use super::super::{PathId, SideFiles, folder_of, follow, join, upwards};
use super::manifest::Manifest;
use crate::facts::ImportForm;

/// The module that a file is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Root file of the crate.
    pub(super) root: PathId,
    /// Names from there.
    pub(super) module: Vec<String>,
    /// Names of modules within the file, where it stands in one.
    pub(super) within: String,
}

impl Place {
    /// Returns the place of a root file.
    pub(super) fn root(root: PathId) -> Self {
        Self { root, module: Vec::new(), within: String::new() }
    }
}

/// Files of one module that are kept.
const NAMESAKES: usize = 50;

/// All modules with files.
#[derive(Default)]
pub(super) struct ModuleTree {
    /// A part that an attribute places here or there has several files.
    files: HashMap<(PathId, String), Vec<PathId>>,
    places: HashMap<PathId, Place>,
    /// Files that `#[path]` names: their parts stand beside them.
    named: HashMap<PathId, ()>,
}

impl ModuleTree {
    /// Walks every crate.
    pub(super) fn build(
        files: &SideFiles<'_>,
        manifests: &BTreeMap<&str, Manifest>,
        libraries: &HashMap<&str, PathId>,
    ) -> Self {
        let mut tree = Self::default();
        for (folder, manifest) in manifests {
            let named = manifest.targets.iter().filter_map(|path| files.find(&follow(folder, path)?));
            let main = files.find(&join(folder, "src/main.rs"));
            for root in libraries.get(folder).copied().into_iter().chain(main).chain(named) {
                tree.walk(files, root);
            }
        }
        for (id, file) in files.of_family("rust") {
            if is_root(&file.path, manifests) {
                tree.walk(files, id);
            }
        }
        for (id, file) in files.of_family("rust") {
            if !tree.places.contains_key(&id) {
                tree.place_by_path(files, id, &file.path, manifests, libraries);
            }
        }
        tree
    }

    /// Returns the module that a file is.
    pub(super) fn place(&self, file: PathId) -> Option<Place> {
        self.places.get(&file).cloned()
    }

    /// Returns the files of a module, or none.
    pub(super) fn files(&self, root: PathId, module: &[&str]) -> &[PathId] {
        self.files.get(&(root, module.join("::"))).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, file: PathId, place: Place) -> bool {
        let files = self.files.entry((place.root, place.module.join("::"))).or_default();
        if files.len() < NAMESAKES && !files.contains(&file) {
            files.push(file);
        }
        if self.places.contains_key(&file) {
            return false;
        }
        self.places.insert(file, place);
        true
    }

    fn walk(&mut self, files: &SideFiles<'_>, root: PathId) {
        if !self.add(root, Place::root(root)) {
            return;
        }
        let mut open = vec![root];
        while let Some(here) = open.pop() {
            let (Some(file), Some(place)) = (files.file(here), self.place(here)) else { continue };
            let beside = here == root || self.named.contains_key(&here) || file.path.ends_with("/mod.rs");
            let stem = file.path.strip_suffix(".rs").unwrap_or(&file.path);
            let own = if beside { folder_of(&file.path) } else { stem };
            for import in file.imports.iter().filter(|import| import.form == ImportForm::Part) {
                let name = import.raw.rsplit("::").next().unwrap_or_default().trim_start_matches("r#");
                let inner: Vec<&str> = import.within.split("::").filter(|part| !part.is_empty()).collect();
                let folder = inner.iter().fold(own.to_owned(), |folder, part| join(&folder, part));
                let named = |start: &str| follow(start, &import.at).and_then(|path| files.find(&path));
                let found = if import.at.is_empty() {
                    let plain = join(&folder, &format!("{name}.rs"));
                    vec![files.find(&plain).or_else(|| files.find(&join(&folder, &format!("{name}/mod.rs"))))]
                } else if inner.is_empty() {
                    vec![named(folder_of(&file.path))]
                } else {
                    // Where the module around it is placed as well, its name is no folder.
                    vec![named(&folder), named(folder_of(&file.path))]
                };
                for found in found.into_iter().flatten().filter(|id| files.file(*id).is_some()) {
                    let parts = place.module.iter().map(String::as_str).chain(inner.iter().copied()).chain([name]);
                    let module = parts.map(str::to_owned).collect();
                    if self.add(found, Place { root, module, within: String::new() }) {
                        if !import.at.is_empty() {
                            self.named.insert(found, ());
                        }
                        open.push(found);
                    }
                }
            }
        }
    }

    /// Places a file by its path below the root of its crate.
    fn place_by_path(
        &mut self,
        files: &SideFiles<'_>,
        id: PathId,
        path: &str,
        manifests: &BTreeMap<&str, Manifest>,
        libraries: &HashMap<&str, PathId>,
    ) {
        let owner =
            upwards(folder_of(path)).find(|folder| manifests.get(folder).is_some_and(|own| !own.package.is_empty()));
        let root = owner
            .and_then(|folder| libraries.get(folder).copied().or_else(|| files.find(&join(folder, "src/main.rs"))));
        let below = root.and_then(|root| {
            let folder = folder_of(files.path(root));
            let rest = if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') };
            Some((root, rest?))
        });
        let Some((root, rest)) = below else {
            self.add(id, Place::root(id));
            return;
        };
        let stem = rest.strip_suffix(".rs").unwrap_or(rest);
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        self.add(id, Place { root, module: stem.split('/').map(str::to_owned).collect(), within: String::new() });
    }
}

/// Says whether cargo takes a file for the root of a crate by its place alone.
fn is_root(path: &str, manifests: &BTreeMap<&str, Manifest>) -> bool {
    let owner = upwards(folder_of(path)).find(|folder| manifests.contains_key(folder));
    let Some(owner) = owner else { return false };
    let rest = if owner.is_empty() { path } else { path.get(owner.len() + 1..).unwrap_or_default() };
    if rest == "build.rs" {
        return true;
    }
    let inner = ["src/bin/", "tests/", "examples/", "benches/"].iter().find_map(|folder| rest.strip_prefix(folder));
    inner.is_some_and(|inner| match inner.split_once('/') {
        None => inner.ends_with(".rs"),
        Some((_, rest)) => rest == "main.rs",
    })
}
