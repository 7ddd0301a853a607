//! Python: a dotted name is looked for below the roots where packages begin.
//!
//! Roots are, nearest first: the importing file's own folder where that is no package (a script), folders above it, then
//! those of the whole repository: folders of `pyproject.toml`, `setup.py` and `setup.cfg` with their `src` and `lib`, and
//! every folder that holds a topmost package. A folder without `__init__.py` is a namespace package. A name of the
//! standard library is only looked for in the importing file's own folder and where its own package begins.
//!
//! Nothing marks where namespace packages begin. So where those roots have no such module it is looked for below guessed
//! ones: the folders above the importing file that are no packages, and every `src`, `lib` and `python` with folders of
//! Python files. No other folder counts: `tests/requests/` is no `requests` for a file outside `tests`.
//!
//! `from a import b` leads to the module `a.b` where there is one, else to `a`; `from a import *` to `a`. The packages
//! around a module are not counted as imported. A namespace package below another has no file of its own and leads to the
//! files directly in it; one at a root stays a package outside, which Python prefers to it.

mod standard;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, join, shared_folders, upwards};
use crate::facts::ImportLine;

pub(super) static FAMILY: Family = Family {
    id: "python",
    is_manifest: |name| name == "pyproject.toml",
    may_name: |path| path.ends_with("/setup.cfg") || path == "setup.cfg" || path.ends_with(".so"),
    prepare: |files, _| Box::new(Python::new(files)),
};

/// Endings of a module's file, in the order in which they are looked for.
const ENDINGS: &[&str] = &[".py", ".pyi"];

/// Roots that are tried for one name.
const ROOTS: usize = 100;

/// Usual names of the folder in which a project's packages stand.
const USUAL: &[&str] = &["src", "lib", "python"];

struct Python<'a> {
    files: &'a SideFiles<'a>,
    /// Roots of the whole repository that something marks as such.
    marked: BTreeSet<String>,
    /// Folders with Python files in or below them.
    holding: HashSet<&'a str>,
    /// Roots of the whole repository, guessed ones included, below which a top-level name is found, sorted.
    tops: HashMap<String, BTreeSet<String>>,
    /// Roots in order of preference, by importing folder and top-level name.
    preferred: RefCell<Preferred>,
}

type Preferred = HashMap<(String, String), Rc<Vec<String>>>;

/// What a name led to.
enum Found {
    File(PathId),
    /// The name begins with a regular package of the repository, and the rest is not there.
    Missing,
    /// The whole name is one of a folder with Python files, and of nothing but folders before it.
    Folder(String),
    /// The name begins with folders only, which others may share.
    Shared,
}

impl<'a> Python<'a> {
    fn new(files: &'a SideFiles<'a>) -> Self {
        let (holding, tops, preferred) = (holding(files), HashMap::new(), RefCell::default());
        let mut python = Self { files, marked: BTreeSet::new(), holding, tops, preferred };
        python.marked = python.marked_roots();
        let guessed = python.holding.iter().map(|folder| folder_of(folder)).filter(|root| {
            let name = root.rsplit('/').next().unwrap_or_default();
            USUAL.contains(&name) && !python.is_package(root)
        });
        let roots: BTreeSet<String> = guessed.map(str::to_owned).chain(python.marked.iter().cloned()).collect();
        for root in &roots {
            python.note_tops(root);
        }
        // A folder below a root may be a namespace package, or a package.
        for folder in files.folders() {
            let (root, name) = folder.rsplit_once('/').unwrap_or(("", folder));
            if !folder.is_empty() && roots.contains(root) {
                python.tops.entry(name.to_owned()).or_default().insert(root.to_owned());
            }
        }
        python
    }

