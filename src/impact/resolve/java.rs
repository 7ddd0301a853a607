//! Java: an import names a class or a package; the package is what the file itself declares.
//!
//! A class leads to the file of that name in that package, or to the one that holds it under another name; a nested class
//! and a static member to the file of the class around it; a wildcard to all files of the package. A name in full counts
//! where the repository has such a class, or where it can only be one from outside. A class of the same package needs no
//! import; it makes an edge where it lies in another folder. Files of Kotlin, Scala and Groovy are found by their path below the source root, for they may stand beside Java.
//!
//! Of several files with one class all count, for nothing says which of them a build takes: nearness is the author's to
//! choose. Only the importer's own source root comes first, and the code that its tests stand upon, as for the compiler;
//! there the file must hold the class, whatever it is called. New files of a package that nothing of the repository was
//! named like leave it from outside as well.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of};
use crate::facts::{ImportForm, ImportLine};

pub(super) static FAMILY: Family = Family {
    id: "java",
    is_manifest: |_| false,
    may_name: |path| relative(path).is_some(),
    prepare: |files, _| Box::new(Java::new(files)),
};

/// Endings of other languages of the same machine.
const BESIDE: &[&str] = &[".groovy", ".kt", ".scala"];

/// Folders below `src/<set>/` that hold sources by package.
const ROOTS: &[&str] = &["/groovy/", "/java/", "/kotlin/", "/scala/"];

/// First parts of packages, for names in full that may also be a field of a variable.
const DOMAINS: &[&str] =
    &["com", "de", "dev", "edu", "fr", "gov", "io", "jakarta", "java", "javax", "kotlin", "net", "org", "scala"];

struct Java<'a> {
    files: &'a SideFiles<'a>,
    /// Files by package and class.
    classes: HashMap<String, Vec<PathId>>,
    /// Files by package.
    packages: HashMap<String, Vec<PathId>>,
    /// Packages of the repository with at least two parts.
    known: BTreeSet<String>,
    /// What packages that are not new begin with; none where there is nothing to compare with.
    settled: Option<HashSet<String>>,
}

impl<'a> Java<'a> {
    fn new(files: &'a SideFiles<'a>) -> Self {
        let (classes, packages, known) = Default::default();
        let mut java = Self { files, classes, packages, known, settled: None };
        let mut settled = HashSet::new();
        let mut compared = false;
        for (id, path, file) in files.all() {
            let class = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
            let package = match file {
                Some(file) if file.language == "java" => file.package.clone(),
                Some(_) => continue,
                None => match relative(path) {
                    Some(relative) => folder_of(relative).replace('/', "."),
                    None => continue,
                },
            };
            if package.contains('.') {
                java.known.insert(package.clone());
            }
            if !files.is_new(id) {
                compared = true;
                settled.insert(beginning(&package).to_owned());
            }
            let held = file.into_iter().flat_map(|file| &file.imports).filter(|held| held.form == ImportForm::Part);
            for class in [class].into_iter().chain(held.map(|held| held.raw.as_str())) {
                let files = java.classes.entry(joined(&package, class)).or_default();
                if files.last() != Some(&id) {
                    files.push(id);
                }
            }
            java.packages.entry(package).or_default().push(id);
        }
        java.settled = compared.then_some(settled);
        java
    }

    /// Returns the files that may hold the class that a name begins with.
    ///
    /// The longest beginning counts, and beside it what surely holds a shorter one: a package may be called like a class.
    fn class(&self, from: Importer<'_>, name: &str, least: usize) -> Vec<PathId> {
        let mut found = Vec::new();
        for prefix in dotted(name).filter(|prefix| prefix.split('.').count() >= least) {
            let Some(candidates) = self.classes.get(prefix) else { continue };
            let meant = self.meant(from, class_of(prefix), candidates);
            let is_first = found.is_empty();
            found.extend(meant.into_iter().filter(|id| is_first || self.holds(*id, class_of(prefix))));
        }
        found
    }

    /// Returns which files of one class may be meant: all, unless one lies where the compiler looks first.
    fn meant(&self, from: Importer<'_>, class: &str, candidates: &[PathId]) -> Vec<PathId> {
        if candidates.len() < 2 || !self.files.spend(candidates.len()) {
            return candidates.to_vec();
        }
        let Some(own) = source_root(&from.file.path, &from.file.package) else { return candidates.to_vec() };
        // What is compiled together comes before what is compiled already, and tests stand upon the code beside them.
        for root in [Some(own.to_owned()), main_root(own)].into_iter().flatten() {
            let there = |id: &PathId| {
                let file = self.files.file(*id);
                file.and_then(|file| source_root(&file.path, &file.package)) == Some(root.as_str())
                    && self.holds(*id, class)
            };
            let first: Vec<PathId> = candidates.iter().copied().filter(there).collect();
            if !first.is_empty() {
                return first;
            }
        }
        candidates.to_vec()
    }

    /// Says whether a file surely holds a type, whatever the file is called.
    fn holds(&self, id: PathId, class: &str) -> bool {
        let is_class = |held: &ImportLine| held.form == ImportForm::Part && held.raw == class;
        self.files.file(id).is_some_and(|file| file.imports.iter().any(is_class))
    }

    /// Resolves a plain name: a class of the same package in another folder.
    fn neighbour(&self, from: Importer<'_>, name: &str) -> Resolved {
        let Some(candidates) = self.classes.get(&joined(&from.file.package, name)) else { return Resolved::Unresolved };
        let beside = |id: &PathId| folder_of(self.files.path(*id)) == from.folder() && self.holds(*id, name);
        if !self.files.spend(candidates.len()) || candidates.iter().any(beside) {
            return Resolved::Unresolved;
        }
        Resolved::files(self.meant(from, name, candidates))
    }

