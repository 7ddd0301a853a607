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
//! files directly in it, or when there are none to those below, and to the package around it, which may define the name as
//! well; one at a root stays a package outside, which Python prefers to it.
//!
//! Where several roots have a name, which of them the program sees depends on how it is started. The own root of the
//! importing file settles it. Else all count that are as near as the nearest folder above the importing file, or its `src`,
//! `lib` or `python`, that has the name: a twin that somebody puts nearer by hides nothing.
//!
//! A folder that a file adds to `sys.path` is one more root for it, beside the others: what is there hides nothing, and a
//! name that only such a folder has may still be a package outside. `from a import *` leads to the modules that the package
//! names under `__all__` as well.
//!
//! A file in a package that imports nothing of that package may be a script that is started in its own folder: then what
//! stands beside it may be meant, as well as a package outside.

mod added;
mod roots;

use std::collections::{BTreeSet, HashSet};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, follow, join, upwards};
use crate::facts::{ImportForm, ImportLine, standard};
use added::Added;
use roots::Roots;

pub(super) static FAMILY: Family = Family {
    id: "python",
    is_manifest: |name| name == "pyproject.toml",
    may_name: |path| path.ends_with("/setup.cfg") || path == "setup.cfg" || path.ends_with(".so"),
    prepare: |files, _| Box::new(Python::new(files)),
};

/// Endings of a module's file, in the order in which they are looked for.
const ENDINGS: &[&str] = &[".py", ".pyi"];

/// Files that a folder without files of its own leads to.
const INSIDE: usize = 1_000;

struct Python<'a> {
    files: &'a SideFiles<'a>,
    /// Folders with Python files in or below them.
    holding: HashSet<&'a str>,
    /// Names of packages and modules anywhere in the repository.
    names: HashSet<&'a str>,
    roots: Roots,
    added: Added,
}

/// What a name led to below one folder.
enum Found {
    Files(Vec<PathId>),
    /// The name begins with a regular package of the repository, and the rest is not there.
    Missing,
    /// The whole name is one of a folder with Python files, and of nothing but folders before it.
    Folder(String),
    /// The name begins with folders only, which others may share.
    Shared,
}

/// What a name led to below all roots that count.
#[derive(Default)]
struct Gathered {
    files: BTreeSet<PathId>,
    folders: BTreeSet<String>,
    missing: bool,
}

impl<'a> Python<'a> {
    fn new(files: &'a SideFiles<'a>) -> Self {
        let holding = holding(files);
        let roots = Roots::of(files, &holding);
        let names = names(files);
        let added = Added::of(files, &holding);
        Self { files, holding, names, roots, added }
    }

    /// Follows a name below a folder: every beginning that is a module with the number of its parts, and the path of the
    /// whole when all of it is there, as a module or a folder.
    fn steps(&self, folder: &str, parts: &[&str]) -> (Option<(usize, PathId)>, Option<String>) {
        let mut path = folder.to_owned();
        let mut last = None;
        for (index, part) in parts.iter().enumerate() {
            path = join(&path, part);
            match module(self.files, &path) {
                Some(id) => last = Some((index + 1, id)),
                None if self.files.is_folder(&path) => {}
                None => return (last, None),
            }
        }
        (last, Some(path))
    }

    /// Looks for a name below a folder: the longest beginning that is a module, with at most one part left over.
    fn below(&self, folder: &str, parts: &[&str]) -> Found {
        let (last, whole) = self.steps(folder, parts);
        let whole = whole.filter(|path| self.holding.contains(path.as_str()));
        match (last, whole) {
            (Some((count, id)), _) if count == parts.len() => Found::Files(vec![id]),
            // A folder in a package: what is in it, and the package, which may define the name.
            (Some((count, id)), Some(path)) => {
                let mut files = self.inside(&path);
                files.extend((count + 1 == parts.len()).then_some(id));
                Found::Files(files)
            }
            (Some((count, id)), None) if count + 1 == parts.len() => Found::Files(vec![id]),
            (Some(_), None) => Found::Missing,
            (None, Some(path)) => Found::Folder(path),
            (None, None) => Found::Shared,
        }
    }

    /// Returns the modules directly in a namespace package, or when there are none those below.
    fn inside(&self, folder: &str) -> Vec<PathId> {
        let is_module = |id: &PathId| ENDINGS.iter().any(|ending| self.files.path(*id).ends_with(ending));
        let direct: Vec<PathId> = self.files.folder(folder).iter().copied().filter(is_module).collect();
        if direct.is_empty() { self.files.below(folder).filter(is_module).take(INSIDE).collect() } else { direct }
    }

