//! Go: an import names a package, which is a folder; the module paths are in `go.mod`.
//!
//! An import leads to every file of the folder that is no test. It leads outside by the name of the required module,
//! also where `vendor/` holds a copy: a vendored package is still that package. Several modules in one repository are
//! one code base here, whether or not a `replace` or a workspace (`go.work`) says so.
//!
//! `//go:linkname` uses the package that it names; `//go:embed` takes files as data and compiles none of them, so it is no
//! import.
//!
//! Where a manifest of the change says something anew (a `replace`, a module, a second one of a name), that counts beside
//! what was there: which module or workspace a build starts from is not known.

use std::collections::{BTreeMap, BTreeSet};

use super::{Family, Importer, PathId, Resolve, Resolved, SideFiles, folder_of, follow, join, upwards};
use crate::facts::{ImportForm, ImportLine};

pub(super) static FAMILY: Family = Family {
    id: "go",
    is_manifest: |name| name == "go.mod" || name == "go.work",
    may_name: |_| false,
    prepare: |files, _| Box::new(Go::new(files.again())),
};

/// Steps that each module of a path costs beside the look-ups in it.
const STEPS_A_MODULE: usize = 10;

struct Go<'a> {
    files: SideFiles<'a>,
    /// Folders of each module of the repository by module path, the settled one first.
    modules: BTreeMap<&'a str, Vec<&'a str>>,
    /// What each module's manifest says, by folder.
    manifests: BTreeMap<&'a str, Manifest<'a>>,
    /// The same of workspaces.
    workspaces: BTreeMap<&'a str, Manifest<'a>>,
    /// The same of the base side, where that has other manifests.
    older: Option<Box<Self>>,
}

/// The part of `go.mod` or `go.work` that resolution reads.
#[derive(Default)]
struct Manifest<'a> {
    module: &'a str,
    requires: BTreeSet<&'a str>,
    /// What stands for a module: a folder from the manifest's own, or another module. Versions may differ in it.
    replaced: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Folders of the workspace.
    uses: BTreeSet<&'a str>,
}

impl<'a> Go<'a> {
    fn new(files: SideFiles<'a>) -> Self {
        let older = files.before(FAMILY.is_manifest).map(|older| Box::new(Self::new(older)));
        let read_all = |wanted: &'static str| -> BTreeMap<&'a str, Manifest<'a>> {
            files.manifests(|name| name == wanted).map(|(path, text)| (folder_of(path), read(text))).collect()
        };
        let (manifests, workspaces) = (read_all("go.mod"), read_all("go.work"));
        let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (folder, manifest) in &manifests {
            if !manifest.module.is_empty() && !is_vendored(&join(folder, "go.mod")) {
                modules.entry(manifest.module).or_default().push(folder);
            }
        }
        for (module, folders) in &mut modules {
            let was = |folder: &str| older.as_ref().is_none_or(|older| older.holds(folder, module));
            // Of two modules of one name the first by path counts, for test data repeats names; new ones beside it.
            let (old, new): (Vec<&str>, Vec<&str>) = folders.iter().partition(|folder| was(folder));
            *folders = old.into_iter().take(1).chain(new).collect();
        }
        Self { files, modules, manifests, workspaces, older }
    }

    /// Says whether that folder is the root of the module of that path.
    fn holds(&self, folder: &str, module: &str) -> bool {
        self.manifests.get(folder).is_some_and(|manifest| manifest.module == module)
    }

    /// Says whether base says so too.
    fn is_settled(&self, says: impl Fn(&Self) -> bool) -> bool {
        self.older.as_deref().is_none_or(says)
    }

    fn package(&self, folder: &str) -> Vec<PathId> {
        let real = self.files.real(folder);
        let inner = self.files.folder(real.as_deref().unwrap_or(folder));
        self.files.spend(inner.len());
        let is_part = |id: &PathId| {
            let name = self.files.path(*id).rsplit('/').next().unwrap_or_default();
            name.ends_with(".go") && !name.ends_with("_test.go")
        };
        inner.iter().copied().filter(is_part).collect()
    }

    /// Returns the files of a package below a folder.
    fn below(&self, folder: &str, rest: &str) -> Vec<PathId> {
        follow(folder, rest.trim_start_matches('/')).map_or(Vec::new(), |folder| self.package(&folder))
    }

    /// Follows `replace` of the manifest at a folder; true when that settles what the path means.
    fn by_replace(&self, found: &mut Vec<Resolved>, (folder, path): (&str, &str), work: bool) -> bool {
        let manifests = if work { &self.workspaces } else { &self.manifests };
        let Some(manifest) = manifests.get(folder) else { return false };
        let Some((prefix, places)) = prefixes(path).find_map(|prefix| Some((prefix, manifest.replaced.get(prefix)?)))
        else {
            return false;
        };
        let rest = path.get(prefix.len()..).unwrap_or_default();
        for place in places {
            if is_path(place) {
                let target = follow(folder, place);
                found.push(Resolved::files(target.map_or(Vec::new(), |target| self.below(&target, rest))));
            } else if !place.starts_with('/') {
                // A rule may name either; what is in the repository is found by its module path.
                found.push(Resolved::Package(prefix.to_owned()));
                found.push(self.by_module(place, rest).unwrap_or_else(|| Resolved::Package((*place).to_owned())));
            }
        }
        // What is fetched from elsewhere may yet be a module of the repository.
        places.iter().all(|place| is_path(place))
            && self.is_settled(|older| {
                let manifests = if work { &older.workspaces } else { &older.manifests };
                manifests.get(folder).and_then(|old| old.replaced.get(prefix)) == Some(places)
            })
    }

    fn by_module(&self, module: &str, rest: &str) -> Option<Resolved> {
        let folders = self.modules.get(module)?;
        Some(Resolved::any(folders.iter().map(|folder| Resolved::files(self.below(folder, rest))).collect()))
    }

    /// Says whether builds take that module from the repository although its path is required.
    fn is_local(&self, folder: &str, own: &str, module: &str) -> bool {
        let replaced = |manifest: &Manifest<'_>| {
            manifest.replaced.get(module).is_some_and(|places| places.iter().any(|place| is_path(place)))
        };
        let work = upwards(own).find_map(|above| Some((above, self.workspaces.get(above)?)));
        let used = |(above, work): (&str, &Manifest<'_>)| {
            replaced(work) || work.uses.iter().any(|used| follow(above, used).as_deref() == Some(folder))
        };
        self.manifests.get(own).is_some_and(replaced) || work.is_some_and(used)
    }

    /// Looks for the module of the repository that holds the path; true when that settles what the path means.
    fn by_modules(&self, found: &mut Vec<Resolved>, own: Option<&'a str>, path: &str) -> bool {
        for prefix in prefixes(path) {
            let folders = self.modules.get(prefix).into_iter().flatten();
            for folder in folders.take_while(|_| self.files.spend(STEPS_A_MODULE)) {
                let files = self.below(folder, path.get(prefix.len()..).unwrap_or_default());
                let settled = self.is_settled(|older| older.holds(folder, prefix));
                let requires = |own: &&str| self.manifests.get(own).is_some_and(|own| own.requires.contains(prefix));
                if !settled && own.filter(requires).is_some_and(|own| !self.is_local(folder, own, prefix)) {
                    found.push(Resolved::Package(prefix.to_owned()));
                }
                found.push(Resolved::files(files));
                if settled {
                    return true;
                }
            }
        }
        false
    }
}

