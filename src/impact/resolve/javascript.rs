//! TypeScript, TSX and JavaScript: an import names a file, a package of the repository, or a package outside.
//!
//! A relative path is tried with every usual ending, and as a folder with an index; where `.js` is written and `.ts`
//! stands, that is meant. Other names are tried in the order of the tools: `#names` of the nearest `package.json`,
//! `paths` and `baseUrl` of the nearest `tsconfig.json` or `jsconfig.json`, what dependencies are aliases of, the names
//! of packages in the repository, and what is left is a package outside: `@scope/name`, without what follows; `node:fs`
//! is `fs`.
//!
//! A package of the repository often says where its *built* files are; then its sources are looked for, and at last the
//! import leads to its `package.json`, so that it never looks like one from outside.
//!
//! The first answer settles what a name means only where base gives the same answer. What a manifest of the change says
//! anew (another target, a second package of a name, an alias) counts beside it: which manifest a tool follows is not
//! known, and the author could add one that none follows.

mod config;
mod globs;
mod names;
mod package;
mod patterns;
mod specifier;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, follow, join, upwards};
use crate::completeness::Reason;
use crate::facts::ImportLine;
use config::Configs;
use package::Package;

pub(super) static FAMILY: Family = Family {
    id: "javascript",
    is_manifest: |name| name == "package.json" || config::is_config(name),
    may_name: |path| ASSETS.iter().any(|ending| path.ends_with(ending)),
    prepare: |files, reasons| Box::new(JavaScript::new(files.again(), reasons)),
};

/// Endings that bundlers let code import.
const ASSETS: &[&str] = &[
    ".astro", ".avif", ".css", ".frag", ".gif", ".glsl", ".gql", ".graphql", ".hbs", ".html", ".ico", ".jpeg", ".jpg",
    ".json", ".json5", ".jsonc", ".less", ".md", ".mdx", ".mp3", ".mp4", ".node", ".png", ".sass", ".scss", ".styl",
    ".svelte", ".svg", ".toml", ".ttf", ".txt", ".vert", ".vue", ".wasm", ".webm", ".webp", ".wgsl", ".woff", ".woff2",
    ".yaml", ".yml",
];

/// Endings that may be left out, in the order in which they are tried: code before what only declares it.
const ENDINGS: &[&str] =
    &[".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".d.ts", ".json", ".vue", ".svelte"];

/// Those of code that is found without its ending by compilers and runtimes alike.
const CODE: &[&str] = &[".ts", ".tsx", ".js", ".jsx"];

/// What a written ending may stand for, when that file is not there or made from another one.
const WRITTEN: &[(&str, &[&str])] =
    &[(".js", &[".ts", ".tsx"]), (".jsx", &[".tsx"]), (".mjs", &[".mts"]), (".cjs", &[".cts"])];

/// Declarations beside or instead of code, by written ending.
const DECLARED: &[(&str, &str)] = &[(".js", ".d.ts"), (".mjs", ".d.mts"), (".cjs", ".d.cts")];

/// Index files of a folder are named so.
const INDEX: &str = "index";

struct JavaScript<'a> {
    files: SideFiles<'a>,
    configs: Configs<'a>,
    /// Every package of the repository by its folder.
    by_folder: BTreeMap<&'a str, Package>,
    /// Folders of the packages of the repository by name, the settled one first.
    by_name: BTreeMap<String, Vec<&'a str>>,
    /// Folders of the packages with an alias of that name.
    aliases: BTreeMap<String, Vec<&'a str>>,
    /// Packages that manifests take from outside.
    outside: BTreeSet<String>,
    /// Whether anything of `node_modules` is in the repository.
    installed: bool,
    /// What was found in packages, by folder and part: it is the same for every importing file.
    packages: RefCell<HashMap<(String, String), Vec<PathId>>>,
    /// The same of the base side, where that has other manifests.
    older: Option<Box<Self>>,
}

