//! Rust: an import is a path of modules; it leads to the file of its longest beginning that is a module.
//!
//! Owns the look-up; `sight` holds what is in sight within a file, `modules` builds the tree of modules from `mod x;`, `crates`
//! knows where crates lie, `macros` where macros are defined, `manifest` reads `Cargo.toml`. Re-exports are not followed:
//! `use store::Cart` leads to `store.rs`, also where that only passes `Cart` on; what passes on a module around itself, or a
//! crate, is. A crate of the repository leads to its files, any other outside under the name that the manifest gives it,
//! dashes included.
//!
//! What may be meant counts beside what is found first, unless that surely hides it: a name in a function, under a condition
//! or in the argument of a macro hides nothing, and neither does one that may be no module.

mod aliases;
mod crates;
mod macros;
mod manifest;
mod modules;
mod sight;
mod spot;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, follow};
use crate::completeness::Reason;
use crate::facts::{ImportForm, ImportLine};
use aliases::Aliases;
use crates::Brought;
use macros::Macros;
use manifest::Manifest;
use modules::{ModuleTree, Place};
use sight::Sight;
use spot::{Led, Left, Spot, anchored, split};

pub(super) static FAMILY: Family = Family {
    id: "rust",
    is_manifest: |name| name == "Cargo.toml",
    may_name: |_| false,
    prepare: |files, reasons| Box::new(Rust::new(files, reasons)),
};

/// How many names in a row may stand for imports of the same file.
const ALIASES: usize = 100;

/// Names that are followed for one import; several may bring in the same name.
const STEPS: usize = 2_000;

