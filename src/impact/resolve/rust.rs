//! Rust: an import is a path of modules; it leads to the file of its longest beginning that is a module with a file.
//!
//! Owns the look-up; `sight` holds what names a file brings in, `modules` builds the tree of modules from `mod x;`, `manifest` reads `Cargo.toml`. Re-exports are
//! not followed: `use store::Cart` leads to `store.rs`, also where that only passes `Cart` on. A crate of the repository
//! leads to its files, any other outside under the name that the manifest gives it, dashes included.

mod manifest;
mod modules;
mod sight;

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, follow, upwards};
use crate::completeness::Reason;
use crate::facts::{ImportForm, ImportLine};
use manifest::{Dependency, Manifest};
use modules::{ModuleTree, Place};
use sight::Sight;

pub(super) static FAMILY: Family = Family {
    id: "rust",
    is_manifest: |name| name == "Cargo.toml",
    may_name: |_| false,
    prepare: |files, reasons| Box::new(Rust::new(files, reasons)),
};

/// How many names in a row may stand for imports of the same file.
const ALIASES: usize = 6;

/// Names that are followed for one import; several may bring in the same name.
const STEPS: usize = 500;

/// Crates of one name that are compared.
const NAMESAKES: usize = 1_000;

/// Crates that every crate has.
const STANDARD: &[&str] = &["alloc", "core", "proc_macro", "std", "test"];

struct Rust<'a> {
    files: &'a SideFiles<'a>,
    manifests: BTreeMap<&'a str, Manifest>,
    tree: ModuleTree,
    /// Root file of each library crate by the folder of its manifest.
    libraries: HashMap<&'a str, PathId>,
    /// Folders of library crates by the name that code uses, sorted by path.
    by_name: HashMap<String, Vec<&'a str>>,
    /// What is in sight within each file.
    sights: HashMap<PathId, Sight<'a>>,
    /// Crates that `extern crate a as b;` brings in, by root file and the name that it gives them.
    renamed: HashMap<(PathId, String), String>,
}

impl<'a> Rust<'a> {
    fn new(files: &'a SideFiles<'a>, reasons: &mut Vec<Reason>) -> Self {
        let mut manifests = BTreeMap::new();
        for (path, text) in files.manifests(|name| name == "Cargo.toml") {
            match Manifest::read(text) {
                Ok(manifest) => {
                    manifests.insert(folder_of(path), manifest);
                }
                Err(why) => reasons.push(super::malformed(path, &why)),
            }
        }
        let mut libraries = HashMap::new();
        let mut by_name: HashMap<String, Vec<&str>> = HashMap::new();
        for (folder, manifest) in &manifests {
            let path = manifest.library_path.as_deref().unwrap_or("src/lib.rs");
            let root = follow(folder, path).and_then(|path| files.find(&path));
            if let (Some(root), true) = (root, !manifest.package.is_empty()) {
                libraries.insert(*folder, root);
                by_name.entry(manifest.library.clone()).or_default().push(folder);
            }
        }
        let tree = ModuleTree::build(files, &manifests, &libraries);
        let sights = files.of_family("rust").map(|(id, file)| (id, Sight::of(file))).collect();
        let renamed = renamed_crates(files, &tree);
        Self { files, manifests, tree, libraries, by_name, sights, renamed }
    }

    /// Returns the manifest that a file belongs to.
    fn own(&self, path: &str) -> Option<(&'a str, &Manifest)> {
        let owner = |folder| self.manifests.get_key_value(folder).filter(|(_, manifest)| !manifest.package.is_empty());
        upwards(folder_of(path)).find_map(owner).map(|(folder, manifest)| (*folder, manifest))
    }

    /// Returns where a path of a crate of the repository leads.
    fn in_crate(&self, folder: &str, rest: &[&str]) -> Option<Led> {
        self.libraries.get(folder).map(|root| Led::inside(*root, &[], rest))
    }

    /// Returns the files of the longest beginning of a path of modules that has one.
    fn below(&self, root: PathId, path: &[String]) -> &[PathId] {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut files = (0..=path.len()).rev().map(|end| self.tree.files(root, path.get(..end).unwrap_or_default()));
        files.find(|files| !files.is_empty()).unwrap_or_default()
    }