    fn relative(&self, from: Importer<'_>, raw: &str) -> Resolved {
        let Some((folder, parts)) = relative_to(from.folder(), raw) else { return Resolved::Unresolved };
        let own = || module(self.files, folder).filter(|_| parts.len() <= 1);
        match self.below(folder, &parts) {
            Found::Files(files) => Resolved::files(files),
            // `from . import name` of what the package itself defines.
            Found::Shared => own().map_or(Resolved::Unresolved, Resolved::file),
            Found::Folder(path) => {
                // `from . import *`, or a folder that is imported by name.
                let mut files = if parts.is_empty() { Vec::new() } else { self.inside(&path) };
                files.extend(own());
                Resolved::files(files)
            }
            Found::Missing => Resolved::Unresolved,
        }
    }

    /// Looks below every root that counts for a name that begins so.
    fn gather(&self, from: Importer<'_>, top: &str, look: impl Fn(&str) -> Found) -> Gathered {
        let mut found = Gathered::default();
        // The levels at which a root settled what is meant.
        let (mut files_at, mut folders_at) = (None, None);
        for root in self.roots.of_name(self.files, from, top).iter() {
            if files_at.is_some_and(|level| level != root.level) {
                break;
            }
            match look(&root.path) {
                Found::Files(files) => {
                    found.files.extend(files);
                    files_at = files_at.or(root.settles.then_some(root.level));
                }
                Found::Folder(path) if folders_at.is_none_or(|level| level == root.level) => {
                    found.folders.insert(path);
                    folders_at = folders_at.or(root.settles.then_some(root.level));
                }
                Found::Missing => found.missing = true,
                Found::Folder(_) | Found::Shared => {}
            }
        }
        found
    }

    /// Returns what a name leads to if the importing file is a script that is started in its own folder, a package.
    fn beside(&self, from: Importer<'_>, top: &str, look: impl Fn(&str) -> Found) -> Vec<PathId> {
        let own = from.folder();
        if standard::has(top) || !is_package(self.files, own) {
            return Vec::new();
        }
        match look(own) {
            Found::Files(files) if files.iter().any(|id| *id != from.id) && !imports_own_package(self.files, from) => {
                files.into_iter().filter(|id| *id != from.id).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Resolves an absolute name, in folders too that the program adds: what is there hides nothing.
    fn absolute(&self, from: Importer<'_>, raw: &str) -> Resolved {
        let usual = self.by_roots(from, raw);
        let folders = self.added.of_file(from);
        if folders.is_empty() {
            return usual;
        }
        let (parts, mut found) = (parts(raw), vec![usual.clone()]);
        for folder in folders.iter().filter(|_| !parts.is_empty()) {
            let files = match self.below(folder, &parts) {
                Found::Files(files) => files,
                Found::Folder(path) if parts.len() > 1 => self.inside(&path),
                Found::Folder(_) | Found::Shared | Found::Missing => Vec::new(),
            };
            let new: Vec<PathId> = files.into_iter().filter(|id| !usual.targets().contains(id)).collect();
            found.push(Resolved::files(new));
        }
        Resolved::any(found)
    }

    fn by_roots(&self, from: Importer<'_>, raw: &str) -> Resolved {
        let parts = parts(raw);
        let Some(top) = parts.first().copied() else { return Resolved::Unresolved };
        let look = |root: &str| self.below(root, &parts);
        let mut found = self.gather(from, top, look);
        let beside = self.beside(from, top, look);
        if !found.files.is_empty() {
            found.files.extend(beside);
            return Resolved::Files(found.files.into_iter().collect());
        }
        if !found.missing && parts.len() > 1 && !found.folders.is_empty() {
            found.files.extend(found.folders.iter().flat_map(|folder| self.inside(folder)));
            found.files.extend(beside);
            return Resolved::files(found.files.into_iter().collect());
        }
        match (found.missing, beside.is_empty()) {
            (true, _) => Resolved::files(beside),
            (false, true) => Resolved::Package(top.to_owned()),
            (false, false) => Resolved::Several(vec![Resolved::Files(beside), Resolved::Package(top.to_owned())]),
        }
    }

    /// Resolves a name that goes on from what a statement imports: only what lies deeper than that.
    fn inline(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        let known = parts(&import.known_as).len();
        let look = |parts: &[&str], root: &str| match self.steps(root, parts).0 {
            Some((count, id)) if count > known => Found::Files(vec![id]),
            // The statement led here, so the name goes no farther.
            Some((count, _)) if count + 1 >= known => Found::Files(Vec::new()),
            _ => Found::Shared,
        };
        if import.raw.starts_with('.') {
            let Some((folder, parts)) = relative_to(from.folder(), &import.raw) else { return Resolved::Unresolved };
            return match look(&parts, folder) {
                Found::Files(files) => Resolved::files(files),
                _ => Resolved::Unresolved,
            };
        }
        let parts = parts(&import.raw);
        let Some(top) = parts.first().copied().filter(|top| self.names.contains(top)) else {
            return Resolved::Unresolved;
        };
        let mut files = self.gather(from, top, |root| look(&parts, root)).files;
        files.extend(self.beside(from, top, |root| look(&parts, root)));
        for folder in self.added.of_file(from) {
            if let Found::Files(found) = look(&parts, &folder) {
                files.extend(found);
            }
        }
        Resolved::files(files.into_iter().collect())
    }

    /// Resolves the path of a file, which is relative to where the program is started: any folder above may be meant.
    fn named_file(&self, from: Importer<'_>, path: &str) -> Resolved {
        let found: BTreeSet<PathId> = upwards(from.folder())
            .filter_map(|folder| self.files.find(&follow(folder, path)?))
            .filter(|id| self.files.file(*id).is_some())
            .collect();
        Resolved::files(found.into_iter().collect())
    }
}

impl Resolve for Python<'_> {
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        if import.form == ImportForm::Part {
            // It says where names lead, and imports nothing.
            return Resolved::file(from.id);
        }
        let found = if import.form == ImportForm::Inline {
            self.inline(from, import)
        } else if !import.at.is_empty() {
            self.named_file(from, &import.at)
        } else if import.raw.starts_with('.') {
            self.relative(from, &import.raw)
        } else {
            self.absolute(from, &import.raw)
        };
        if import.raw.ends_with(".*") { self.with_all(found) } else { found }
    }
}

impl Python<'_> {
    /// Adds the modules that packages pass on under `__all__`: `from a import *` imports those that are not there yet.
    fn with_all(&self, found: Resolved) -> Resolved {
        let mut all = found.clone().each();
        let packages = all.iter().flat_map(Resolved::targets).copied().collect::<BTreeSet<PathId>>();
        for (id, file) in packages.into_iter().filter_map(|id| Some((id, self.files.file(id)?))) {
            let names = file.imports.iter().filter(|import| import.form == ImportForm::Part);
            let names = names.filter_map(|import| import.raw.strip_prefix("__all__."));
            let folder = folder_of(self.files.path(id));
            let passed = names.filter_map(|name| module(self.files, &join(folder, name)));
            all.extend(passed.map(Resolved::file).collect::<Vec<_>>());
        }
        Resolved::any(all)
    }
}

