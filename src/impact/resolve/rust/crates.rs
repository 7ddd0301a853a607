//! From the name of a crate to where it lies: by manifest, by `extern crate`, by the name of a library.

use std::collections::HashMap;

use super::super::{PathId, SideFiles, folder_of, follow, join, shared_folders, upwards};
use super::manifest::{Dependency, Manifest};
use super::modules::ModuleTree;
use super::{Led, Rust, Spot};
use crate::facts::ImportForm;

/// Crates that every crate has.
const STANDARD: &[&str] = &["alloc", "core", "proc_macro", "std", "test"];

/// Crates of one name that are compared.
const NAMESAKES: usize = 1_000;

/// Names that `extern crate` gives, by root file and name; of several each counts.
pub(super) type Brought<'a> = HashMap<(PathId, &'a str), Vec<&'a str>>;

/// Returns the crates that `extern crate` brings in.
pub(super) fn brought<'a>(files: &SideFiles<'a>, tree: &ModuleTree) -> Brought<'a> {
    let mut found = Brought::new();
    for (id, file) in files.of_family("rust") {
        let root = tree.places(id).first().map_or(id, |place| place.root);
        for import in file.imports.iter().filter(|import| import.form == ImportForm::Package) {
            let name = if import.known_as.is_empty() { &import.raw } else { &import.known_as };
            let names = found.entry((root, name.as_str())).or_default();
            if !names.contains(&import.raw.as_str()) && files.spend(names.len() + 1) {
                names.push(&import.raw);
            }
        }
    }
    found
}

impl<'a> Rust<'a> {
    /// Returns the manifest that a file belongs to.
    pub(super) fn own(&self, path: &str) -> Option<(&'a str, &Manifest)> {
        let owner = |folder| self.manifests.get_key_value(folder).filter(|(_, manifest)| !manifest.package.is_empty());
        upwards(folder_of(path)).find_map(owner).map(|(folder, manifest)| (*folder, manifest))
    }

    /// Returns where a path of a crate of the repository leads.
    fn in_crate(&self, folder: &str, rest: &[&str]) -> Option<Led> {
        self.libraries.get(folder).map(|root| Led::inside(*root, &[], rest))
    }

    /// Returns every crate that a name may mean; `beside` says that it may be something else as well.
    pub(super) fn crates(&self, spot: &Spot<'_>, name: &str, rest: &[&str], beside: bool) -> Vec<Led> {
        let root = spot.place.root;
        let brought = self.brought.get(&(root, name)).map_or(&[][..], Vec::as_slice);
        let mut found = Vec::new();
        for other in brought {
            match *other {
                "self" => found.push(Led::inside(root, &[], rest)),
                other => found.extend(self.extern_crate(spot, other, rest, true)),
            }
        }
        let is_self = || self.own(spot.path).is_some_and(|(folder, _)| self.libraries.get(folder) == Some(&root));
        let known = brought.contains(&name) || (beside && STANDARD.contains(&name));
        if !known {
            let plain = self.extern_crate(spot, name, rest, false);
            // A library does not know itself by its name.
            found.extend(plain.filter(|led| !(beside && is_self() && *led == Led::inside(root, &[], rest))));
        }
        found
    }

    /// Returns where the crate of one name lies; `brought` says that `extern crate` names it.
    pub(super) fn extern_crate(&self, spot: &Spot<'_>, name: &str, rest: &[&str], brought: bool) -> Option<Led> {
        let own = self.own(spot.path);
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
        match self.nearest(spot.path, name).filter(|_| bare || brought) {
            Some(folder) => self.in_crate(folder, rest),
            // The compiler's own crates stand in no manifest.
            None => brought.then(|| Led::Outside(name.to_owned())),
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
            .max_by_key(|folder| (shared_folders(&join(folder, "x"), from), std::cmp::Reverse(*folder)))
    }
}
