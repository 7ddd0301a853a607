//! TypeScript, TSX and JavaScript: an import names a file, a package of the repository, or a package outside.
//!
//! A relative path is tried with every usual ending, and as a folder with an index; where `.js` is written and `.ts`
//! stands, that is meant. Other names are tried in the order of the tools: `#names` of the nearest `package.json`,
//! `paths` and `baseUrl` of the nearest `tsconfig.json` or `jsconfig.json`, the names of packages in the repository,
//! and what is left is a package outside: `@scope/name`, without what follows; `node:fs` is `fs`.
//!
//! A package of the repository often says where its *built* files are; then its sources are looked for, and at last the
//! import leads to its `package.json`, so that it never looks like one from outside.

mod config;
mod package;
mod specifier;

use std::collections::{BTreeMap, BTreeSet};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, follow, join, upwards};
use crate::completeness::Reason;
use crate::facts::ImportLine;
use config::Configs;
use package::Package;

pub(super) static FAMILY: Family = Family {
    id: "javascript",
    is_manifest: |name| name == "package.json" || config::is_config(name),
    may_name: |path| ASSETS.iter().any(|ending| path.ends_with(ending)),
    prepare: |files, reasons| Box::new(JavaScript::new(files, reasons)),
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

/// What a written ending may stand for, when that file is not there or made from another one.
const WRITTEN: &[(&str, &[&str])] =
    &[(".js", &[".ts", ".tsx"]), (".jsx", &[".tsx"]), (".mjs", &[".mts"]), (".cjs", &[".cts"])];

/// Declarations beside or instead of code, by written ending.
const DECLARED: &[(&str, &str)] = &[(".js", ".d.ts"), (".mjs", ".d.mts"), (".cjs", ".d.cts")];

/// Index files of a folder are named so.
const INDEX: &str = "index";

struct JavaScript<'a> {
    files: &'a SideFiles<'a>,
    configs: Configs<'a>,
    /// Every package of the repository by its folder.
    by_folder: BTreeMap<&'a str, Package>,
    /// Folder of each package of the repository by name.
    by_name: BTreeMap<String, &'a str>,
}