    /// Resolves a name in full in the midst of code; what may as well be a field of a variable leads nowhere.
    fn in_full(&self, from: Importer<'_>, name: &str) -> Resolved {
        // A package has a name, so that a class of none is no beginning.
        let found = self.class(from, name, 2);
        if !found.is_empty() {
            return self.beside(Resolved::Files(found), package_of(name, false));
        }
        let class = name.rsplit('.').next().unwrap_or_default();
        let first = name.split('.').next().unwrap_or_default();
        // `config.MAX` is a constant.
        let is_type = class.contains(char::is_lowercase) || DOMAINS.contains(&first);
        if !(class.starts_with(char::is_uppercase) && is_type) {
            return Resolved::Unresolved;
        }
        self.outside(package_of(name, false))
    }

    /// Resolves a class that no file is called after.
    fn outside(&self, package: &str) -> Resolved {
        // A file of Scala or Kotlin may hold classes of any name.
        let files = self.packages.get(package).into_iter().flatten().copied();
        let beside: Vec<PathId> = files.filter(|id| self.files.file(*id).is_none()).collect();
        if !beside.is_empty() {
            return self.beside(Resolved::Files(beside), package);
        }
        // A class that is not there, below a package that is: generated, or missing. It is not from outside.
        let is_own =
            || self.packages.contains_key(package) || dotted(package).any(|prefix| self.known.contains(prefix));
        if package.is_empty() || (!self.is_foreign(package) && is_own()) {
            return Resolved::Unresolved;
        }
        Resolved::Package(package.to_owned())
    }

    /// Says whether nothing of the repository was called so before: new files of that package do not make it ours.
    fn is_foreign(&self, package: &str) -> bool {
        self.settled.as_ref().is_some_and(|settled| !package.is_empty() && !settled.contains(beginning(package)))
    }

    /// Adds the package outside to what is found, where that package is not the repository's.
    fn beside(&self, found: Resolved, package: &str) -> Resolved {
        if !self.is_foreign(package) {
            return found;
        }
        Resolved::any(vec![found, Resolved::Package(package.to_owned())])
    }
}

impl Resolve for Java<'_> {
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        let raw = import.raw.as_str();
        match import.form {
            // Which types a file holds says nothing about others.
            ImportForm::Part => return Resolved::file(from.id),
            ImportForm::Inline if raw.contains('.') => return self.in_full(from, raw),
            ImportForm::Inline => return self.neighbour(from, raw),
            _ => {}
        }
        let (name, wildcard) = match raw.strip_suffix(".*") {
            Some(name) => (name, true),
            None => (raw, false),
        };
        let package = package_of(name, wildcard);
        if wildcard && let Some(files) = self.packages.get(name) {
            // A package may be called like a class.
            let class = self.class(from, name, 2).into_iter().filter(|id| self.holds(*id, class_of(name)));
            let mut files: Vec<PathId> = files.iter().copied().chain(class).collect();
            files.sort_unstable();
            files.dedup();
            return self.beside(Resolved::Files(files), package);
        }
        let found = self.class(from, name, 1);
        if found.is_empty() { self.outside(package) } else { self.beside(Resolved::Files(found), package) }
    }
}

fn joined(package: &str, class: &str) -> String {
    if package.is_empty() { class.to_owned() } else { format!("{package}.{class}") }
}

/// Returns the first two parts of a package: the name under which one house publishes.
fn beginning(package: &str) -> &str {
    let second = package.match_indices('.').nth(1);
    second.and_then(|(end, _)| package.get(..end)).unwrap_or(package)
}

/// Returns the class that a name ends with.
fn class_of(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Returns the folder that the packages of a file begin in; none where it does not lie where its package says.
fn source_root<'p>(path: &'p str, package: &str) -> Option<&'p str> {
    let mut folder = folder_of(path);
    for part in package.rsplit('.').filter(|part| !part.is_empty()) {
        let rest = folder.strip_suffix(part)?;
        folder = if rest.is_empty() { rest } else { rest.strip_suffix('/')? };
    }
    Some(folder)
}

/// Returns where the code lies that the tests of a source root stand upon.
fn main_root(root: &str) -> Option<String> {
    let (before, language) = root.rsplit_once('/')?;
    let (before, set) = before.rsplit_once('/')?;
    let is_test = set.starts_with("test") || set.ends_with("Test");
    (is_test && (before == "src" || before.ends_with("/src"))).then(|| format!("{before}/main/{language}"))
}

/// Returns the name and its leading parts, longest first.
fn dotted(name: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(name).filter(|name| !name.is_empty());
    std::iter::from_fn(move || {
        let here = next?;
        next = here.rsplit_once('.').map(|(before, _)| before);
        Some(here)
    })
}

/// Returns the package of a name: what stands before the first part that begins like a class.
fn package_of(name: &str, wildcard: bool) -> &str {
    let mut end = 0;
    for part in name.split('.') {
        if part.chars().next().is_some_and(char::is_uppercase) {
            return name.get(..end).unwrap_or_default().trim_end_matches('.');
        }
        end += part.len() + 1;
    }
    if wildcard { name } else { name.rsplit_once('.').map_or(name, |(before, _)| before) }
}

/// Returns the path below the source root of a file of another language of the same machine.
fn relative(path: &str) -> Option<&str> {
    if !BESIDE.iter().any(|ending| path.ends_with(ending)) {
        return None;
    }
    let after = path.find("src/").map(|at| at + "src/".len())?;
    let (root, at) =
        ROOTS.iter().filter_map(|root| Some((*root, path.get(after..)?.find(root)?))).min_by_key(|row| row.1)?;
    path.get(after + at + root.len()..)
}