impl<'a> JavaScript<'a> {
    fn new(files: SideFiles<'a>, reasons: &mut Vec<Reason>) -> Self {
        // What base's manifests lack is said of the base side.
        let older = files.before(FAMILY.is_manifest).map(|older| Box::new(Self::new(older, &mut Vec::new())));
        let mut by_folder = BTreeMap::new();
        let mut by_name: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
        let mut aliases: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
        for (path, text) in files.manifests(|name| name == "package.json") {
            let folder = folder_of(path);
            match Package::read(path, text) {
                Ok(package) => {
                    if !package.name.is_empty() && !is_installed(path) {
                        by_name.entry(package.name.clone()).or_default().push(folder);
                    }
                    for name in package.aliases.keys() {
                        aliases.entry(name.clone()).or_default().push(folder);
                    }
                    by_folder.insert(folder, package);
                }
                Err(why) => reasons.push(super::malformed(path, &why)),
            }
        }
        for (name, folders) in &mut by_name {
            let was = |folder: &str| {
                older.as_ref().is_none_or(|older| older.by_folder.get(folder).is_some_and(|old| old.name == *name))
            };
            // Of two packages of one name the first by path counts, for test data repeats names; new ones beside it.
            let (old, new): (Vec<&str>, Vec<&str>) = folders.iter().partition(|folder| was(folder));
            *folders = old.into_iter().take(1).chain(new).collect();
        }
        let configs = Configs::read(&files, reasons);
        let outside = by_folder.values().flat_map(|package: &Package| package.outside.iter().cloned()).collect();
        let installed = files.folders().iter().any(|folder| folder.contains("node_modules"));
        Self { files, configs, by_folder, by_name, aliases, outside, installed, packages: RefCell::default(), older }
    }

    fn spend(&self, steps: usize) -> bool {
        self.files.spend(steps)
    }

    /// Returns the file that a path without or with ending stands for.
    fn file(&self, path: &str) -> Option<PathId> {
        let written = WRITTEN.iter().find_map(|(ending, real)| Some((path.strip_suffix(ending)?, real)));
        let real =
            written.and_then(|(stem, real)| real.iter().find_map(|ending| self.files.find(&format!("{stem}{ending}"))));
        real.or_else(|| self.files.find(path))
            .or_else(|| ENDINGS.iter().find_map(|ending| self.files.find(&format!("{path}{ending}"))))
            .or_else(|| {
                DECLARED.iter().find_map(|(ending, declared)| {
                    self.files.find(&format!("{}{declared}", path.strip_suffix(ending)?))
                })
            })
    }

    /// Returns the files that a path may stand for as a file or as a folder.
    fn at(&self, path: &str) -> Vec<PathId> {
        let file = if path.is_empty() { None } else { self.file(path) };
        file.map_or_else(|| self.at_folder(path), |file| self.with_twins(file, path))
    }

    /// Adds the other files that the same words may stand for: of `a.ts` and `a.js` compilers take one and runtimes the
    /// other.
    fn with_twins(&self, first: PathId, path: &str) -> Vec<PathId> {
        let written = WRITTEN.iter().find_map(|(ending, real)| Some((path.strip_suffix(ending)?, *ending, *real)));
        let mut files = vec![first];
        let mut add = |stem: &str, endings: &[&str]| {
            let found = endings.iter().filter_map(|ending| self.files.find(&format!("{stem}{ending}")));
            files.extend(found.filter(|id| *id != first));
        };
        match written {
            Some((stem, ending, real)) => {
                add(stem, real);
                add(stem, &[ending]);
            }
            // What is written in full is meant.
            None if CODE.iter().any(|ending| path.ends_with(ending)) => {}
            None if CODE.iter().any(|ending| self.files.path(first).ends_with(ending)) => add(path, CODE),
            None => {}
        }
        files.dedup();
        files
    }

    fn at_folder(&self, folder: &str) -> Vec<PathId> {
        let real = self.files.real(folder);
        let folder = real.as_deref().unwrap_or(folder);
        let inner = self.by_folder.get(folder).map_or(Vec::new(), |package| self.entries(folder, package, "."));
        if !inner.is_empty() {
            return inner;
        }
        let index = self.index(folder);
        index.map_or(Vec::new(), |index| self.with_twins(index, &join(folder, INDEX)))
    }

    fn index(&self, folder: &str) -> Option<PathId> {
        ENDINGS.iter().find_map(|ending| self.files.find(&join(folder, &format!("{INDEX}{ending}"))))
    }

    /// Says whether the base side leads a name as this one does, given how its package there leads it.
    fn is_settled<T: PartialEq>(&self, folder: &str, now: &T, of: impl Fn(&Package) -> T) -> bool {
        self.older.as_ref().is_none_or(|older| older.by_folder.get(folder).is_some_and(|old| of(old) == *now))
    }

