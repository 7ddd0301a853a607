//! Links: what one file imports of one file, of one folder of several, or of one package; and which are new.
//!
//! Owns what makes a link the same on both sides. The spelling and the line of an import do not count: a file that
//! already imports another may import more of it. A link is new when either end has come to another module. What comparing
//! may cost is counted: one step an imported file.

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};

use crate::completeness::Reason;
use crate::impact::graph::{FileId, Graph, Import, ImportId, Renames, Target};
use crate::impact::modules::ModuleId;

/// One link of the head side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::enforcement) struct Link {
    /// The first import that makes it.
    pub(in crate::enforcement) import: ImportId,
    /// Line of that import.
    pub(in crate::enforcement) line: u32,
    /// Other imports of the same file that make the same link, with their lines.
    pub(in crate::enforcement) more: Vec<(ImportId, u32)>,
    /// The file that imports.
    pub(in crate::enforcement) from: FileId,
    /// What is imported.
    pub(in crate::enforcement) to: Imported,
    /// Path of the file, the folder that holds the files, or name of the package.
    pub(in crate::enforcement) name: String,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::enforcement) enum Imported {
    /// Files of one module, or of none.
    Files(Option<ModuleId>, Vec<FileId>),
    /// A package outside the repository.
    Package(String),
}

impl Imported {
    /// Returns the module that is imported, or none: no module, or a package outside.
    pub(in crate::enforcement) fn module(&self) -> Option<ModuleId> {
        match self {
            Self::Files(module, _) => *module,
            Self::Package(_) => None,
        }
    }
}

/// Steps that comparing imports may take; when they are used up nothing more is compared.
#[derive(Debug)]
pub(super) struct Steps {
    left: Cell<u64>,
    limit: u64,
}

impl Steps {
    pub(super) fn new(limit: u64) -> Self {
        Self { left: Cell::new(limit), limit }
    }

