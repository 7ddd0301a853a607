//! Names that are neither relative nor private: what a configuration of the compiler, an alias of a dependency, or a
//! package of the repository makes of them.
//!
//! Owns the order of those, and which answer settles a name: one that base gives as well. Answers that are new are
//! kept beside it.

use super::super::{Importer, PathId, Resolved, join, upwards};
use super::package::{Alias, Package};
use super::{JavaScript, package_name};

/// Steps that each package of a name costs beside the look-ups in it.
const STEPS_A_PACKAGE: usize = 10;

/// What was found for a name, and whether that is all it means.
#[derive(Default)]
pub(super) struct Meaning {
    pub(super) found: Vec<Resolved>,
    pub(super) settled: bool,
    /// What was found is new, and nothing shows that tools follow it: the name may be that of a package outside as well.
    doubtful: bool,
}

impl Meaning {
    fn add(&mut self, files: Vec<PathId>) {
        self.found.extend(files.into_iter().map(Resolved::file));
    }
}

/// Says whether a registry may have a package of that name; `@/a` and `~/a` are aliases of somebody.
fn may_be_published(name: &str) -> bool {
    let fine = |part: &str| {
        let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
        part.bytes().next().is_some_and(|first| first.is_ascii_lowercase() || first.is_ascii_digit())
            && part.bytes().all(rest)
    };
    name.strip_prefix('@').unwrap_or(name).split('/').all(fine)
}

/// Says whether a pattern of `workspaces` means a folder.
fn holds(glob: &str, folder: &str) -> bool {
    let glob = glob.trim_start_matches("./").trim_end_matches('/');
    let glob = globset::GlobBuilder::new(glob).literal_separator(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(folder))
}

impl JavaScript<'_> {
    /// Resolves what is neither relative nor private.
    pub(super) fn bare(&self, from: Importer<'_>, name: &str) -> Meaning {
        let mut meaning = Meaning::default();
        let mut inside = self.by_configs(&mut meaning, from, name);
        let package = package_name(name);
        let part = name.get(package.len()..).unwrap_or_default().trim_start_matches('/');
        self.by_aliases(&mut meaning, from, (package, part));
        for (at, folder) in self.by_name.get(package).into_iter().flatten().enumerate() {
            inside = true;
            let settled =
                at == 0 && self.is_settled(folder, &package, |old| if old.name == package { package } else { "" });
            if (!settled || !meaning.settled) && self.spend(STEPS_A_PACKAGE) {
                let files = self.in_package(folder, part);
                meaning.settled |= settled && !files.is_empty();
                meaning.doubtful |= !settled && self.older.is_some() && !self.is_linked(folder, package);
                meaning.add(files);
            }
        }
        if !meaning.settled {
            self.by_installed(&mut meaning, from, (package, part));
        }
        let is_found = meaning.found.iter().any(|found| matches!(found, Resolved::Files(_)));
        let own = || self.older.as_deref().is_some_and(|older| older.has_scope_of(package));
        let doubtful = is_found && meaning.doubtful && may_be_published(package) && !own();
        if !meaning.settled && !package.is_empty() && ((!inside && !is_found) || doubtful) {
            meaning.found.insert(0, Resolved::Package(package.to_owned()));
        }
        meaning
    }

    /// Looks a name up in the configurations of the compiler; returns whether a pattern names it.
    fn by_configs(&self, meaning: &mut Meaning, from: Importer<'_>, name: &str) -> bool {
        let spend = |steps| self.spend(steps);
        let mut mapped = false;
        for (path, places) in self.configs.places(from.folder(), name, &spend) {
            let was = |older: &JavaScript<'_>| older.configs.place(path, name, &spend).is_some_and(|old| old == places);
            let settled = self.older.as_deref().is_none_or(was);
            if settled && meaning.settled {
                continue;
            }
            mapped |= places.mapped;
            meaning.doubtful |= places.whole && !settled;
            let files = places.paths.iter().map(|place| self.at(place)).find(|files| !files.is_empty());
            meaning.settled |= settled && files.is_some();
            meaning.add(files.unwrap_or_default());
            if meaning.settled && self.older.is_none() {
                break;
            }
        }
        mapped
    }

    /// Says whether package managers link that name to the package of that folder: a dependency asks for it as one of the
    /// workspace, or the workspace holds its folder.
    fn is_linked(&self, folder: &str, name: &str) -> bool {
        let asks = |package: &Package| package.inside.contains(name) || package.aliases.contains_key(name);
        let above = upwards(folder).filter_map(|above| self.by_folder.get_key_value(above));
        let mut held = above.filter(|(above, _)| **above != folder);
        self.by_folder.values().any(|package| self.spend(1) && asks(package))
            || held.any(|(above, package)| {
                let inner = folder.get(above.len()..).unwrap_or_default().trim_start_matches('/');
                package.workspaces.iter().any(|glob| self.spend(1) && holds(glob, inner))
            })
    }

    /// Looks a name up among what dependencies are aliases of: those of the packages above, or of all where none of
    /// those asks for the name, because package managers put what anybody asks for at the top.
    fn by_aliases(&self, meaning: &mut Meaning, from: Importer<'_>, (name, part): (&str, &str)) {
        let Some(folders) = self.aliases.get(name) else { return };
        let here = from.folder();
        let asks = |package: &Package| package.aliases.contains_key(name) || package.outside.contains(name);
        let asked = upwards(here).filter_map(|folder| self.by_folder.get(folder)).any(asks);
        let is_above = |folder: &str| upwards(here).any(|above| above == folder);
        for folder in folders.iter().filter(|folder| self.spend(1) && (!asked || is_above(folder))) {
            let Some(aliases) = self.by_folder.get(folder).and_then(|package| package.aliases.get(name)) else {
                continue;
            };
            for alias in aliases {
                let settled = self.is_settled(folder, &true, |old| {
                    old.aliases.get(name).is_some_and(|aliases| aliases.contains(alias))
                });
                if settled && meaning.settled {
                    continue;
                }
                let found = self.alias(alias, name, part);
                meaning.settled |= settled && asked && !found.is_empty();
                meaning.found.extend(found);
            }
        }
    }

    fn alias(&self, alias: &Alias, name: &str, part: &str) -> Vec<Resolved> {
        let inner = |folder: &str| self.inside(folder, part);
        let files: Vec<PathId> = match alias {
            Alias::Folder(folder) => inner(self.files.real(folder).as_deref().unwrap_or(folder)),
            Alias::Package(other) => self.by_name.get(other).into_iter().flatten().flat_map(|at| inner(at)).collect(),
        };
        match alias {
            // A rule may name either.
            Alias::Package(other) if files.is_empty() => {
                vec![Resolved::Package(name.to_owned()), Resolved::Package(other.clone())]
            }
            _ => files.into_iter().map(Resolved::file).collect(),
        }
    }

    /// Looks for what head itself puts into `node_modules`: files, or links to elsewhere.
    fn by_installed(&self, meaning: &mut Meaning, from: Importer<'_>, (name, part): (&str, &str)) {
        if name.is_empty() || !self.installed {
            return;
        }
        for folder in upwards(from.folder()) {
            let place = join(folder, &format!("node_modules/{name}"));
            if self.files.is_folder(&place) {
                let real = self.files.real(&place).unwrap_or(place);
                let files = self.inside(&real, part);
                if !files.is_empty() {
                    meaning.found.push(Resolved::Package(name.to_owned()));
                    meaning.add(files);
                    return;
                }
            }
        }
    }
}
