//! Names that modules give to crates and to modules around them: `pub use crate as top;`, `extern crate libc as c;`.
//!
//! Owns the one kind of passing on that is followed: what lies behind such a name is no part of the module that gives it.

use std::collections::HashMap;

use super::super::{PathId, SideFiles};
use super::modules::{ModuleTree, Place};
use super::{Led, Left, Rust, Spot, split};
use crate::facts::{ImportForm, ImportLine};

/// Module and name, and the file and statement that give the module that name.
pub(super) type Aliases<'a> = HashMap<(PathId, String, &'a str), Vec<(PathId, &'a ImportLine)>>;

impl Rust<'_> {
    /// Follows the names that modules give to crates and to modules around them: `crate::names::me::store::open()`.
    pub(super) fn passed_on(&self, root: PathId, path: &[&str], left: Left<'_>) -> Vec<Led> {
        let mut found = Vec::new();
        for (at, name) in path.iter().enumerate().filter(|(_, name)| self.alias_names.contains(**name)) {
            let (module, rest) = (path.get(..at).unwrap_or_default(), path.get(at + 1..).unwrap_or_default());
            let known = self.aliases.get(&(root, module.join("::"), *name)).map_or(&[][..], Vec::as_slice);
            let Some(left) = Some(left).filter(|_| !known.is_empty()).and_then(|left| self.less(left)) else {
                continue;
            };
            let module: Vec<String> = module.iter().map(|part| (*part).to_owned()).collect();
            for (file, import) in known {
                let place = Place { root, module: module.clone(), within: import.within.clone() };
                let there = Spot { file: *file, path: self.files.path(*file), place, globs: true, statement: true };
                if import.form == ImportForm::Package {
                    let leads = if import.raw == "self" {
                        vec![Led::inside(root, &[], &[])]
                    } else {
                        self.extern_crate(&there, &import.raw, &[], true).into_iter().collect()
                    };
                    found.extend(leads.into_iter().map(|led| led.with(rest)));
                    continue;
                }
                let around =
                    |led: &Led| matches!(led, Led::Inside(other, path) if *other == root && module.starts_with(path));
                let leads = self.statement(&there, &import.raw, &[], left).into_iter().filter(around);
                found.extend(leads.map(|led| led.with(rest)));
            }
        }
        found
    }
}

/// Returns the names that modules give to crates and, perhaps, to modules around them.
pub(super) fn aliases<'a>(files: &SideFiles<'a>, tree: &ModuleTree) -> Aliases<'a> {
    let mut found = Aliases::new();
    for (id, file) in files.of_family("rust") {
        for import in &file.imports {
            let parts = split(&import.raw);
            let (last, before) = parts.split_last().map_or(("", &[][..]), |(last, before)| (*last, before));
            let is_anchor = |part: &&str| matches!(*part, "crate" | "$crate" | "self" | "super");
            let name = match import.form {
                ImportForm::Package if import.known_as.is_empty() => last,
                ImportForm::Package => &import.known_as,
                // A plain name may be such an alias itself.
                ImportForm::Use if !import.known_as.is_empty() && before.iter().all(is_anchor) => &import.known_as,
                _ => continue,
            };
            for place in tree.places(id) {
                let key = (place.root, place.inside(&import.within).module.join("::"), name);
                found.entry(key).or_default().push((id, import));
            }
        }
    }
    found
}