/// Says whether a file imports its own package, as no script does that is started in the package's folder.
fn imports_own_package(files: &SideFiles<'_>, from: Importer<'_>) -> bool {
    let begins = roots::own(files, from);
    let top = from.folder().get(begins.len()..).unwrap_or_default().trim_start_matches('/');
    let top = top.split('/').next().unwrap_or_default();
    let own = |raw: &str| raw.starts_with('.') || raw.split('.').next() == Some(top);
    from.file.imports.iter().any(|import| import.form == ImportForm::Use && own(&import.raw))
}

/// Says whether a folder is a regular package.
fn is_package(files: &SideFiles<'_>, folder: &str) -> bool {
    !folder.is_empty() && ENDINGS.iter().any(|ending| files.find(&format!("{folder}/__init__{ending}")).is_some())
}

/// Returns the module at a path without ending.
fn module(files: &SideFiles<'_>, path: &str) -> Option<PathId> {
    let package = |ending: &&str| files.find(&format!("{path}/__init__{ending}"));
    let plain = |ending: &&str| files.find(&format!("{path}{ending}"));
    let found = ENDINGS.iter().find_map(package).or_else(|| ENDINGS.iter().find_map(plain));
    found.filter(|id| files.file(*id).is_some())
}

/// Returns the folder that a relative name begins in, and its parts.
fn relative_to<'p>(own: &'p str, raw: &'p str) -> Option<(&'p str, Vec<&'p str>)> {
    let dots = raw.bytes().take_while(|byte| *byte == b'.').count();
    let folder = upwards(own).nth(dots.saturating_sub(1))?;
    Some((folder, parts(raw.get(dots..).unwrap_or_default())))
}

/// Splits a dotted name; a wildcard stands for the module itself.
fn parts(name: &str) -> Vec<&str> {
    name.split('.').filter(|part| !part.is_empty() && *part != "*").collect()
}

/// Returns the last parts of all folders, and the names of files without their endings.
fn names<'f>(files: &'f SideFiles<'_>) -> HashSet<&'f str> {
    let last = |path: &'f str| path.rsplit('/').next().unwrap_or_default();
    let modules = files.all().filter(|(_, _, file)| file.is_some()).map(|(_, path, _)| last(path));
    let modules = modules.filter_map(|name| ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)));
    files.folders().into_iter().map(last).chain(modules).collect()
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
