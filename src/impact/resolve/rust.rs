//! Rust: an import is a path of modules; it leads to the file of its longest beginning that is a module with a file.
//!
//! Owns the look-up; `modules` builds the tree of modules from `mod x;`, `manifest` reads `Cargo.toml`. Re-exports are
//! not followed: `use store::Cart` leads to `store.rs`, also where that only passes `Cart` on. A crate of the repository
//! leads to its files, any other outside under the name that the manifest gives it, dashes included.

mod manifest;
mod modules;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, follow, upwards};
use crate::completeness::Reason;
use crate::facts::{ImportForm, ImportLine};
use crate::impact::listing::ListedFile;
use manifest::{Dependency, Manifest};
use modules::{ModuleTree, Place};

pub(super) static FAMILY: Family = Family {
    id: "rust",
    is_manifest: |name| name == "Cargo.toml",
    may_name: |_| false,
    prepare: |files, reasons| Box::new(Rust::new(files, reasons)),
};

/// How many names in a row may stand for imports of the same file.
const ALIASES: usize = 4;

/// Crates of one name that are compared.
const NAMESAKES: usize = 1_000;

/// Wildcards of one module that are looked through.
const WILDCARDS: usize = 20;

/// Crates that every crate has.
const STANDARD: &[&str] = &["alloc", "core", "proc_macro", "std", "test"];

struct Rust<'a> {
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
        Self { manifests, tree, libraries, by_name, sights, renamed }
    }

    /// Returns the manifest that a file belongs to.
    fn own(&self, path: &str) -> Option<(&'a str, &Manifest)> {
        let owner = |folder| self.manifests.get_key_value(folder).filter(|(_, manifest)| !manifest.package.is_empty());
        upwards(folder_of(path)).find_map(owner).map(|(folder, manifest)| (*folder, manifest))
    }

    /// Returns where a path of a crate of the repository leads.
    fn in_crate(&self, folder: &str, rest: &[&str]) -> Resolved {
        match self.libraries.get(folder) {
            Some(root) => self.below(*root, &[], rest).map_or(Resolved::file(*root), Resolved::file),
            None => Resolved::Unresolved,
        }
    }

    /// Returns the file of the longest beginning of `module` and `rest` that has one.
    fn below(&self, root: PathId, module: &[String], rest: &[&str]) -> Option<PathId> {
        let mut path: Vec<&str> = module.iter().map(String::as_str).collect();
        path.extend(rest);
        (0..=path.len()).rev().find_map(|end| self.tree.file(root, path.get(..end)?))
    }

    /// Returns where a name that no module has leads: to a crate.
    fn extern_crate(&self, from: &str, root: PathId, name: &str, rest: &[&str]) -> Option<Resolved> {
        let own = self.own(from);
        let brought = self.renamed.get(&(root, name.to_owned())).map(String::as_str);
        let name = brought.unwrap_or(name);
        if let Some((folder, manifest)) = own {
            if let Some(dependency) = manifest.dependencies.get(name) {
                return Some(self.dependency(folder, name, dependency, rest));
            }
            if manifest.library == name && self.libraries.contains_key(folder) {
                return Some(self.in_crate(folder, rest));
            }
        }
        if STANDARD.contains(&name) {
            return Some(Resolved::Package(name.to_owned()));
        }
        // Without a manifest any crate of that name may be meant; with one, only what it lists or the code brings in.
        match self.nearest(from, name).filter(|_| own.is_none() || brought.is_some()) {
            Some(folder) => Some(self.in_crate(folder, rest)),
            // The compiler's own crates stand in no manifest.
            None => brought.map(|name| Resolved::Package(name.to_owned())),
        }
    }

    fn dependency(&self, folder: &str, name: &str, dependency: &Dependency, rest: &[&str]) -> Resolved {
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
        Resolved::Package(said.package.clone())
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

    /// Resolves a path that stands in a module.
    fn path(&self, from: Importer<'_>, place: &Place, parts: &[&str], aliases: usize) -> Resolved {
        let Some((first, rest)) = parts.split_first() else { return Resolved::file(from.id) };
        if let Some((module, rest)) = anchored(place, parts) {
            return self.below(place.root, module, rest).map_or(Resolved::Unresolved, Resolved::file);
        }
        if *first == "super" {
            return Resolved::Unresolved;
        }
        if self.has_part(place, &place.module, first) {
            return self.below(place.root, &place.module, parts).map_or(Resolved::Unresolved, Resolved::file);
        }
        if self.sights.get(&from.id).is_some_and(|sight| sight.modules.contains(*first)) {
            return Resolved::file(from.id);
        }
        self.alias(from, place, first, rest, aliases)
            .or_else(|| self.globbed(from, place, parts))
            .or_else(|| self.extern_crate(&from.file.path, place.root, first, rest))
            .unwrap_or_else(|| self.unknown(from, place, parts))
    }

    fn has_part(&self, place: &Place, module: &[String], name: &str) -> bool {
        let child: Vec<&str> = module.iter().map(String::as_str).chain([name]).collect();
        self.tree.file(place.root, &child).is_some()
    }

    /// Resolves a name that a wildcard brings in: `use super::*; cart::open()`.
    fn globbed(&self, from: Importer<'_>, place: &Place, parts: &[&str]) -> Option<Resolved> {
        let wildcards = self.sights.get(&from.id)?.wildcards.get(place.within.as_str())?;
        wildcards.iter().find_map(|import| {
            let path = split(&import.raw);
            let (module, rest) = anchored(place, &path)?;
            let module: Vec<String> =
                module.iter().cloned().chain(rest.iter().map(|part| (*part).to_owned())).collect();
            let found = self.has_part(place, &module, parts.first()?);
            found.then(|| self.below(place.root, &module, parts).map_or(Resolved::Unresolved, Resolved::file))
        })
    }

    /// Resolves what no module, no import and no manifest knows.
    fn unknown(&self, from: Importer<'_>, place: &Place, parts: &[&str]) -> Resolved {
        let first = parts.first().copied().unwrap_or_default();
        if self.sights.get(&from.id).is_some_and(|sight| sight.parts.contains(first)) {
            // A part that has no file: a macro or the build writes it.
            return Resolved::Unresolved;
        }
        // The 2015 edition takes such paths from the root of the crate.
        if self.has_part(place, &[], first) {
            return self.below(place.root, &[], parts).map_or(Resolved::Unresolved, Resolved::file);
        }
        // What the file itself defines: an enum whose variants are brought in, a macro.
        let own_item = first.chars().next().is_some_and(char::is_uppercase) || parts.len() == 1;
        if own_item { Resolved::file(from.id) } else { Resolved::Unresolved }
    }

    /// Resolves a name that another import of the same module brought in: `use syntax::ast; use ast::Expr;`.
    fn alias(&self, from: Importer<'_>, place: &Place, first: &str, rest: &[&str], left: usize) -> Option<Resolved> {
        let left = left.checked_sub(1)?;
        let other = self.sights.get(&from.id)?.names.get(&(place.within.as_str(), first))?;
        let parts: Vec<&str> = split(&other.raw).into_iter().chain(rest.iter().copied()).collect();
        Some(self.path(from, place, &parts, left))
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
            return self.tree.file(place.root, &child).map_or(Resolved::Unresolved, Resolved::file);
        }
        if import.raw.starts_with("::") {
            let (first, rest) = parts.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
            let found = self.extern_crate(&from.file.path, place.root, first, rest);
            return found.unwrap_or_else(|| {
                if first.is_empty() { Resolved::Unresolved } else { Resolved::Package(first.to_owned()) }
            });
        }
        if import.form == ImportForm::Package {
            let found = self.extern_crate(&from.file.path, place.root, &import.raw, &[]);
            return found.unwrap_or_else(|| Resolved::Package(import.raw.clone()));
        }
        self.path(from, &place, &parts, ALIASES)
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
            if import.raw != "self" {
                found.entry((root, name.clone())).or_insert_with(|| import.raw.clone());
            }
        }
    }
    found
}