    /// Takes the steps of one import; false when there are not so many left.
    fn spend(&self, graph: &Graph, import: &Import) -> bool {
        let steps = graph.target_files(import).len() as u64;
        let left = self.left.get().checked_sub(steps.saturating_add(1));
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Returns why what was found is not all, if it is not.
    pub(super) fn reason(&self) -> Option<Reason> {
        let message = format!("comparing imports takes more than {} steps (limit `link-steps`)", self.limit);
        let remedy = "raise `limits: {link-steps: N}` on the base branch";
        (self.left.get() == 0).then(|| Reason::new("graph-too-large", message, remedy))
    }
}

/// What makes a link the same on both sides: importing file and its module, what is imported, and its module.
type Identity = (String, String, String, String);

/// Returns the links of `head` that `base` does not have, sorted by file, line and name.
pub(super) fn new_links(base: &Graph, head: &Graph, renames: &Renames, steps: &Steps) -> Vec<Link> {
    let known = known(base, steps);
    let mut links: BTreeMap<(FileId, String, Imported), Link> = BTreeMap::new();
    let old_path = |path: &str| renames.get(path).map_or(path, String::as_str).to_owned();
    for (id, import) in head.dependencies().take_while(|(_, import)| steps.spend(head, import)) {
        let from = old_path(head.path(import.from));
        for (to, name) in ends(head, import) {
            if is_known(&known, head, import, (&from, &to), &old_path) {
                continue;
            }
            let Import { line, from, .. } = *import;
            let link = Link { import: id, line, more: Vec::new(), from, to: to.clone(), name: name.clone() };
            let kept = links.entry((from, name, to)).or_insert(link);
            if kept.import != id {
                kept.more.push((id, line));
            }
        }
    }
    let mut links: Vec<Link> = links.into_values().collect();
    links.sort_by(|a, b| (a.from, a.line, &a.name).cmp(&(b.from, b.line, &b.name)));
    links
}

fn known(base: &Graph, steps: &Steps) -> HashSet<Identity> {
    let mut known = HashSet::new();
    for (_, import) in base.dependencies().take_while(|(_, import)| steps.spend(base, import)) {
        let from = base.path(import.from);
        for (to, name) in ends(base, import) {
            let mut name = name;
            if let Imported::Files(_, files) = &to {
                known.extend(files.iter().map(|file| identity(base, import, (from, &to), base.path(*file))));
                let paths: Vec<String> = files.iter().map(|file| base.path(*file).to_owned()).collect();
                name = folder_of_all(&paths);
            }
            known.insert(identity(base, import, (from, &to), &whole(import, &to, &name)));
        }
    }
    known
}

/// A single file is known when it was imported before; a package of files also when the same text led to its folder.
fn is_known(
    known: &HashSet<Identity>,
    head: &Graph,
    import: &Import,
    (from, to): (&str, &Imported),
    old_path: &dyn Fn(&str) -> String,
) -> bool {
    let has = |name: &str| known.contains(&identity(head, import, (from, to), name));
    match to {
        Imported::Package(name) => has(&whole(import, to, name)),
        Imported::Files(_, files) => {
            let old: Vec<String> = files.iter().map(|file| old_path(head.path(*file))).collect();
            let all = old.iter().all(|path| has(path));
            all || (is_package(head, import) && has(&whole(import, to, &folder_of_all(&old))))
        }
    }
}

/// A name that no path equals.
fn whole(import: &Import, to: &Imported, name: &str) -> String {
    match to {
        Imported::Package(_) => format!("\0package {name}"),
        Imported::Files(..) => format!("\0{} {name}", import.raw),
    }
}

fn identity(graph: &Graph, import: &Import, (from, to): (&str, &Imported), name: &str) -> Identity {
    let module = |module: Option<ModuleId>| module.map_or("", |module| graph.modules().name(module)).to_owned();
    (from.to_owned(), module(graph.module_of(import.from)), name.to_owned(), module(to.module()))
}

/// Says whether the import means a folder as a whole: it leads to several files, or always does in its language.
fn is_package(graph: &Graph, import: &Import) -> bool {
    let language = graph.files().get(import.from.index()).map_or("", |file| file.language.as_str());
    language == "go" || graph.target_files(import).len() > 1
}

/// Returns what an import leads to, one entry a module, each with its name.
fn ends(graph: &Graph, import: &Import) -> Vec<(Imported, String)> {
    match import.target {
        Target::Unresolved => Vec::new(),
        Target::Package(_) => {
            let name = graph.package(import).unwrap_or_default().to_owned();
            vec![(Imported::Package(name.clone()), name)]
        }
        Target::Files(_) => {
            let mut by_module: BTreeMap<Option<ModuleId>, Vec<FileId>> = BTreeMap::new();
            for file in graph.target_files(import).iter().filter(|file| **file != import.from) {
                by_module.entry(graph.module_of(*file)).or_default().push(*file);
            }
            let named = |(module, files): (Option<ModuleId>, Vec<FileId>)| {
                let paths: Vec<String> = files.iter().map(|file| graph.path(*file).to_owned()).collect();
                let name = if is_package(graph, import) { folder_of_all(&paths) } else { paths.concat() };
                (Imported::Files(module, files), name)
            };
            by_module.into_iter().map(named).collect()
        }
    }
}

/// Returns the deepest folder that holds all paths, `.` for the root.
fn folder_of_all(paths: &[String]) -> String {
    let folder = |path: &String| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let mut common: Option<Vec<String>> = None;
    for path in paths {
        let parts: Vec<String> = folder(path).split('/').map(str::to_owned).collect();
        common = Some(match common {
            None => parts,
            Some(known) => known.into_iter().zip(parts).take_while(|(a, b)| a == b).map(|(a, _)| a).collect(),
        });
    }
    match common.map(|parts| parts.join("/")) {
        Some(folder) if !folder.is_empty() => folder,
        _ => ".".to_owned(),
    }
}