impl<'a> JavaScript<'a> {
    fn new(files: &'a SideFiles<'a>, reasons: &mut Vec<Reason>) -> Self {
        let mut by_folder = BTreeMap::new();
        let mut by_name = BTreeMap::new();
        for (path, text) in files.manifests(|name| name == "package.json") {
            match Package::read(text) {
                Ok(package) => {
                    if !package.name.is_empty() && !is_installed(path) {
                        // Of two packages of one name the first by path counts; test data repeats names.
                        by_name.entry(package.name.clone()).or_insert(folder_of(path));
                    }
                    by_folder.insert(folder_of(path), package);
                }
                Err(why) => reasons.push(super::malformed(path, &why)),
            }
        }
        Self { files, configs: Configs::read(files, reasons), by_folder, by_name }
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

    /// Returns the file that a path stands for as a file or as a folder.
    fn at(&self, path: &str) -> Option<PathId> {
        let file = if path.is_empty() { None } else { self.file(path) };
        file.or_else(|| {
            let inner = self.by_folder.get(path).and_then(|package| self.entry(path, package, "."));
            inner.or_else(|| self.index(path))
        })
    }

    fn index(&self, folder: &str) -> Option<PathId> {
        ENDINGS.iter().find_map(|ending| self.files.find(&join(folder, &format!("{INDEX}{ending}"))))
    }

    /// Returns the file that a package's manifest names for `.` or `./part`.
    fn entry(&self, folder: &str, package: &Package, part: &str) -> Option<PathId> {
        let mut named = package.exports(part);
        named.sort_by_key(|target| target.contains(".d."));
        named.iter().find_map(|target| self.file(&follow(folder, target)?))
    }

    /// Returns the file of a package of the repository; its manifest when nothing else is there.
    fn in_package(&self, folder: &str, part: &str) -> Option<PathId> {
        let package = self.by_folder.get(folder)?;
        let key = if part.is_empty() { ".".to_owned() } else { format!("./{part}") };
        let sources = [String::new(), "src".to_owned(), "lib".to_owned(), "source".to_owned()];
        self.entry(folder, package, &key)
            .or_else(|| {
                // What is built is not in the repository: the sources are.
                let built = package.exports(&key);
                built.iter().find_map(|target| self.source_of(folder, target))
            })
            .or_else(|| {
                sources.iter().find_map(|source| {
                    let place = follow(folder, &join(source, part))?;
                    if part.is_empty() { self.index(&place) } else { self.file(&place).or_else(|| self.index(&place)) }
                })
            })
            .or_else(|| self.files.find(&join(folder, "package.json")))
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
            .find_map(|folder| self.by_folder.get_key_value(folder))
            .map(|(folder, package)| (*folder, package))
    }

    /// Resolves `#name` through the nearest manifest.
    fn private(&self, from: Importer<'_>, name: &str) -> Resolved {
        let Some((folder, package)) = self.own_package(from.folder()) else { return Resolved::Unresolved };
        for target in package.imports(name) {
            if target.starts_with('.') {
                let path = follow(folder, &target);
                let found = path.and_then(|path| self.file(&path).or_else(|| self.source_of(folder, &target)));
                if let Some(id) = found {
                    return Resolved::file(id);
                }
            } else if let found @ (Resolved::Files(_) | Resolved::Package(_)) = self.bare(from, &target) {
                return found;
            }
        }
        Resolved::Unresolved
    }

    /// Resolves what is neither relative nor private.
    fn bare(&self, from: Importer<'_>, name: &str) -> Resolved {
        let mut mapped = false;
        for target in self.configs.targets(from.folder(), name, &mut mapped) {
            if let Some(id) = self.at(&target) {
                return Resolved::file(id);
            }
        }
        let package = package_name(name);
        if let Some(folder) = self.by_name.get(package) {
            let part = name.get(package.len()..).unwrap_or_default().trim_start_matches('/');
            if let Some(id) = self.in_package(folder, part) {
                return Resolved::file(id);
            }
        }
        if mapped || package.is_empty() { Resolved::Unresolved } else { Resolved::Package(package.to_owned()) }
    }
}

impl Resolve for JavaScript<'_> {
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        let spellings = specifier::spellings(&import.raw);
        let [only] = spellings.as_slice() else {
            let mut files = BTreeSet::new();
            let mut other = Resolved::Unresolved;
            for spelling in &spellings {
                match self.spelt(from, spelling) {
                    Resolved::Files(found) => files.extend(found),
                    found if other == Resolved::Unresolved => other = found,
                    _ => {}
                }
            }
            return if files.is_empty() { other } else { Resolved::Files(files.into_iter().collect()) };
        };
        self.spelt(from, only)
    }
}

impl JavaScript<'_> {
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
            let found = ends.filter(|end| end.contains('/') || end.contains('.')).find_map(|end| self.at(end));
            return found.map_or(Resolved::Unresolved, Resolved::file);
        }
        if raw.starts_with('#') {
            return match self.bare(from, raw) {
                found @ Resolved::Files(_) => found,
                _ => self.private(from, raw),
            };
        }
        if raw == "." || raw == ".." || raw.starts_with("./") || raw.starts_with("../") {
            let path = follow(from.folder(), raw);
            let folder_only = raw.ends_with('/') || raw.ends_with('.');
            let found = path.and_then(|path| if folder_only { self.at_folder(&path) } else { self.at(&path) });
            return found.map_or(Resolved::Unresolved, Resolved::file);
        }
        if let Some(path) = raw.strip_prefix('/') {
            // Development servers take the package's folder, or its public one, for the root.
            let root = self.own_package(from.folder()).map_or("", |(folder, _)| folder);
            let found = ["", "public"].iter().find_map(|inner| self.at(&follow(root, &join(inner, path))?));
            return found.map_or(Resolved::Unresolved, Resolved::file);
        }
        if raw.contains("://") || raw.starts_with("data:") {
            return Resolved::Package(raw.to_owned());
        }
        self.bare(from, raw)
    }

    fn at_folder(&self, folder: &str) -> Option<PathId> {
        self.by_folder.get(folder).and_then(|package| self.entry(folder, package, ".")).or_else(|| self.index(folder))
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