    /// Returns the files of those targets: the first that is there, or all that are code where base has other targets.
    fn of_targets(&self, mut targets: Vec<String>, settled: bool, to: impl Fn(&str) -> Option<PathId>) -> Vec<PathId> {
        targets.sort_by_key(|target| target.contains(".d."));
        let mut files: Vec<PathId> = Vec::new();
        for target in &targets {
            if !files.is_empty() && (settled || target.contains(".d.")) {
                break;
            }
            files.extend(to(target).filter(|id| !files.contains(id)));
        }
        files
    }

    /// Returns the files that a package's manifest names for `.` or `./part`.
    fn entries(&self, folder: &str, package: &Package, part: &str) -> Vec<PathId> {
        let spend = |steps| self.spend(steps);
        let targets = package.exports(part, &spend);
        let settled = self.is_settled(folder, &targets, |old| old.exports(part, &spend));
        self.of_targets(targets, settled, |target| self.file(&follow(folder, target)?))
    }

    /// Returns the files of a package of the repository; its manifest when nothing else is there.
    fn in_package(&self, folder: &str, part: &str) -> Vec<PathId> {
        let key = (folder.to_owned(), part.to_owned());
        if let Some(known) = self.packages.borrow().get(&key) {
            self.spend(1);
            return known.clone();
        }
        let found = self.search_package(folder, part);
        self.packages.borrow_mut().insert(key, found.clone());
        found
    }

    fn search_package(&self, folder: &str, part: &str) -> Vec<PathId> {
        let Some(package) = self.by_folder.get(folder) else { return Vec::new() };
        let spend = |steps| self.spend(steps);
        let key = if part.is_empty() { ".".to_owned() } else { format!("./{part}") };
        let targets = package.exports(&key, &spend);
        let settled = self.is_settled(folder, &targets, |old| old.exports(&key, &spend));
        let mut found = self.of_targets(targets.clone(), settled, |target| self.file(&follow(folder, target)?));
        if found.is_empty() || !settled {
            // What is built is not in the repository: the sources are.
            let sources = self.of_targets(targets, settled, |target| self.source_of(folder, target));
            found.extend(sources.into_iter().filter(|id| !found.contains(id)).collect::<Vec<_>>());
        }
        if !found.is_empty() {
            return found;
        }
        let inner = ["", "src", "lib", "source"].iter().find_map(|source| {
            let place = follow(folder, &join(source, part))?;
            if part.is_empty() { self.index(&place) } else { self.file(&place).or_else(|| self.index(&place)) }
        });
        inner.or_else(|| self.files.find(&join(folder, "package.json"))).into_iter().collect()
    }

    /// Returns the files of a folder that is used as a package, with a manifest or without.
    fn inside(&self, folder: &str, part: &str) -> Vec<PathId> {
        let files = self.in_package(folder, part);
        match follow(folder, part) {
            Some(place) if files.is_empty() => self.at(&place),
            _ => files,
        }
    }

    /// Returns the source of a built file: `dist/a.js` is made from `src/a.ts`.
    fn source_of(&self, folder: &str, built: &str) -> Option<PathId> {
        let mut parts = built.trim_start_matches("./").split('/');
        parts.next()?;
        let rest = parts.collect::<Vec<_>>().join("/");
        let stem = rest.split('.').next().filter(|stem| !stem.is_empty())?;
        ["src", "source", "lib", ""].iter().find_map(|source| self.file(&follow(folder, &join(source, stem))?))
    }

    fn own_package(&self, folder: &str) -> Option<(&'a str, &Package)> {
        upwards(folder)
            .take_while(|_| self.spend(1))
            .find_map(|folder| self.by_folder.get_key_value(folder))
            .map(|(folder, package)| (*folder, package))
    }

    /// Resolves `#name` through the nearest manifest.
    fn private(&self, from: Importer<'_>, name: &str) -> Vec<Resolved> {
        let Some((folder, package)) = self.own_package(from.folder()) else { return Vec::new() };
        let spend = |steps| self.spend(steps);
        let targets = package.imports(name, &spend);
        let settled = self.is_settled(folder, &targets, |old| old.imports(name, &spend));
        let mut all = Vec::new();
        for target in targets {
            if target.starts_with('.') {
                let path = follow(folder, &target);
                let found = path.and_then(|path| self.file(&path).or_else(|| self.source_of(folder, &target)));
                all.extend(found.map(Resolved::file));
            } else {
                all.extend(self.bare(from, &target).found);
            }
            if settled && !all.is_empty() {
                break;
            }
        }
        all
    }
}