    /// Returns where a name that no module has leads: to a crate.
    fn extern_crate(&self, from: &str, root: PathId, name: &str, rest: &[&str]) -> Option<Led> {
        let own = self.own(from);
        let brought = self.renamed.get(&(root, name.to_owned())).map(String::as_str);
        if brought == Some("self") {
            return Some(Led::inside(root, &[], rest));
        }
        let name = brought.unwrap_or(name);
        if let Some((folder, manifest)) = own {
            if let Some(dependency) = manifest.dependencies.get(name) {
                return self.dependency(folder, name, dependency, rest);
            }
            if manifest.library == name && self.libraries.contains_key(folder) {
                return self.in_crate(folder, rest);
            }
        }
        if STANDARD.contains(&name) {
            return Some(Led::Outside(name.to_owned()));
        }
        // Without a manifest any crate of that name may be meant; with one, only what it lists or the code brings in.
        let bare = own.is_none() && !self.files.is_before();
        match self.nearest(from, name).filter(|_| bare || brought.is_some()) {
            Some(folder) => self.in_crate(folder, rest),
            // The compiler's own crates stand in no manifest.
            None => brought.map(|name| Led::Outside(name.to_owned())),
        }
    }

    fn dependency(&self, folder: &str, name: &str, dependency: &Dependency, rest: &[&str]) -> Option<Led> {
        let inherited = || {
            let roots = upwards(folder).filter_map(|folder| Some((folder, self.manifests.get(folder)?)));
            let mut found = roots.filter_map(|(at, manifest)| Some((at, manifest.workspace.get(name)?)));
            found.next()
        };
        let (at, said) = match dependency.from_workspace {
            true => inherited().unwrap_or((folder, dependency)),
            false => (folder, dependency),
        };
        if let Some(place) = said.path.as_deref().and_then(|path| follow(at, path))
            && self.libraries.contains_key(place.as_str())
        {
            return self.in_crate(&place, rest);
        }
        let library = said.package.replace('-', "_");
        if self.by_name.contains_key(&library)
            && let Some(place) = self.nearest(folder, &library)
        {
            return self.in_crate(place, rest);
        }
        Some(Led::Outside(said.package.clone()))
    }

