//! A listing and the modules -> the graph of one side.
//!
//! Owns what a change of manifests may not do: hide an import. Where they differ, the imports of head are resolved with
//! base's manifests as well, over head's files, and what only those find counts beside the rest. What is gone gives no
//! edge; a package outside counts so only where base or a manifest knows it as one, for a name that head gives to a
//! package of its own is none.

use std::collections::{BTreeMap, BTreeSet};

use super::{FileId, Graph, GraphFile, Import, Target};
use crate::completeness::Reason;
use crate::facts::{ImportForm, ImportLine};
use crate::impact::listing::{ImportListing, Side};
use crate::impact::modules::Modules;
use crate::impact::resolve::{FAMILIES, Importer, PathId, Resolve, Resolved, SideFiles};

/// Steps that one file costs that an import leads to.
const STEPS_A_TARGET: usize = 10;

impl Graph {
    /// Builds the graph of one side. What the listing could not read is not repeated in [`Graph::reasons`].
    #[must_use]
    pub fn build(listing: &ImportListing, side: Side, modules: &Modules) -> Self {
        Self::build_beside(listing, side, modules, &[])
    }

    /// Builds the graph of one side; `packages` are those that the base side is known to import, sorted.
    pub(super) fn build_beside(listing: &ImportListing, side: Side, modules: &Modules, packages: &[String]) -> Self {
        let files = SideFiles::of(listing, side);
        let mut reasons = Vec::new();
        let found = resolve_all(&files, packages, &mut reasons);
        if files.is_spent() {
            let message =
                format!("resolving imports takes more than {} look-ups (limit `resolve-steps`)", listing.steps);
            let remedy = "raise `limits: {resolve-steps: N}` on the base branch";
            reasons.push(Reason::new("graph-too-large", message, remedy));
        }
        reasons.sort();
        reasons.dedup();
        let mut graph = Self { modules: modules.clone(), reasons, ..Self::default() };
        let ids = graph.take_files(&files, &found);
        graph.take_imports(&files, found, &ids);
        graph
    }

    /// Keeps every file of a known language, and the others that are imported; returns their new indexes.
    fn take_files(&mut self, files: &SideFiles<'_>, found: &AllFound<'_>) -> Vec<Option<FileId>> {
        let mut named: Vec<bool> = files.all().map(|(_, _, file)| file.is_some()).collect();
        for target in found.lists.keys().flatten() {
            if let Some(slot) = named.get_mut(*target as usize) {
                *slot = true;
            }
        }
        let mut ids = Vec::with_capacity(named.len());
        for ((_, path, file), named) in files.all().zip(named) {
            ids.push(named.then(|| FileId::of(self.files.len())));
            if named {
                self.files.push(GraphFile {
                    path: path.to_owned(),
                    language: file.map_or(String::new(), |file| file.language.clone()),
                    module: self.modules.of(path),
                });
            }
        }
        ids
    }

    fn take_imports(&mut self, files: &SideFiles<'_>, found: AllFound<'_>, ids: &[Option<FileId>]) {
        let new_id = |id: &PathId| ids.get(*id as usize).copied().flatten();
        for found in found.imports {
            let Some(from) = new_id(&found.from) else { continue };
            debug_assert!(files.file(found.from).is_some());
            let raw = found.raw.to_owned();
            let Found { line, target, declares, types, .. } = found;
            self.imports.push(Import { from, line, raw, target, declares, types });
        }
        self.imports.sort_by(|a, b| (a.from, a.line, &a.raw).cmp(&(b.from, b.line, &b.raw)));
        let in_graph = |list: Vec<PathId>| list.iter().filter_map(new_id).collect();
        self.targets = by_number(found.lists).into_iter().map(in_graph).collect();
        // Packages sorted by name, so that no number depends on the order of files.
        self.packages = found.packages.keys().cloned().collect();
        let sorted: BTreeMap<u32, u32> = found.packages.into_values().zip(0..).collect();
        for import in &mut self.imports {
            if let Target::Package(number) = &mut import.target {
                *number = sorted.get(number).copied().unwrap_or(u32::MAX);
            }
        }
        self.first_import = vec![0; self.files.len().saturating_add(1)];
        for import in &self.imports {
            if let Some(slot) = self.first_import.get_mut(import.from.index().saturating_add(1)) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut self.first_import {
            sum += *slot;
            *slot = sum;
        }
    }
}

/// One resolved import.
struct Found<'a> {
    from: PathId,
    line: u32,
    raw: &'a str,
    declares: bool,
    types: bool,
    target: Target,
}