/// What is in sight within one file; a module within it does not see the names around it.
#[derive(Default)]
struct Sight<'a> {
    /// Modules that the file holds itself, as far as something is imported in them.
    modules: HashSet<&'a str>,
    /// Parts that are declared.
    parts: HashSet<&'a str>,
    /// The import that brings in a name, by module within the file and name.
    names: HashMap<(&'a str, &'a str), &'a ImportLine>,
    /// Wildcards by module within the file.
    wildcards: HashMap<&'a str, Vec<&'a ImportLine>>,
}

impl<'a> Sight<'a> {
    fn of(file: &'a ListedFile) -> Self {
        let mut sight = Self::default();
        for import in &file.imports {
            let within = import.within.as_str();
            sight.modules.extend(within.split("::").filter(|part| !part.is_empty()));
            let last = import.raw.rsplit("::").next().unwrap_or_default();
            let name = if import.known_as.is_empty() { last } else { &import.known_as };
            match import.form {
                ImportForm::Part => {
                    sight.parts.insert(last);
                }
                ImportForm::Use if last == "*" => {
                    let list = sight.wildcards.entry(within).or_default();
                    if list.len() < WILDCARDS {
                        list.push(import);
                    }
                }
                ImportForm::Use if split(&import.raw).first() != Some(&name) => {
                    sight.names.entry((within, name)).or_insert(import);
                }
                ImportForm::Use | ImportForm::Package | ImportForm::Inline | ImportForm::Computed => {}
            }
        }
        sight
    }
}
