//! Roots: the folders below which names of Python begin, and which of them a file sees first.
//!
//! Owns what marks a root and how near it is. Must not follow names below one.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::super::{Importer, SideFiles, folder_of, join, shared_folders, upwards};
use super::{ENDINGS, is_package, module};
use crate::facts::standard;

/// Roots that are tried for one name, beside those that settle what is meant.
const OTHERS: usize = 1_000;

/// Folders above the importing file that are looked at.
const ABOVE: usize = 100;

/// Usual names of the folder in which a project's packages stand.
const USUAL: &[&str] = &["src", "lib", "python"];

/// One root, as a file sees it.
pub(super) struct Root {
    /// Its path.
    pub(super) path: String,
    /// How many folders it shares with the importing file; the file's own root is above all.
    pub(super) level: usize,
    /// True where a name that is found is looked for no farther away.
    pub(super) settles: bool,
}

type Preferred = HashMap<(String, String), Rc<Vec<Root>>>;

/// The roots of one side.
pub(super) struct Roots {
    /// Roots, guessed ones included, below which a top-level name is found, sorted.
    tops: HashMap<String, BTreeSet<String>>,
    /// Roots in order of preference, by importing folder and top-level name.
    preferred: RefCell<Preferred>,
}

impl Roots {
    /// Finds the roots of a repository; `holding` are the folders with Python files in or below them.
    pub(super) fn of(files: &SideFiles<'_>, holding: &HashSet<&str>) -> Self {
        let guessed = holding.iter().map(|folder| folder_of(folder)).filter(|root| {
            let name = root.rsplit('/').next().unwrap_or_default();
            USUAL.contains(&name) && !is_package(files, root)
        });
        let mut roots = marked(files);
        roots.extend(guessed.map(str::to_owned));
        let mut tops: HashMap<String, BTreeSet<String>> = HashMap::new();
        for root in &roots {
            for id in files.folder(root) {
                let name = files.path(*id).rsplit('/').next().unwrap_or_default();
                if let Some(module) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) {
                    tops.entry(module.to_owned()).or_default().insert(root.clone());
                }
            }
        }
        // A folder below a root may be a namespace package, or a package.
        for folder in files.folders() {
            let (root, name) = folder.rsplit_once('/').unwrap_or(("", folder));
            if !folder.is_empty() && roots.contains(root) {
                tops.entry(name.to_owned()).or_default().insert(root.to_owned());
            }
        }
        Self { tops, preferred: RefCell::default() }
    }

    /// Returns the roots below which a name may be found, nearest first.
    pub(super) fn of_name(&self, files: &SideFiles<'_>, from: Importer<'_>, top: &str) -> Rc<Vec<Root>> {
        let key = (from.folder().to_owned(), top.to_owned());
        let known = self.preferred.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let roots = Rc::new(self.preference(files, from, top));
            self.preferred.borrow_mut().insert(key, Rc::clone(&roots));
            roots
        })
    }

    fn preference(&self, files: &SideFiles<'_>, from: Importer<'_>, top: &str) -> Vec<Root> {
        let begins = own(files, from);
        let mut roots = vec![Root { path: begins.to_owned(), level: usize::MAX, settles: true }];
        if standard::has(top) {
            return roots;
        }
        let mut others: BTreeSet<&str> = self.tops.get(top).into_iter().flatten().map(String::as_str).collect();
        others.extend(upwards(from.folder()).take(ABOVE).filter(|folder| may_begin(files, folder, top)));
        let others = others.into_iter().filter(|root| *root != begins);
        let mut others: Vec<Root> = others.map(|root| seen_from(from, root)).collect();
        others.sort_by(|a, b| (b.level, b.settles, &a.path).cmp(&(a.level, a.settles, &b.path)));
        let mut left = OTHERS;
        others.retain(|root| {
            left = if root.settles { left } else { left.saturating_sub(1) };
            root.settles || left > 0
        });
        roots.extend(others);
        roots
    }
}

/// Returns the root that a file itself begins at: above the packages around it, or its own folder.
pub(super) fn own<'f>(files: &SideFiles<'_>, from: Importer<'f>) -> &'f str {
    upwards(folder_of(&from.file.path)).find(|folder| !is_package(files, folder)).unwrap_or_default()
}

fn seen_from(from: Importer<'_>, root: &str) -> Root {
    let above = |root: &str| {
        let rest = from.folder().strip_prefix(root);
        rest.is_some_and(|rest| root.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    let (around, name) = root.rsplit_once('/').unwrap_or(("", root));
    let settles = above(root) || (USUAL.contains(&name) && above(around));
    Root { path: root.to_owned(), level: shared_folders(&join(root, "x"), &from.file.path), settles }
}

/// Says whether names may begin in a folder above the importer that nothing marks as a root. In a package they do not:
/// its `redis.py` is no `redis`.
fn may_begin(files: &SideFiles<'_>, folder: &str, top: &str) -> bool {
    let path = join(folder, top);
    !is_package(files, folder) && (files.is_folder(&path) || module(files, &path).is_some())
}

/// Returns the root of the repository, those of projects, and folders of topmost packages.
fn marked(files: &SideFiles<'_>) -> BTreeSet<String> {
    let mut roots = BTreeSet::from([String::new()]);
    for (_, path, file) in files.all() {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        // In a package `setup.py` is one of its modules.
        if matches!(name, "setup.py" | "setup.cfg") && !is_package(files, folder) {
            roots.extend(project_roots(files, folder));
        }
        let is_top = || !is_package(files, folder_of(folder)) && !folder.is_empty();
        if file.is_some() && matches!(name, "__init__.py" | "__init__.pyi") && is_top() {
            roots.insert(folder_of(folder).to_owned());
        }
    }
    for (path, _) in files.manifests(|name| name == "pyproject.toml") {
        roots.extend(project_roots(files, folder_of(path)));
    }
    roots
}

/// The folder of a project and its usual source folders.
fn project_roots(files: &SideFiles<'_>, folder: &str) -> Vec<String> {
    let usual = USUAL.iter().map(|name| join(folder, name)).filter(|folder| files.is_folder(folder));
    std::iter::once(folder.to_owned()).chain(usual).collect()
}
