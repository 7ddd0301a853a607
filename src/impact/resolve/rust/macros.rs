//! Macros: from `name!(...)` to the files that define it.
//!
//! Owns how far a macro is seen: in its module and those inside it, further out as far as `#[macro_use]` passes it on, and
//! by `#[macro_export]` wherever its crate is in sight. Of several definitions in sight each counts; only one that
//! surely stands before its use in the same file is the only one.

use std::collections::HashMap;

use super::super::{Importer, PathId, SideFiles};
use super::modules::{ModuleTree, Place};
use super::{Led, Left, Rust, Spot};
use crate::facts::{ImportForm, ImportLine};

/// One definition.
struct Definition<'a> {
    file: PathId,
    /// The module that it stands in.
    module: Vec<String>,
    /// The root of its crate, and the module that sees it, with all inside that.
    root: PathId,
    scope: Vec<String>,
    import: &'a ImportLine,
}

/// All definitions by name, and the crates whose macros are seen in all of a crate.
#[derive(Default)]
pub(super) struct Macros<'a> {
    definitions: HashMap<&'a str, Vec<Definition<'a>>>,
    /// File and name of `#[macro_use] extern crate name;` by the root of the crate that it stands in.
    taken: HashMap<PathId, Vec<(PathId, &'a str)>>,
}

impl<'a> Macros<'a> {
    /// Takes the macros of all files.
    pub(super) fn of(files: &SideFiles<'a>, tree: &ModuleTree) -> Self {
        let mut macros = Self::default();
        for (file, listed) in files.of_family("rust") {
            for import in &listed.imports {
                let places = tree.places(file).iter();
                match import.form {
                    ImportForm::Macro => {
                        let found = places.map(|place| {
                            let module = place.inside(&import.within).module;
                            let scope = tree.seen_from(place.root, module.clone());
                            Definition { file, module, root: place.root, scope, import }
                        });
                        macros.definitions.entry(&import.raw).or_default().extend(found);
                    }
                    ImportForm::Package if import.shares => {
                        for place in places {
                            macros.taken.entry(place.root).or_default().push((file, &import.raw));
                        }
                    }
                    _ => {}
                }
            }
        }
        macros
    }

    /// Returns the files that export a macro of that name from a crate.
    pub(super) fn exported(&self, root: PathId, name: &str) -> impl Iterator<Item = PathId> + '_ {
        let all = self.definitions.get(name).into_iter().flatten();
        all.filter(move |found| found.root == root && found.import.shares).map(|found| found.file)
    }
}

impl Rust<'_> {
    /// Returns the files whose macro of that name may be meant.
    pub(super) fn macro_files(
        &self,
        from: Importer<'_>,
        spot: &Spot<'_>,
        import: &ImportLine,
        left: Left<'_>,
    ) -> Vec<PathId> {
        let name = import.raw.trim_end_matches('!');
        let Some(all) = self.macros.definitions.get(name) else { return Vec::new() };
        if !self.files.spend(all.len()) {
            return Vec::new();
        }
        let here = |found: &&Definition<'_>| {
            found.file == from.id
                && !found.import.loose
                && found.import.line <= import.line
                && is_within(&import.within, &found.import.within)
                && self.sights.get(&from.id).is_some_and(|sight| sight.is_single(&import.within))
        };
        if all.iter().any(|found| here(&found)) {
            return Vec::new();
        }
        let Place { root, module, .. } = &spot.place;
        let wildcards = self.wildcards(spot, left);
        let taken = self.taken_crates(spot);
        let is_seen = |found: &&Definition<'_>| {
            let by_text = found.root == *root && module.starts_with(&found.scope);
            let by_name = wildcards.iter().any(|(root, module, _)| {
                found.root == *root && (*module == found.module || (found.import.shares && module.is_empty()))
            });
            by_text || by_name || (found.import.shares && taken.contains(&found.root))
        };
        let mut files: Vec<PathId> = all.iter().filter(is_seen).map(|found| found.file).collect();
        let (passed_on, _) = self.globbed(spot, &[name], left);
        files.extend(self.reached(passed_on, left).0);
        files
    }

    /// Returns the roots of the crates whose macros the crate at hand takes as its own.
    fn taken_crates(&self, spot: &Spot<'_>) -> Vec<PathId> {
        let taken = self.macros.taken.get(&spot.place.root).into_iter().flatten();
        let found = taken.filter_map(|(file, name)| {
            let there = Spot { file: *file, path: self.files.path(*file), ..spot.clone() };
            self.extern_crate(&there, name, &[], true)
        });
        found.filter_map(|led| if let Led::Inside(root, _) = led { Some(root) } else { None }).collect()
    }
}

fn is_within(path: &str, around: &str) -> bool {
    let rest = path.strip_prefix(around);
    around.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