/// Look-ups that following one name costs.
const STEPS_A_NAME: usize = 20;

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
    /// Crates that `extern crate a as b;` brings in.
    brought: Brought<'a>,
    /// Names of crates, and of modules around, that modules hold.
    aliases: Aliases<'a>,
    alias_names: HashSet<&'a str>,
    macros: Macros<'a>,
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
        reasons.extend(tree.foreign().map(|id| {
            let path = files.path(id);
            super::malformed(path, "a `#[path]` of Rust names it, and it is of another language")
        }));
        let sights = files.of_family("rust").map(|(id, file)| (id, Sight::of(file))).collect();
        let brought = crates::brought(files, &tree);
        let aliases = aliases::aliases(files, &tree);
        let alias_names = aliases.keys().map(|(_, _, name)| *name).collect();
        let macros = Macros::of(files, &tree);
        Self { files, manifests, tree, libraries, by_name, sights, brought, aliases, alias_names, macros }
    }

    /// Takes one more name; none when too many were followed, and then the graph is not known to the end.
    fn less<'c>(&self, left: Left<'c>) -> Option<Left<'c>> {
        let steps = left.steps.get().checked_sub(1);
        let depth = left.depth.checked_sub(1);
        let (Some(steps), Some(depth)) = (steps, depth) else {
            self.files.spend(usize::MAX);
            return None;
        };
        left.steps.set(steps);
        self.files.spend(STEPS_A_NAME).then_some(Left { depth, ..left })
    }

    /// Returns everything that a path may lead to from where it stands.
    fn leads(&self, spot: &Spot<'_>, parts: &[&str], left: Left<'_>) -> Vec<Led> {
        let (Some((first, rest)), Some(left)) = (parts.split_first(), self.less(left)) else { return Vec::new() };
        let place = &spot.place;
        if let Some((module, rest)) = anchored(place, parts) {
            return vec![Led::inside(place.root, module, rest)];
        }
        if *first == "super" {
            return Vec::new();
        }
        let (mut found, mut sure) = self.named(spot, parts, left);
        if self.has_part(place.root, &place.module, first) {
            found.push(Led::inside(place.root, &place.module, parts));
            let sight = self.sights.get(&spot.file);
            sure |= sight.is_some_and(|sight| sight.declares(&place.within, first) == Some(true));
        }
        if spot.statement && !place.module.is_empty() && self.is_2015(place.root) {
            sure = false;
            if self.has_part(place.root, &[], first) {
                found.push(Led::inside(place.root, &[], parts));
            }
        }
        if !sure {
            let (more, hides) = self.globbed(spot, parts, left);
            found.extend(more);
            if !hides {
                found.extend(self.crates(spot, first, rest, !found.is_empty()));
            }
        }
        if found.is_empty() {
            found.extend(self.unknown(spot, parts));
        }
        found
    }

    fn is_2015(&self, root: PathId) -> bool {
        self.own(self.files.path(root)).is_some_and(|(_, manifest)| manifest.is_2015)
    }

    fn has_part(&self, root: PathId, module: &[String], name: &str) -> bool {
        let child: Vec<&str> = module.iter().map(String::as_str).chain([name]).collect();
        self.tree.is_module(root, &child)
    }

    /// Follows a name that other imports of the same module bring in: `use syntax::ast; use ast::Expr;`. Says as well
    /// whether one of them surely hides other things of that name.
    fn named(&self, spot: &Spot<'_>, parts: &[&str], left: Left<'_>) -> (Vec<Led>, bool) {
        let (mut found, mut sure) = (Vec::new(), false);
        let (Some((first, rest)), Some(sight)) = (parts.split_first(), self.sights.get(&spot.file)) else {
            return (found, sure);
        };
        let within = spot.place.within.as_str();
        let others = sight.names(within, first);
        if others.is_empty() || !left.enter(spot, first) {
            return (found, sure);
        }
        for other in others {
            let leads = self.statement(spot, &other.raw, &[], left);
            sure |= !other.loose && sight.is_single(within) && self.hides(other, &leads);
            found.extend(leads.into_iter().map(|led| led.with(rest)));
        }
        left.leave();
        (found, sure)
    }

    /// Says whether what a statement brings in is surely a module or type: a function or macro hides none of those.
    fn hides(&self, statement: &ImportLine, leads: &[Led]) -> bool {
        let last = statement.raw.rsplit("::").next().unwrap_or_default();
        let name = if statement.known_as.is_empty() { last } else { &statement.known_as };
        let is_type = |name: &str| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
        let is_module = |led: &Led| match led {
            Led::Inside(root, path) => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                path.is_empty() || self.tree.is_sure(*root, &path)
            }
            // Of a crate that cannot be read, what keeps its name is taken for what it is used as.
            Led::Outside(_) => statement.known_as.is_empty(),
            Led::Own(_) => false,
        };
        (is_type(name) && is_type(last)) || leads.iter().any(is_module)
    }

    /// Returns everything that the path of a statement, and what follows it elsewhere, may lead to.
    fn statement(&self, spot: &Spot<'_>, raw: &str, rest: &[&str], left: Left<'_>) -> Vec<Led> {
        let parts: Vec<&str> = split(raw).into_iter().chain(rest.iter().copied()).collect();
        match raw.strip_prefix("::") {
            Some(_) => self.global(spot, &parts),
            None => self.leads(&Spot { statement: true, ..spot.clone() }, &parts, left),
        }
    }

    /// Resolves a path that begins with `::`: it begins with a crate.
    fn global(&self, spot: &Spot<'_>, parts: &[&str]) -> Vec<Led> {
        let Some((first, rest)) = parts.split_first() else { return Vec::new() };
        let root = spot.place.root;
        let mut found = self.crates(spot, first, rest, false);
        // The 2015 edition takes such paths from the root of the crate.
        if (found.is_empty() || self.is_2015(root)) && self.has_part(root, &[], first) {
            found.push(Led::inside(root, &[], parts));
        }
        if found.is_empty() {
            found.push(Led::Outside((*first).to_owned()));
        }
        found
    }

    /// Returns the modules that wildcards bring in, each with the root of its crate, and whether it surely holds.
    fn wildcards(&self, spot: &Spot<'_>, left: Left<'_>) -> Vec<(PathId, Vec<String>, bool)> {
        let Some(sight) = self.sights.get(&spot.file).filter(|_| spot.globs) else { return Vec::new() };
        let mut found = Vec::new();
        for wildcard in sight.wildcards(&spot.place.within) {
            let path = split(&wildcard.raw);
            // A wildcard that begins with another one's name would be asked of itself.
            let known = match anchored(&spot.place, &path) {
                Some((module, rest)) => vec![Led::inside(spot.place.root, module, rest)],
                None => self.statement(&Spot { globs: false, ..spot.clone() }, &wildcard.raw, &[], left),
            };
            let sure = !wildcard.loose && sight.is_single(&spot.place.within);
            let inside = |led: Led| if let Led::Inside(root, module) = led { Some((root, module, sure)) } else { None };
            found.extend(known.into_iter().filter_map(inside));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Follows a name that a wildcard brings in: `use super::*; cart::open()`. Says as well whether that surely hides a
    /// crate of the name, which only a module around can do: what another one keeps for itself is not known.
    fn globbed(&self, spot: &Spot<'_>, parts: &[&str], left: Left<'_>) -> (Vec<Led>, bool) {
        let (mut found, mut hides) = (Vec::new(), false);
        let sight = self.sights.get(&spot.file).filter(|_| spot.globs);
        if sight.is_none_or(|sight| sight.wildcards(&spot.place.within).is_empty()) {
            return (found, hides);
        }
        let (Some(first), Some(left)) = (parts.first(), self.less(left)) else { return (found, hides) };
        if !left.enter(spot, &format!("*{first}")) {
            return (found, hides);
        }
        for (root, module, sure) in self.wildcards(spot, left) {
            let is_around = root == spot.place.root && spot.place.module.starts_with(&module);
            if self.has_part(root, &module, first) {
                found.push(Led::inside(root, &module, parts));
            }
            if let Some(there) = self.spot(root, &module).filter(|there| there.place.module != spot.place.module) {
                let (named, by_name) = self.named(&there, parts, left);
                let (further, by_wildcard) = self.globbed(&there, parts, left);
                let sight = self.sights.get(&there.file);
                let declared = sight.is_some_and(|sight| sight.declares(&there.place.within, first) == Some(true));
                hides |= sure && is_around && (declared || by_name || by_wildcard);
                found.extend(named.into_iter().chain(further));
            }
        }
        left.leave();
        (found, hides)
    }

    /// Returns the place that a path of modules names.
    fn spot(&self, root: PathId, module: &[String]) -> Option<Spot<'a>> {
        let path: Vec<&str> = module.iter().map(String::as_str).collect();
        (0..=path.len()).rev().find_map(|end| {
            let file = *self.tree.files(root, path.get(..end)?).first()?;
            let within = path.get(end..)?.join("::");
            let place = Place { root, module: module.to_vec(), within };
            Some(Spot { file, path: self.files.path(file), place, globs: true, statement: false })
        })
    }

    /// Resolves what no module, no import and no manifest knows.
    fn unknown(&self, spot: &Spot<'_>, parts: &[&str]) -> Option<Led> {
        let first = parts.first().copied().unwrap_or_default();
        if self.sights.get(&spot.file).is_some_and(|sight| sight.declares(&spot.place.within, first).is_some()) {
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

    /// Returns the files and the packages that all of this leads to.
    fn reached(&self, all: Vec<Led>, left: Left<'_>) -> (Vec<PathId>, BTreeSet<String>) {
        let (mut files, mut packages) = (Vec::new(), BTreeSet::new());
        let mut open = all;
        while let Some(led) = open.pop() {
            match led {
                Led::Inside(root, path) => {
                    let path: Vec<&str> = path.iter().map(String::as_str).collect();
                    files.extend(self.tree.below(root, &path));
                    if let [name] = path[..] {
                        files.extend(self.macros.exported(root, name));
                    }
                    open.extend(self.passed_on(root, &path, left));
                }
                Led::Own(file) => files.push(file),
                Led::Outside(name) => {
                    packages.insert(name);
                }
            }
        }
        files.sort_unstable();
        files.dedup();
        (files, packages)
    }

    /// Resolves what a file says from one of its places.
    fn at_place(&self, from: Importer<'_>, place: &Place, import: &ImportLine) -> Resolved {
        let parts = split(&import.raw);
        let place = place.inside(&import.within);
        let (globs, statement) = (true, import.form == ImportForm::Use);
        let spot = Spot { file: from.id, path: &from.file.path, place, globs, statement };
        let (steps, open) = (Cell::new(STEPS), RefCell::default());
        let left = Left { depth: ALIASES, steps: &steps, open: &open };
        if import.form == ImportForm::Inline {
            return self.in_full(from, &spot, import, left);
        }
        let leads = if import.raw.starts_with("::") || import.form == ImportForm::Package {
            self.global(&spot, &parts)
        } else {
            self.leads(&spot, &parts, left)
        };
        let (files, packages) = self.reached(leads, left);
        both(files, packages)
    }

    /// Resolves a path in the midst of code. What a statement of the same module leads to already is not said again.
    fn in_full(&self, from: Importer<'_>, spot: &Spot<'_>, import: &ImportLine, left: Left<'_>) -> Resolved {
        let parts = split(&import.raw);
        let first = parts.first().copied().unwrap_or_default();
        let (mut files, mut packages) = if import.raw.ends_with('!') {
            (self.macro_files(from, spot, import, left), BTreeSet::new())
        } else if import.raw.starts_with("::") {
            self.reached(self.global(spot, &parts), left)
        } else {
            self.reached(self.leads(spot, &parts, left), left)
        };
        files.retain(|file| *file != from.id);
        if files.is_empty() && packages.is_empty() {
            return Resolved::Unresolved;
        }
        let sight = self.sights.get(&from.id);
        for other in sight.map_or(&[][..], |sight| sight.names(&spot.place.within, first.trim_end_matches('!'))) {
            let stated = self.reached(self.statement(spot, &other.raw, &[], left), left);
            files.retain(|file| !stated.0.contains(file));
            packages.retain(|name| !stated.1.contains(name));
        }
        both(files, packages)
    }

    /// Resolves `mod name;`.
    fn part(&self, from: Importer<'_>, places: &[Place], import: &ImportLine) -> Resolved {
        // A part that may lie in several files stands there once for each.
        let again =
            from.file.imports.binary_search(import).ok().and_then(|at| from.file.imports.get(at.checked_sub(1)?));
        let same = |other: &ImportLine| ImportLine { at: import.at.clone(), ..other.clone() } == *import;
        if again.is_some_and(same) {
            return Resolved::file(from.id);
        }
        let name = import.raw.strip_prefix("self::").unwrap_or(&import.raw);
        let found = places.iter().flat_map(|place| {
            let place = place.inside(&import.within);
            let child: Vec<&str> = place.module.iter().map(String::as_str).chain([name]).collect();
            self.tree.files(place.root, &child).to_vec()
        });
        let mut found: Vec<PathId> = found.collect();
        found.sort_unstable();
        found.dedup();
        Resolved::files(found)
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
        let own = [Place::root(from.id)];
        let places = match self.tree.places(from.id) {
            [] => &own,
            places => places,
        };
        match import.form {
            // What stands in the file itself.
            ImportForm::Inner | ImportForm::Macro => return Resolved::file(from.id),
            ImportForm::Package if import.raw == "self" => return Resolved::file(from.id),
            ImportForm::Part => return self.part(from, places, import),
            ImportForm::Inline if !import.at.is_empty() => return self.included(from, &import.at),
            _ => {}
        }
        let [first, more @ ..] = places else { return Resolved::Unresolved };
        let found = self.at_place(from, first, import);
        if more.is_empty() {
            return found;
        }
        let more = more.iter().map(|place| match self.at_place(from, place, import) {
            // What another crate with the same file does not know ends at its root.
            Resolved::Files(mut files) if place.root != first.root => {
                files.retain(|file| *file != place.root);
                Resolved::files(files)
            }
            other => other,
        });
        Resolved::any([found].into_iter().chain(more).collect())
    }
}

/// Joins what a path may mean.
fn both(files: Vec<PathId>, packages: BTreeSet<String>) -> Resolved {
    let packages = packages.into_iter().map(Resolved::Package);
    Resolved::any([Resolved::files(files)].into_iter().chain(packages).collect())
}