/// All of them; equal lists of targets are kept once.
#[derive(Default)]
struct AllFound<'a> {
    imports: Vec<Found<'a>>,
    lists: BTreeMap<Vec<PathId>, u32>,
    packages: BTreeMap<String, u32>,
}

fn resolve_all<'a>(files: &'a SideFiles<'a>, packages: &[String], reasons: &mut Vec<Reason>) -> AllFound<'a> {
    let mut all = AllFound::default();
    for family in FAMILIES {
        let members: Vec<_> = files.of_family(family.id).collect();
        if members.is_empty() {
            continue;
        }
        let resolver: Box<dyn Resolve + '_> = (family.prepare)(files, reasons);
        let before = files.before(family.is_manifest);
        // What base's manifests lack is said of the base side.
        let before = before.as_ref().map(|files| (family.prepare)(files, &mut Vec::new()));
        for (id, file) in members {
            for import in &file.imports {
                if files.is_spent() {
                    return all;
                }
                let from = Importer { id, file };
                if import.form == ImportForm::Computed {
                    all.take(files, from, import, Vec::new());
                    continue;
                }
                let mut found = resolver.resolve(from, import).each();
                if let Some(before) = &before {
                    let is_outside = |name: &String| {
                        packages.binary_search(name).is_ok() || before.outside(name) || resolver.outside(name)
                    };
                    add_missing(&mut found, before.resolve(from, import).each(), is_outside);
                }
                all.take(files, from, import, found);
            }
        }
    }
    all
}

/// Adds what base's manifests find and head's do not.
fn add_missing(found: &mut Vec<Resolved>, before: Vec<Resolved>, is_outside: impl Fn(&String) -> bool) {
    let known: BTreeSet<PathId> = found.iter().flat_map(Resolved::targets).copied().collect();
    for one in before {
        match one {
            Resolved::Files(mut files) => {
                files.retain(|file| !known.contains(file));
                if !files.is_empty() {
                    found.push(Resolved::Files(files));
                }
            }
            Resolved::Package(name) => {
                let one = Resolved::Package(name);
                let is_new = !found.contains(&one);
                // Where head finds nothing at all, what base says is all there is.
                if is_new && (found.is_empty() || matches!(&one, Resolved::Package(name) if is_outside(name))) {
                    found.push(one);
                }
            }
            Resolved::Several(_) | Resolved::Unresolved => {}
        }
    }
}

impl<'a> AllFound<'a> {
    fn take(&mut self, files: &SideFiles<'_>, from: Importer<'_>, import: &'a ImportLine, found: Vec<Resolved>) {
        let (line, raw, declares) = (import.line, import.raw.as_str(), import.form == ImportForm::Part);
        let types = import.types;
        let mut push = |target| self.imports.push(Found { from: from.id, line, raw, declares, types, target });
        // What looks like a name in full may be anything; a statement is always meant.
        if found.is_empty() && import.form != ImportForm::Inline {
            push(Target::Unresolved);
        }
        for one in found {
            match one {
                // A file that names itself depends on nothing.
                Resolved::Files(targets) if targets.iter().all(|target| *target == from.id) => {}
                Resolved::Files(mut targets) => {
                    // Every target is an edge that rules look at.
                    files.spend(targets.len().saturating_mul(STEPS_A_TARGET));
                    targets.sort_unstable();
                    targets.dedup();
                    push(Target::Files(interned(&mut self.lists, targets)));
                }
                Resolved::Package(name) => push(Target::Package(interned(&mut self.packages, name))),
                Resolved::Several(_) | Resolved::Unresolved => {}
            }
        }
    }
}

fn interned<K: Ord>(known: &mut BTreeMap<K, u32>, key: K) -> u32 {
    let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
    *known.entry(key).or_insert(next)
}

fn by_number<K>(known: BTreeMap<K, u32>) -> Vec<K> {
    let mut rows: Vec<(K, u32)> = known.into_iter().collect();
    rows.sort_by_key(|(_, number)| *number);
    rows.into_iter().map(|(key, _)| key).collect()
}
