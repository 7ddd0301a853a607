//! Java: an import names a class or a package; the package is what the file itself declares.
//!
//! A class leads to the file of that name in that package, or to the one that holds it under another name; a nested class
//! and a static member to the file of the class around it; a wildcard to all files of the package. A name in full counts
//! where the repository has such a class, or where it can only be one from outside. A class of the same package needs no
//! import; it makes an edge where it lies in another folder. Files of Kotlin, Scala and Groovy are found by their path below the source root, for they may stand beside Java.

use std::collections::{BTreeSet, HashMap};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, shared_folders};
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

/// Files of one class that are compared; sources hold few.
const NAMESAKES: usize = 1_000;

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
}

impl<'a> Java<'a> {
    fn new(files: &'a SideFiles<'a>) -> Self {
        let mut java = Self { files, classes: HashMap::new(), packages: HashMap::new(), known: BTreeSet::new() };
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
            java.classes.entry(joined(&package, class)).or_default().push(id);
            for held in file.into_iter().flat_map(|file| &file.imports).filter(|held| held.form == ImportForm::Part) {
                java.classes.entry(joined(&package, &held.raw)).or_default().push(id);
            }
            java.packages.entry(package).or_default().push(id);
        }
        java
    }

    /// Returns the file of the longest beginning that names a class; of several the one nearest to the importer.
    fn class(&self, from: Importer<'_>, name: &str) -> Option<PathId> {
        self.nearest(from, dotted(name).find_map(|prefix| self.classes.get(prefix))?)
    }

    fn nearest(&self, from: Importer<'_>, candidates: &[PathId]) -> Option<PathId> {
        let near = |id: &&PathId| {
            let path = self.files.path(**id);
            (shared_folders(path, &from.file.path), std::cmp::Reverse(path))
        };
        candidates.iter().take(NAMESAKES).max_by_key(near).copied()
    }

    /// Resolves a plain name: a class of the same package in another folder.
    fn neighbour(&self, from: Importer<'_>, name: &str) -> Resolved {
        let Some(candidates) = self.classes.get(&joined(&from.file.package, name)) else { return Resolved::Unresolved };
        let beside = |id: &PathId| folder_of(self.files.path(*id)) == from.folder();
        if candidates.iter().take(NAMESAKES).any(beside) {
            return Resolved::Unresolved;
        }
        self.nearest(from, candidates).map_or(Resolved::Unresolved, Resolved::file)
    }

    /// Resolves a name in full in the midst of code; what may as well be a field of a variable leads nowhere.
    fn in_full(&self, from: Importer<'_>, name: &str) -> Resolved {
        // A package has a name, so that a class of none is no beginning.
        let within = dotted(name).filter(|prefix| prefix.contains('.'));
        if let Some(found) = within.into_iter().find_map(|prefix| self.classes.get(prefix)) {
            return self.nearest(from, found).map_or(Resolved::Unresolved, Resolved::file);
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
            return Resolved::Files(beside);
        }
        // A class that is not there, below a package that is: generated, or missing. It is not from outside.
        if package.is_empty()
            || self.packages.contains_key(package)
            || dotted(package).any(|prefix| self.known.contains(prefix))
        {
            return Resolved::Unresolved;
        }
        Resolved::Package(package.to_owned())
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
            ImportForm::Use | ImportForm::Package | ImportForm::Computed => {}
        }
        let (name, wildcard) = match raw.strip_suffix(".*") {
            Some(name) => (name, true),
            None => (raw, false),
        };
        if wildcard && let Some(files) = self.packages.get(name) {
            return Resolved::Files(files.clone());
        }
        if let Some(file) = self.class(from, name) {
            return Resolved::file(file);
        }
        self.outside(package_of(name, wildcard))
    }
}

fn joined(package: &str, class: &str) -> String {
    if package.is_empty() { class.to_owned() } else { format!("{package}.{class}") }
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
