//! Go: an import names a package, which is a folder; the module paths are in `go.mod`.
//!
//! An import leads to every file of the folder that is no test. It leads outside by the name of the required module,
//! also where `vendor/` holds a copy: a vendored package is still that package. Several modules in one repository are
//! one code base here, whether or not a `replace` or a workspace says so.

use std::collections::{BTreeMap, BTreeSet};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, follow, join, upwards};
use crate::facts::ImportLine;

pub(super) static FAMILY: Family = Family {
    id: "go",
    is_manifest: |name| name == "go.mod",
    may_name: |_| false,
    prepare: |files, _| Box::new(Go::new(files)),
};

struct Go<'a> {
    files: &'a SideFiles<'a>,
    /// Folder of each module of the repository, by module path.
    modules: BTreeMap<&'a str, &'a str>,
    /// What each module's manifest says, by folder.
    manifests: BTreeMap<&'a str, Manifest<'a>>,
}

/// The part of `go.mod` that resolution reads.
#[derive(Default)]
struct Manifest<'a> {
    module: &'a str,
    requires: BTreeSet<&'a str>,
    /// Folder, from the module's own, by module path.
    replaced: BTreeMap<&'a str, &'a str>,
}

impl<'a> Go<'a> {
    fn new(files: &'a SideFiles<'a>) -> Self {
        let mut manifests = BTreeMap::new();
        let mut modules = BTreeMap::new();
        for (path, text) in files.manifests(|name| name == "go.mod") {
            let manifest = read(text);
            if !manifest.module.is_empty() && !is_vendored(path) {
                // Of two modules of one name the first by path counts; test data repeats names.
                modules.entry(manifest.module).or_insert(folder_of(path));
            }
            manifests.insert(folder_of(path), manifest);
        }
        Self { files, modules, manifests }
    }

    /// Returns the folder of a package in the module that holds its path, if the repository has that module.
    fn folder(&self, modules: &BTreeMap<&'a str, &'a str>, path: &str) -> Option<String> {
        let module = prefixes(path).find(|prefix| modules.contains_key(prefix))?;
        let rest = path.get(module.len()..).unwrap_or_default().trim_start_matches('/');
        follow(modules.get(module)?, rest)
    }

    fn package(&self, folder: &str) -> Vec<PathId> {
        let is_part = |id: &PathId| {
            let name = self.files.path(*id).rsplit('/').next().unwrap_or_default();
            name.ends_with(".go") && !name.ends_with("_test.go")
        };
        self.files.folder(folder).iter().copied().filter(is_part).collect()
    }
}

impl Resolve for Go<'_> {
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        let path = import.raw.as_str();
        if path.starts_with("./") || path.starts_with("../") {
            let folder = follow(from.folder(), path);
            return Resolved::files(folder.map_or(Vec::new(), |folder| self.package(&folder)));
        }
        let own = upwards(from.folder()).find_map(|folder| Some((folder, self.manifests.get(folder)?)));
        if let Some((folder, manifest)) = own {
            let named = prefixes(path).find_map(|prefix| Some((prefix, manifest.replaced.get(prefix)?)));
            if let Some((prefix, place)) = named {
                let rest = path.get(prefix.len()..).unwrap_or_default();
                let target = follow(folder, &join(place, rest.trim_start_matches('/')));
                return Resolved::files(target.map_or(Vec::new(), |target| self.package(&target)));
            }
            if is_below(path, manifest.module) {
                let modules = BTreeMap::from([(manifest.module, folder)]);
                let found = self.folder(&modules, path).map_or(Vec::new(), |folder| self.package(&folder));
                if !found.is_empty() {
                    return Resolved::Files(found);
                }
            }
        }
        if let Some(folder) = self.folder(&self.modules, path) {
            return Resolved::files(self.package(&folder));
        }
        let required = own.and_then(|(_, manifest)| prefixes(path).find(|prefix| manifest.requires.contains(prefix)));
        Resolved::Package(required.unwrap_or(path).to_owned())
    }
}

fn is_vendored(path: &str) -> bool {
    path.starts_with("vendor/") || path.contains("/vendor/")
}

fn is_below(path: &str, module: &str) -> bool {
    let rest = path.strip_prefix(module);
    !module.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the path and its leading parts, longest first.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    upwards(path).filter(|prefix| !prefix.is_empty())
}

/// Reads `module`, `require` and `replace` with a folder, as lines or in parentheses.
fn read(text: &str) -> Manifest<'_> {
    let mut manifest = Manifest::default();
    let mut block = "";
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        if first == ")" {
            block = "";
            continue;
        }
        if block.is_empty() && line.ends_with('(') {
            block = first.trim_end_matches('(');
            continue;
        }
        let (verb, name) = if block.is_empty() { (first, words.next().unwrap_or_default()) } else { (block, first) };
        let name = name.trim_matches(['"', '`']);
        match verb {
            "module" => manifest.module = name,
            "require" => {
                manifest.requires.insert(name);
            }
            "replace" => {
                let place = line.split("=>").nth(1).and_then(|target| target.split_whitespace().next());
                let place = place.map(|place| place.trim_matches(['"', '`'])).unwrap_or_default();
                if place.starts_with("./") || place.starts_with("../") {
                    manifest.replaced.insert(name, place);
                }
            }
            _ => {}
        }
    }
    manifest
}
