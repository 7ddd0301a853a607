//! Which file is which module: walked from the root of each crate along `mod x;`.
//!
//! Files that no walk reaches (a macro declares them) are placed by their path. A file that is declared in several places
//! has each of them, for conditions may leave any; where a binary and a library share a file, the library's come first.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::{PathId, SideFiles, folder_of, follow, join, upwards};
use super::manifest::Manifest;
use crate::facts::{ImportForm, ImportLine};

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

    /// Returns the place of a module of the file.
    pub(super) fn inside(&self, within: &str) -> Self {
        let inner = within.split("::").filter(|part| !part.is_empty()).map(str::to_owned);
        let module = self.module.iter().cloned().chain(inner).collect();
        Self { root: self.root, module, within: within.to_owned() }
    }
}

/// Places of one file in one crate; more make the graph too large.
const PLACES: usize = 20;

/// How far included files may include others.
const INCLUDED: usize = 10;

/// Crates that one file is taken for a part of; test crates share files.
const CRATES: usize = 4;

/// All modules with files.
#[derive(Default)]
pub(super) struct ModuleTree {
    /// A part that an attribute places here or there has several files.
    files: HashMap<(PathId, String), Vec<PathId>>,
    places: HashMap<PathId, Vec<Place>>,
    /// Files that `#[path]` names: their parts stand beside them.
    named: HashSet<PathId>,
    /// Files that an attribute places, where the file around it may hold what bears that name; true for a declaration
    /// that may not hold at all.
    doubtful: HashMap<PathId, bool>,
    /// Files by module that stands in them, as [`ImportForm::Inner`] says.
    inner: HashMap<(PathId, String), Vec<PathId>>,
    /// Files of other languages that a declaration names.
    foreign: BTreeSet<PathId>,
    /// Modules whose declaration may not hold.
    loose: HashSet<(PathId, String)>,
    /// Modules that pass their macros on.
    shares: HashSet<(PathId, String)>,
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
        tree.place_included(files, manifests);
        for (id, file) in files.of_family("rust") {
            if !tree.places.contains_key(&id) {
                tree.place_by_path(files, id, &file.path, manifests, libraries);
            }
        }
        tree.take_inner(files);
        tree
    }

    /// Returns the files that are declared as modules and are no Rust, sorted.
    pub(super) fn foreign(&self) -> impl Iterator<Item = PathId> + '_ {
        self.foreign.iter().copied()
    }

    fn take_inner(&mut self, files: &SideFiles<'_>) {
        for (id, file) in files.of_family("rust") {
            let wanted = |import: &&ImportLine| {
                let declares = matches!(import.form, ImportForm::Inner | ImportForm::Part);
                import.form == ImportForm::Inner || (declares && (import.shares || import.loose))
            };
            for import in file.imports.iter().filter(wanted) {
                for place in self.places.get(&id).into_iter().flatten() {
                    let mut module = place.inside(&import.within).module;
                    module.extend(import.raw.strip_prefix("self::").map(str::to_owned));
                    let key = (place.root, module.join("::"));
                    if import.shares {
                        self.shares.insert(key.clone());
                    }
                    if import.loose {
                        self.loose.insert(key.clone());
                    }
                    let inner = self.inner.entry(key).or_default();
                    if import.form == ImportForm::Inner && import.raw != "self" && !inner.contains(&id) {
                        inner.push(id);
                    }
                }
            }
        }
        self.inner.retain(|_, files| !files.is_empty());
    }

    /// Returns the modules that a file is.
    pub(super) fn places(&self, file: PathId) -> &[Place] {
        self.places.get(&file).map_or(&[], Vec::as_slice)
    }

    /// Says whether there is a module of that path, with a file or within one.
    pub(super) fn is_module(&self, root: PathId, module: &[&str]) -> bool {
        let key = (root, module.join("::"));
        self.files.contains_key(&key) || self.inner.contains_key(&key)
    }

    /// Says whether there is such a module for sure.
    pub(super) fn is_sure(&self, root: PathId, module: &[&str]) -> bool {
        self.is_module(root, module) && !self.loose.contains(&(root, module.join("::")))
    }

    /// Returns the module that sees the macros of a module, with all inside it.
    pub(super) fn seen_from(&self, root: PathId, mut module: Vec<String>) -> Vec<String> {
        while !module.is_empty() && self.shares.contains(&(root, module.join("::"))) {
            module.pop();
        }
        module
    }

    /// Returns the files of the longest beginning of a path that is a module, with a file or within one.
    ///
    /// Where only an attribute says so, what bears that name in the file around counts as well.
    pub(super) fn below(&self, root: PathId, path: &[&str]) -> Vec<PathId> {
        let mut found = Vec::new();
        for end in (0..=path.len()).rev() {
            let key = (root, path.get(..end).unwrap_or_default().join("::"));
            let listed = self.files.get(&key).into_iter().chain(self.inner.get(&key)).flatten().copied();
            let here: Vec<PathId> = listed.collect();
            let doubtful = |file: &PathId| self.doubtful.get(file).is_some_and(|maybe| *maybe || end == path.len());
            let goes_on = here.iter().all(doubtful);
            found.extend(here);
            if !goes_on {
                break;
            }
        }
        found
    }

    /// Returns the files of a module, or none.
    pub(super) fn files(&self, root: PathId, module: &[&str]) -> &[PathId] {
        self.files.get(&(root, module.join("::"))).map_or(&[], Vec::as_slice)
    }

    /// Places a file; false where it was there already, or has too many places.
    fn add(&mut self, files: &SideFiles<'_>, file: PathId, place: &Place) -> bool {
        let listed = self.files.entry((place.root, place.module.join("::"))).or_default();
        if !files.spend(listed.len() + 1) {
            return false;
        }
        if !listed.contains(&file) {
            listed.push(file);
        }
        let places = self.places.entry(file).or_default();
        if places.iter().any(|other| other.root == place.root && other.module == place.module) {
            return false;
        }
        if places.iter().filter(|other| other.root == place.root).count() >= PLACES {
            // What lies there is not known to the end.
            files.spend(usize::MAX);
            return false;
        }
        let roots: HashSet<PathId> = places.iter().map(|place| place.root).collect();
        if roots.len() >= CRATES && !roots.contains(&place.root) {
            return false;
        }
        places.push(place.clone());
        true
    }

    fn walk(&mut self, files: &SideFiles<'_>, root: PathId) {
        if self.places(root).iter().any(|place| place.root == root) || !self.add(files, root, &Place::root(root)) {
            return;
        }
        let mut open = vec![(root, Place::root(root))];
        while let Some((here, place)) = open.pop() {
            let Some(file) = files.file(here) else { continue };
            let beside = here == root || self.named.contains(&here) || file.path.ends_with("/mod.rs");
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
                for found in found.into_iter().flatten() {
                    if files.file(found).is_none_or(|file| file.language != "rust") {
                        self.foreign.insert(found);
                        continue;
                    }
                    let parts = place.module.iter().map(String::as_str).chain(inner.iter().copied()).chain([name]);
                    let module = parts.map(str::to_owned).collect();
                    let place = Place { root, module, within: String::new() };
                    if self.add(files, found, &place) {
                        if !import.at.is_empty() {
                            self.named.insert(found);
                            *self.doubtful.entry(found).or_default() |= import.loose;
                        }
                        open.push((found, place));
                    }
                }
            }
        }
    }

    /// Places files that `include!` names where the text that includes them stands.
    fn place_included(&mut self, files: &SideFiles<'_>, manifests: &BTreeMap<&str, Manifest>) {
        for _ in 0..INCLUDED {
            let mut more: Vec<(PathId, Place)> = Vec::new();
            for (id, file) in files.of_family("rust") {
                let includes = |import: &&ImportLine| import.form == ImportForm::Inline && !import.at.is_empty();
                for import in file.imports.iter().filter(includes) {
                    let is_own = |folder: &&str| manifests.get(folder).is_some_and(|own| !own.package.is_empty());
                    let own = folder_of(&file.path);
                    let start = if import.at.starts_with('/') { upwards(own).find(is_own) } else { Some(own) };
                    let found = start.and_then(|start| files.find(&follow(start, &import.at)?));
                    let found = found.filter(|found| !self.places.contains_key(found));
                    let Some(found) = found.filter(|found| files.file(*found).is_some()) else { continue };
                    let places = self.places(id).iter().map(|place| place.inside(&import.within));
                    more.extend(places.map(|place| (found, Place { within: String::new(), ..place })));
                }
            }
            if more.is_empty() {
                return;
            }
            for (file, place) in more {
                let places = self.places.entry(file).or_default();
                if places.len() < PLACES {
                    places.push(place);
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
            self.add(files, id, &Place::root(id));
            return;
        };
        let stem = rest.strip_suffix(".rs").unwrap_or(rest);
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        let module = stem.split('/').map(str::to_owned).collect();
        self.add(files, id, &Place { root, module, within: String::new() });
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
