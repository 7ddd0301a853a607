//! A listing and the modules -> the graph of one side.

use std::collections::BTreeMap;

use super::{FileId, Graph, GraphFile, Import, Target};
use crate::completeness::Reason;
use crate::facts::{ImportForm, ImportLine};
use crate::impact::listing::{ImportListing, Side};
use crate::impact::modules::Modules;
use crate::impact::resolve::{FAMILIES, Importer, PathId, Resolve, Resolved, SideFiles};

impl Graph {
    /// Builds the graph of one side. What the listing could not read is not repeated in [`Graph::reasons`].
    #[must_use]
    pub fn build(listing: &ImportListing, side: Side, modules: &Modules) -> Self {
        let files = SideFiles::of(listing, side);
        let mut reasons = Vec::new();
        let found = resolve_all(&files, &mut reasons);
        reasons.sort();
        reasons.dedup();
        let mut graph = Self { modules: modules.clone(), reasons, ..Self::default() };
        let ids = graph.take_files(&files, &found);
        graph.take_imports(&files, found, &ids);
        graph
    }

    /// Keeps every file of a known language, and the others that are imported; returns their new indexes.
    fn take_files(&mut self, files: &SideFiles<'_>, found: &[Found<'_>]) -> Vec<Option<FileId>> {
        let mut named: Vec<bool> = files.all().map(|(_, _, file)| file.is_some()).collect();
        for resolved in found.iter().map(|found| &found.resolved) {
            if let Resolved::Files(targets) = resolved {
                for target in targets {
                    if let Some(slot) = named.get_mut(*target as usize) {
                        *slot = true;
                    }
                }
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

    fn take_imports(&mut self, files: &SideFiles<'_>, found: Vec<Found<'_>>, ids: &[Option<FileId>]) {
        let mut lists: BTreeMap<Vec<FileId>, u32> = BTreeMap::new();
        let mut packages: BTreeMap<String, u32> = BTreeMap::new();
        for found in found {
            let Some(from) = ids.get(found.from as usize).copied().flatten() else { continue };
            let target = match found.resolved {
                Resolved::Files(targets) | Resolved::Either(targets, _) => {
                    let mut list: Vec<FileId> =
                        targets.iter().filter_map(|id| ids.get(*id as usize).copied().flatten()).collect();
                    list.sort_unstable();
                    list.dedup();
                    Target::Files(interned(&mut lists, list))
                }
                Resolved::Package(name) => Target::Package(interned(&mut packages, name)),
                Resolved::Unresolved => Target::Unresolved,
            };
            debug_assert!(files.file(found.from).is_some());
            self.imports.push(Import {
                from,
                line: found.line,
                raw: found.raw.to_owned(),
                target,
                declares: found.declares,
            });
        }
        self.imports.sort_by(|a, b| (a.from, a.line, &a.raw).cmp(&(b.from, b.line, &b.raw)));
        self.targets = by_number(lists);
        // Packages sorted by name, so that no number depends on the order of files.
        self.packages = packages.keys().cloned().collect();
        let sorted: BTreeMap<u32, u32> = packages.into_values().zip(0..).collect();
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
    resolved: Resolved,
}

impl<'a> Found<'a> {
    fn of(from: PathId, import: &'a ImportLine, resolved: Resolved) -> Self {
        let declares = import.form == ImportForm::Part;
        Self { from, line: import.line, raw: &import.raw, declares, resolved }
    }
}

fn resolve_all<'a>(files: &'a SideFiles<'a>, reasons: &mut Vec<Reason>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for family in FAMILIES {
        let members: Vec<_> = files.of_family(family.id).collect();
        if members.is_empty() {
            continue;
        }
        let resolver: Box<dyn Resolve + '_> = (family.prepare)(files, reasons);
        for (id, file) in members {
            for import in &file.imports {
                let resolved = match resolver.resolve(Importer { id, file }, import) {
                    _ if import.form == ImportForm::Computed => Resolved::Unresolved,
                    // A file that names itself depends on nothing.
                    Resolved::Files(targets) if targets.iter().all(|target| *target == id) => continue,
                    // Either may be meant, so both are.
                    Resolved::Either(targets, name) => {
                        found.push(Found::of(id, import, Resolved::Package(name)));
                        Resolved::Files(targets)
                    }
                    // What looks like a name in full may be anything; a statement is always meant.
                    Resolved::Unresolved if import.form == ImportForm::Inline => continue,
                    resolved => resolved,
                };
                found.push(Found::of(id, import, resolved));
            }
        }
    }
    found
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