impl Resolve for JavaScript<'_> {
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        let found = if import.at.is_empty() { self.read(from, import) } else { self.globbed(from, &import.at) };
        match (found, import.raw.rsplit_once("node_modules/")) {
            // Where packages are installed is no part of the repository, but the path says which one is meant.
            (Resolved::Unresolved, Some((_, name))) => Resolved::Package(package_name(name).to_owned()),
            (found, _) => found,
        }
    }

    fn outside(&self, name: &str) -> bool {
        self.outside.contains(name) && !self.older.as_deref().is_some_and(|older| older.has_scope_of(name))
    }
}

impl JavaScript<'_> {
    /// A name in the scope of the repository's own packages is one more of them: workspaces ask for versions too.
    fn has_scope_of(&self, name: &str) -> bool {
        let Some((scope, _)) = name.split_once('/') else { return false };
        let start = format!("{scope}/");
        self.by_name.range(start.clone()..).next().is_some_and(|(known, _)| known.starts_with(&start))
    }

    /// Returns where the text of an import leads, in each way in which it may be meant.
    fn read(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        let spellings = specifier::spellings(&import.raw);
        let [only] = spellings.as_slice() else {
            let found = spellings.iter().flat_map(|spelling| self.spelt(from, spelling).each());
            // A reading that leads to files is believed before one that would be a package of that name.
            let (files, others): (Vec<_>, Vec<_>) = found.partition(|found| matches!(found, Resolved::Files(_)));
            return Resolved::any(if files.is_empty() { others.into_iter().take(1).collect() } else { files });
        };
        self.spelt(from, only)
    }

    fn spelt(&self, from: Importer<'_>, raw: &str) -> Resolved {
        if let Some(name) = raw.strip_prefix("node:") {
            return Resolved::Package(package_name(name).to_owned());
        }
        if let Some(name) = raw.strip_prefix("npm:").or_else(|| raw.strip_prefix("jsr:")) {
            return Resolved::Package(without_version(package_name(name)).to_owned());
        }
        if let Some(path) = specifier::file_path(raw) {
            // Where the repository lies on the machine is not known: the longest end that is a path of it is meant.
            let ends = path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..));
            let found = ends.filter(|end| end.contains('/') || end.contains('.')).map(|end| self.at(end));
            let found = found.into_iter().find(|files| !files.is_empty()).unwrap_or_default();
            return Resolved::any(found.into_iter().map(Resolved::file).collect());
        }
        if raw.starts_with('#') {
            let mut meaning = self.bare(from, raw);
            meaning.found.retain(|found| matches!(found, Resolved::Files(_)));
            if !meaning.settled {
                meaning.found.extend(self.private(from, raw));
            }
            return Resolved::any(meaning.found);
        }
        if raw == "." || raw == ".." || raw.starts_with("./") || raw.starts_with("../") {
            let folder_only = raw.ends_with('/') || raw.ends_with('.');
            let path = follow(from.folder(), raw);
            let found = path.map(|path| if folder_only { self.at_folder(&path) } else { self.at(&path) });
            return Resolved::any(found.into_iter().flatten().map(Resolved::file).collect());
        }
        if let Some(path) = raw.strip_prefix('/') {
            // Development servers take the package's folder, or its public one, for the root.
            let root = self.own_package(from.folder()).map_or("", |(folder, _)| folder);
            let places = ["", "public"].iter().filter_map(|inner| follow(root, &join(inner, path)));
            let found = places.map(|place| self.at(&place)).find(|files| !files.is_empty());
            return Resolved::any(found.into_iter().flatten().map(Resolved::file).collect());
        }
        if raw.contains("://") || raw.starts_with("data:") {
            return Resolved::Package(raw.to_owned());
        }
        Resolved::any(self.bare(from, raw).found)
    }
}

fn is_installed(path: &str) -> bool {
    path.starts_with("node_modules/") || path.contains("/node_modules/")
}

/// Returns the name of the package: two parts under a scope, else one.
fn package_name(name: &str) -> &str {
    let parts = if name.starts_with('@') { 2 } else { 1 };
    match name.match_indices('/').nth(parts - 1) {
        Some((end, _)) => name.get(..end).unwrap_or(name),
        None => name,
    }
}

/// Cuts `@version` off.
fn without_version(name: &str) -> &str {
    match name.rfind('@') {
        Some(at) if at > 0 => name.get(..at).unwrap_or(name),
        _ => name,
    }
}