    /// Returns the root of the repository, those of projects, and folders of topmost packages.
    fn marked_roots(&self) -> BTreeSet<String> {
        let mut roots = BTreeSet::from([String::new()]);
        for (_, path, file) in self.files.all() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if matches!(name, "setup.py" | "setup.cfg") {
                roots.extend(project_roots(self.files, folder));
            }
            if file.is_some() && is_package_file(name) && !self.is_package(folder_of(folder)) && !folder.is_empty() {
                roots.insert(folder_of(folder).to_owned());
            }
        }
        for (path, _) in self.files.manifests(|name| name == "pyproject.toml") {
            roots.extend(project_roots(self.files, folder_of(path)));
        }
        roots
    }

    /// Notes which top-level names a root has.
    fn note_tops(&mut self, root: &str) {
        let mut names = BTreeSet::new();
        for id in self.files.folder(root) {
            let name = self.files.path(*id).rsplit('/').next().unwrap_or_default();
            if let Some(module) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) {
                names.insert(module.to_owned());
            }
        }
        for name in names {
            self.tops.entry(name).or_default().insert(root.to_owned());
        }
    }

    /// Says whether a folder is a regular package.
    fn is_package(&self, folder: &str) -> bool {
        !folder.is_empty()
            && ENDINGS.iter().any(|ending| self.files.find(&format!("{folder}/__init__{ending}")).is_some())
    }

    /// Returns the module at a path without ending.
    fn module(&self, path: &str) -> Option<PathId> {
        let package = |ending: &&str| self.files.find(&format!("{path}/__init__{ending}"));
        let plain = |ending: &&str| self.files.find(&format!("{path}{ending}"));
        let found = ENDINGS.iter().find_map(package).or_else(|| ENDINGS.iter().find_map(plain));
        found.filter(|id| self.files.file(*id).is_some())
    }

    /// Looks for a name below a folder: the longest beginning that is a module, with at most one part left over.
    fn below(&self, folder: &str, parts: &[&str]) -> Found {
        let mut path = folder.to_owned();
        let mut last = None;
        for (index, part) in parts.iter().enumerate() {
            path = join(&path, part);
            match self.module(&path) {
                Some(id) => last = Some((index, id)),
                None if self.files.is_folder(&path) => {}
                None => break,
            }
        }
        match last {
            Some((index, id)) if index + 2 >= parts.len() => Found::File(id),
            Some(_) => Found::Missing,
            // A loop that ended early left a path that is no folder.
            None if self.holding.contains(path.as_str()) => Found::Folder(path),
            None => Found::Shared,
        }
    }

    /// Returns the modules directly in a namespace package.
    fn inside(&self, folder: &str) -> Resolved {
        let is_module = |id: &&PathId| ENDINGS.iter().any(|ending| self.files.path(**id).ends_with(ending));
        Resolved::files(self.files.folder(folder).iter().filter(is_module).copied().collect())
    }

    fn relative(&self, from: Importer<'_>, raw: &str) -> Resolved {
        let dots = raw.bytes().take_while(|byte| *byte == b'.').count();
        let Some(folder) = upwards(from.folder()).nth(dots.saturating_sub(1)) else { return Resolved::Unresolved };
        let parts = parts(raw.get(dots..).unwrap_or_default());
        match self.below(folder, &parts) {
            Found::File(id) => Resolved::file(id),
            // `from . import name` of what the package itself defines.
            Found::Shared if parts.len() <= 1 => self.module(folder).map_or(Resolved::Unresolved, Resolved::file),
            Found::Folder(path) => self.module(folder).map_or_else(|| self.inside(&path), Resolved::file),
            Found::Missing | Found::Shared => Resolved::Unresolved,
        }
    }

    /// Returns the roots below which a name may be found, best first.
    fn roots_for(&self, from: Importer<'_>, top: &str) -> Rc<Vec<String>> {
        let key = (from.folder().to_owned(), top.to_owned());
        let known = self.preferred.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let roots = Rc::new(self.preference(from, top));
            self.preferred.borrow_mut().insert(key, Rc::clone(&roots));
            roots
        })
    }

    fn preference(&self, from: Importer<'_>, top: &str) -> Vec<String> {
        let own = from.folder();
        let begins = upwards(own).find(|folder| !self.is_package(folder)).unwrap_or_default();
        let mut roots = vec![begins.to_owned()];
        if standard::has(top) {
            return roots;
        }
        let mut others: BTreeSet<&str> = self.tops.get(top).into_iter().flatten().map(String::as_str).collect();
        others.extend(upwards(own).take(ROOTS).filter(|folder| self.may_begin(folder, top)));
        let mut others: Vec<&str> = others.into_iter().filter(|root| *root != begins).collect();
        let above = |root: &str| root.is_empty() || own == root || own.starts_with(&format!("{root}/"));
        // What is marked before what is guessed; folders above the importer first, deepest first; then the nearest; then
        // by name.
        others.sort_by_cached_key(|root| {
            let near = shared_folders(&join(root, "x"), &from.file.path);
            (!self.marked.contains(*root), std::cmp::Reverse((above(root), near)), root.len(), *root)
        });
        roots.extend(others.into_iter().take(ROOTS).map(str::to_owned));
        roots
    }

    /// Says whether names may begin in a folder above the importer that nothing marks as a root. In a package they do
    /// not: its `redis.py` is no `redis`.
    fn may_begin(&self, folder: &str, top: &str) -> bool {
        let path = join(folder, top);
        !self.is_package(folder) && (self.files.is_folder(&path) || self.module(&path).is_some())
    }
}

impl Resolve for Python<'_> {
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        if import.raw.starts_with('.') {
            return self.relative(from, &import.raw);
        }
        let parts = parts(&import.raw);
        let Some(top) = parts.first().copied() else { return Resolved::Unresolved };
        let (mut missing, mut namespace) = (false, None);
        for root in self.roots_for(from, top).iter() {
            match self.below(root, &parts) {
                Found::File(id) => return Resolved::file(id),
                Found::Missing => missing = true,
                Found::Folder(path) if parts.len() > 1 => namespace = namespace.or(Some(path)),
                Found::Folder(_) | Found::Shared => {}
            }
        }
        match namespace {
            _ if missing => Resolved::Unresolved,
            Some(folder) => self.inside(&folder),
            None => Resolved::Package(top.to_owned()),
        }
    }
}

fn is_package_file(name: &str) -> bool {
    matches!(name, "__init__.py" | "__init__.pyi")
}

/// Splits a dotted name; a wildcard stands for the module itself.
fn parts(name: &str) -> Vec<&str> {
    name.split('.').filter(|part| !part.is_empty() && *part != "*").collect()
}

/// The folder of a project and its usual source folders.
fn project_roots(files: &SideFiles<'_>, folder: &str) -> Vec<String> {
    let usual = USUAL.iter().map(|name| join(folder, name)).filter(|folder| files.is_folder(folder));
    std::iter::once(folder.to_owned()).chain(usual).collect()
}

/// Returns the folders with Python files in or below them; the root is none.
fn holding<'a>(files: &SideFiles<'a>) -> HashSet<&'a str> {
    let mut holding = HashSet::new();
    for (_, path, file) in files.all() {
        if file.is_some() && ENDINGS.iter().any(|ending| path.ends_with(ending)) {
            // Folders above a known folder are known.
            let _ =
                upwards(folder_of(path)).take_while(|folder| !folder.is_empty()).all(|folder| holding.insert(folder));
        }
    }
    holding
}