    /// Returns the library of that name in the repository that is nearest to a path.
    fn nearest(&self, from: &str, name: &str) -> Option<&'a str> {
        let folders = self.by_name.get(name)?;
        folders
            .iter()
            .copied()
            .take(NAMESAKES)
            .max_by_key(|folder| (super::shared_folders(&super::join(folder, "x"), from), std::cmp::Reverse(*folder)))
    }

    /// Returns everything that a path may lead to from where it stands.
    fn leads(&self, spot: &Spot<'_>, parts: &[&str], left: Left<'_>) -> Vec<Led> {
        let (Some((first, rest)), Some(left)) = (parts.split_first(), left.less()) else { return Vec::new() };
        let place = &spot.place;
        if let Some((module, rest)) = anchored(place, parts) {
            return vec![Led::inside(place.root, module, rest)];
        }
        if *first == "super" {
            return Vec::new();
        }
        let mut found = Vec::new();
        if self.has_part(place.root, &place.module, first) {
            found.push(Led::inside(place.root, &place.module, parts));
        } else if self.sights.get(&spot.file).is_some_and(|sight| sight.modules.contains(*first)) {
            found.push(Led::Own(spot.file));
        }
        // A statement within a function hides a part of the same name, and nothing says which function is meant.
        found.extend(self.named(spot, parts, left));
        if found.is_empty() {
            found = self.globbed(spot, parts, left);
        }
        if found.is_empty() {
            found.extend(self.extern_crate(spot.path, place.root, first, rest));
        }
        if found.is_empty() {
            found.extend(self.unknown(spot, parts));
        }
        found
    }

    fn has_part(&self, root: PathId, module: &[String], name: &str) -> bool {
        let child: Vec<&str> = module.iter().map(String::as_str).chain([name]).collect();
        !self.tree.files(root, &child).is_empty()
    }

    /// Follows a name that other imports of the same module bring in: `use syntax::ast; use ast::Expr;`.
    fn named(&self, spot: &Spot<'_>, parts: &[&str], left: Left<'_>) -> Vec<Led> {
        let Some((first, rest)) = parts.split_first() else { return Vec::new() };
        let others = self.sights.get(&spot.file).map_or(&[][..], |sight| sight.names(&spot.place.within, first));
        let expanded = |other: &&ImportLine| self.statement(spot, &other.raw, rest, left);
        others.iter().flat_map(expanded).collect()
    }

    /// Returns everything that the path of a statement, and what follows it elsewhere, may lead to.
    fn statement(&self, spot: &Spot<'_>, raw: &str, rest: &[&str], left: Left<'_>) -> Vec<Led> {
        let parts: Vec<&str> = split(raw).into_iter().chain(rest.iter().copied()).collect();
        match raw.strip_prefix("::") {
            Some(_) => self.global(spot, &parts).into_iter().collect(),
            None => self.leads(spot, &parts, left),
        }
    }

    /// Resolves a path that begins with `::`: a crate comes first there.
    fn global(&self, spot: &Spot<'_>, parts: &[&str]) -> Option<Led> {
        let (first, rest) = parts.split_first()?;
        let root = spot.place.root;
        let found = self.extern_crate(spot.path, root, first, rest);
        // The 2015 edition takes such paths from the root of the crate.
        let in_root = || self.has_part(root, &[], first).then(|| Led::inside(root, &[], parts));
        Some(found.or_else(in_root).unwrap_or_else(|| Led::Outside((*first).to_owned())))
    }

    /// Follows a name that a wildcard brings in: `use super::*; cart::open()`.
    fn globbed(&self, spot: &Spot<'_>, parts: &[&str], left: Left<'_>) -> Vec<Led> {
        let (Some(first), Some(left)) = (parts.first(), left.less()) else { return Vec::new() };
        if !spot.globs {
            return Vec::new();
        }
        let wildcards = self.sights.get(&spot.file).map_or(&[][..], |sight| sight.wildcards(&spot.place.within));
        let mut found = Vec::new();
        for wildcard in wildcards {
            let path = split(&wildcard.raw);
            // A wildcard that begins with another one's name would be asked of itself.
            let known = match anchored(&spot.place, &path) {
                Some((module, rest)) => vec![Led::inside(spot.place.root, module, rest)],
                None => self.statement(&Spot { globs: false, ..spot.clone() }, &wildcard.raw, &[], left),
            };
            for led in known {
                let Led::Inside(root, module) = led else { continue };
                if self.has_part(root, &module, first) {
                    let rest: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
                    found.push(Led::Inside(root, [module, rest].concat()));
                } else if let Some(there) =
                    self.spot(root, &module).filter(|there| there.place.module != spot.place.module)
                {
                    found.extend(self.named(&there, parts, left));
                }
            }
        }
        found
    }

    /// Returns the place that a path of modules names.
    fn spot(&self, root: PathId, module: &[String]) -> Option<Spot<'a>> {
        let path: Vec<&str> = module.iter().map(String::as_str).collect();
        (0..=path.len()).rev().find_map(|end| {
            let file = *self.tree.files(root, path.get(..end)?).first()?;
            let within = path.get(end..)?.join("::");
            let place = Place { root, module: module.to_vec(), within };
            Some(Spot { file, path: self.files.path(file), place, globs: true })
        })
    }

    /// Resolves what no module, no import and no manifest knows.
    fn unknown(&self, spot: &Spot<'_>, parts: &[&str]) -> Option<Led> {
        let first = parts.first().copied().unwrap_or_default();
        if self.sights.get(&spot.file).is_some_and(|sight| sight.parts.contains(first)) {
            // A part that has no file: a macro or the build writes it.
            return None;
        }
        // The 2015 edition takes such paths from the root of the crate.
        if self.has_part(spot.place.root, &[], first) {
            return Some(Led::inside(spot.place.root, &[], parts));
        }
        // What the file itself defines: an enum whose variants are brought in, a macro.
        let own_item = first.chars().next().is_some_and(char::is_uppercase) || parts.len() == 1;
        own_item.then_some(Led::Own(spot.file))
    }

    /// Returns the files, or else the package, that all of this leads to.
    fn resolved(&self, all: &[Led]) -> Resolved {
        let (mut files, mut package) = (Vec::new(), None);
        for led in all {
            match led {
                Led::Inside(root, path) => files.extend(self.below(*root, path)),
                Led::Own(file) => files.push(*file),
                Led::Outside(name) => package = package.or(Some(name)),
            }
        }
        files.sort_unstable();
        files.dedup();
        match package {
            Some(name) if files.is_empty() => Resolved::Package(name.clone()),
            _ => Resolved::files(files),
        }
    }

    /// Resolves a path in the midst of code. What a statement of the same module leads to already is not said again.
    fn in_full(&self, from: Importer<'_>, spot: &Spot<'_>, import: &ImportLine, left: Left<'_>) -> Resolved {
        let parts = split(&import.raw);
        let resolved = self.resolved(&self.leads(spot, &parts, left));
        let others = self
            .sights
            .get(&from.id)
            .map_or(&[][..], |sight| sight.names(&spot.place.within, parts.first().copied().unwrap_or_default()));
        let stated: Vec<Resolved> =
            others.iter().map(|other| self.resolved(&self.statement(spot, &other.raw, &[], left))).collect();
        let known =
            |file: &PathId| stated.iter().any(|other| matches!(other, Resolved::Files(files) if files.contains(file)));
        match resolved {
            Resolved::Files(files) => {
                Resolved::files(files.into_iter().filter(|file| *file != from.id && !known(file)).collect())
            }
            Resolved::Package(_) if !others.is_empty() => Resolved::Unresolved,
            other => other,
        }
    }

    /// Resolves `include!("file")`.
    fn included(&self, from: Importer<'_>, at: &str) -> Resolved {
        let start = if at.starts_with('/') {
            self.own(&from.file.path).map_or("", |(folder, _)| folder)
        } else {
            from.folder()
        };
        let found = follow(start, at).and_then(|path| self.files.find(&path));
        found.map_or(Resolved::Unresolved, Resolved::file)
    }
}