impl Resolve for Go<'_> {
    fn resolve(&self, from: Importer<'_>, import: &ImportLine) -> Resolved {
        let found = self.statement(from, &import.raw);
        // A package may link names of its own; only a directive can say so.
        let own = |id: &PathId| folder_of(self.files.path(*id)) == from.folder();
        if import.form == ImportForm::Inline && found.targets().iter().any(own) {
            return Resolved::file(from.id);
        }
        found
    }

    fn outside(&self, name: &str) -> bool {
        let folders = self.modules.get(name).map_or(&[][..], Vec::as_slice);
        let is_local = |own: &str| folders.iter().any(|folder| self.is_local(folder, own, name));
        self.manifests.iter().any(|(own, manifest)| manifest.requires.contains(name) && !is_local(own))
    }
}

impl Go<'_> {
    fn statement(&self, from: Importer<'_>, path: &str) -> Resolved {
        if path.starts_with("./") || path.starts_with("../") {
            let folder = follow(from.folder(), path);
            return Resolved::files(folder.map_or(Vec::new(), |folder| self.package(&folder)));
        }
        // Module paths are as long as paths, and every part of one is looked up.
        let parts = path.split('/').count().saturating_add(from.folder().split('/').count());
        if !self.files.spend(parts) {
            return Resolved::Unresolved;
        }
        let mut found = Vec::new();
        let work = upwards(from.folder()).find_map(|folder| Some(*self.workspaces.get_key_value(folder)?.0));
        let own = upwards(from.folder()).find_map(|folder| Some(*self.manifests.get_key_value(folder)?.0));
        for (folder, work) in work.map(|folder| (folder, true)).into_iter().chain(own.map(|folder| (folder, false))) {
            if self.by_replace(&mut found, (folder, path), work) {
                return Resolved::any(found);
            }
        }
        let manifest = own.and_then(|own| self.manifests.get(own));
        if let Some((folder, module)) = own.zip(manifest.map(|manifest| manifest.module))
            && is_below(path, module)
        {
            let files = self.below(folder, path.get(module.len()..).unwrap_or_default());
            let settled = !files.is_empty() && self.is_settled(|older| older.holds(folder, module));
            found.push(Resolved::files(files));
            if settled {
                return Resolved::any(found);
            }
        }
        let settled = self.by_modules(&mut found, own, path);
        let has_files = found.iter().any(|found| !found.targets().is_empty());
        if !settled && !has_files {
            let required = manifest.and_then(|own| prefixes(path).find(|prefix| own.requires.contains(prefix)));
            found.push(Resolved::Package(required.unwrap_or(path).to_owned()));
        }
        if let Some(folder) = own
            && let Some(linked) = self.files.real(&join(folder, &format!("vendor/{path}")))
        {
            found.push(Resolved::files(self.package(&linked)));
        }
        Resolved::any(found)
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

fn is_path(place: &str) -> bool {
    place == "." || place == ".." || place.starts_with("./") || place.starts_with("../")
}

/// Reads `module`, `require`, `replace` and `use`, as lines or in parentheses.
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
                if !place.is_empty() {
                    manifest.replaced.entry(name).or_default().insert(place);
                }
            }
            "use" => {
                manifest.uses.insert(name);
            }
            _ => {}
        }
    }
    manifest
}