impl Resolve for Rust<'_> {
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        let mut place = self.tree.place(from.id).unwrap_or_else(|| Place::root(from.id));
        place.within.clone_from(&import.within);
        place.module.extend(import.within.split("::").filter(|part| !part.is_empty()).map(str::to_owned));
        let parts = split(&import.raw);
        if import.form == ImportForm::Part {
            let child: Vec<&str> = place
                .module
                .iter()
                .map(String::as_str)
                .chain(parts.get(1..).unwrap_or_default().iter().copied())
                .collect();
            // A part that may lie in several files stands there once for each.
            let again =
                from.file.imports.binary_search(import).ok().and_then(|at| from.file.imports.get(at.checked_sub(1)?));
            let same = |other: &ImportLine| ImportLine { at: import.at.clone(), ..other.clone() } == *import;
            if again.is_some_and(same) {
                return Resolved::file(from.id);
            }
            return Resolved::files(self.tree.files(place.root, &child).to_vec());
        }
        if import.form == ImportForm::Inline && !import.at.is_empty() {
            return self.included(from, &import.at);
        }
        let spot = Spot { file: from.id, path: &from.file.path, place, globs: true };
        if import.form == ImportForm::Package && import.raw == "self" {
            return Resolved::file(from.id);
        }
        if import.raw.starts_with("::") || import.form == ImportForm::Package {
            return self.global(&spot, &parts).map_or(Resolved::Unresolved, |led| self.resolved(&[led]));
        }
        let steps = Cell::new(STEPS);
        let left = Left { depth: ALIASES, steps: &steps };
        if import.form == ImportForm::Inline {
            return self.in_full(from, &spot, import, left);
        }
        self.resolved(&self.leads(&spot, &parts, left))
    }
}

/// Where a path leads before files are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Led {
    /// To a path of modules and what they hold, from the root of a crate of the repository.
    Inside(PathId, Vec<String>),
    /// To something of this file itself.
    Own(PathId),
    /// To a package outside.
    Outside(String),
}

impl Led {
    fn inside(root: PathId, module: &[String], rest: &[&str]) -> Self {
        Self::Inside(root, module.iter().cloned().chain(rest.iter().map(|part| (*part).to_owned())).collect())
    }
}

/// Where a path stands.
#[derive(Clone)]
struct Spot<'p> {
    file: PathId,
    /// The path of that file.
    path: &'p str,
    place: Place,
    /// False while a wildcard's own path is followed.
    globs: bool,
}

/// How far names are followed yet: in a row, and in all.
#[derive(Clone, Copy)]
struct Left<'c> {
    depth: usize,
    steps: &'c Cell<usize>,
}

impl Left<'_> {
    fn less(self) -> Option<Self> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        Some(Self { depth: self.depth.checked_sub(1)?, ..self })
    }
}

/// Returns the module that `crate`, `self` or `super` names, and what follows; none for any other path.
fn anchored<'m, 'p, 's>(place: &'m Place, parts: &'p [&'s str]) -> Option<(&'m [String], &'p [&'s str])> {
    match *parts.first()? {
        "crate" | "$crate" => Some((&[], parts.get(1..)?)),
        "self" | "super" => {
            let own = usize::from(parts.first() == Some(&"self"));
            let ups = parts.get(own..)?.iter().take_while(|part| **part == "super").count();
            let keep = place.module.len().checked_sub(ups)?;
            Some((place.module.get(..keep)?, parts.get(own + ups..)?))
        }
        _ => None,
    }
}

/// Splits a path; a wildcard stands for the module itself.
fn split(raw: &str) -> Vec<&str> {
    raw.split("::").map(|part| part.trim_start_matches("r#")).filter(|part| !part.is_empty() && *part != "*").collect()
}

/// Returns the crates that `extern crate` brings in, by root file and the name that it gives them.
fn renamed_crates(files: &SideFiles<'_>, tree: &ModuleTree) -> HashMap<(PathId, String), String> {
    let mut found = HashMap::new();
    for (id, file) in files.of_family("rust") {
        let root = tree.place(id).map_or(id, |place| place.root);
        for import in file.imports.iter().filter(|import| import.form == ImportForm::Package) {
            let name = if import.known_as.is_empty() { &import.raw } else { &import.known_as };
            found.entry((root, name.clone())).or_insert_with(|| import.raw.clone());
        }
    }
    found
}
