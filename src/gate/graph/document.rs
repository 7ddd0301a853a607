//! The graphs -> the keys of the input document that come from them.

use std::collections::BTreeSet;

use crate::facts::FactChange;
use crate::impact::graph::{FileId, Graph, Graphs, Import, Target};
use crate::impact::modules::{ModuleId, Modules};
use crate::policies::input::{FileEntry, Impact, ImpactModule, InputDocument};

/// Fills where each import of a changed file leads, the modules of changed files, and how far the change reaches.
///
/// `teams` says which teams own a module. Removed imports are looked up on the base side, all others on the head side.
pub fn resolve_into(document: &mut InputDocument, graphs: &Graphs, teams: &dyn Fn(&str) -> Vec<String>) {
    let modules = graphs.head.modules();
    for file in &mut document.files {
        resolve_file(file, graphs);
    }
    let touched = sort_into(document, modules);
    let arrow = |(from, to): (String, String)| format!("{from} -> {to}");
    document.impact = Impact {
        modules: reached(graphs, &touched, teams),
        new_edges: graphs.head.new_module_edges(&graphs.base).into_iter().map(arrow).collect(),
        new_modules: graphs.head.new_modules(&graphs.base),
        ..std::mem::take(&mut document.impact)
    };
}

/// Fills the modules of changed files, and returns those that the change touches. Without modules there is nothing to say.
pub fn sort_into(document: &mut InputDocument, modules: &Modules) -> BTreeSet<ModuleId> {
    let mut touched = BTreeSet::new();
    if modules.names().is_empty() {
        return touched;
    }
    for file in &mut document.files {
        let own = [modules.of(&file.path), modules.of(&file.old_path)];
        touched.extend(own.into_iter().flatten());
        file.module = own.first().copied().flatten().map_or(String::new(), |module| modules.name(module).to_owned());
    }
    document.change.totals.modules = u32::try_from(touched.len()).unwrap_or(u32::MAX);
    touched
}

fn reached(graphs: &Graphs, touched: &BTreeSet<ModuleId>, teams: &dyn Fn(&str) -> Vec<String>) -> Vec<ImpactModule> {
    let count = |list: &[ModuleId]| u32::try_from(list.len()).unwrap_or(u32::MAX);
    let name = |module: ModuleId| graphs.head.modules().name(module);
    let dependents = graphs.dependents(touched).into_iter();
    dependents
        .map(|found| {
            let own: BTreeSet<String> = teams(name(found.module)).into_iter().collect();
            let others: BTreeSet<String> = found.transitive.iter().flat_map(|module| teams(name(*module))).collect();
            ImpactModule {
                id: name(found.module).to_owned(),
                direct: count(&found.direct),
                transitive: count(&found.transitive),
                used_by: others.difference(&own).cloned().collect(),
                teams: own.into_iter().collect(),
            }
        })
        .collect()
}

fn resolve_file(file: &mut FileEntry, graphs: &Graphs) {
    let base = graphs.base.find(&file.old_path);
    let head = graphs.head.find(&file.path);
    for listed in &mut file.imports {
        let (graph, from) = match listed.change {
            FactChange::Removed => (&graphs.base, base),
            _ => (&graphs.head, head),
        };
        let Some(from) = from else { continue };
        let same = |import: &&Import| import.line == listed.line && import.raw == listed.raw;
        let Some(import) = graph.imports_of(from).map(|(_, import)| import).find(same) else { continue };
        match import.target {
            Target::Files(_) => {
                listed.target = place(graph, graph.target_files(import));
                listed.module = match graph.target_modules(import).as_slice() {
                    [Some(only)] => graph.modules().name(*only).to_owned(),
                    _ => String::new(),
                };
                listed.external = false;
            }
            Target::Package(_) => {
                graph.package(import).unwrap_or_default().clone_into(&mut listed.target);
                listed.external = true;
            }
            Target::Unresolved => {}
        }
    }
}

/// Returns the file, or for several the folder that they share.
fn place(graph: &Graph, files: &[FileId]) -> String {
    match files {
        [] => String::new(),
        [only] => graph.path(*only).to_owned(),
        [first, rest @ ..] => {
            let folder = |file: FileId| graph.path(file).rsplit_once('/').map_or("", |(folder, _)| folder);
            let mut shared = folder(*first);
            for file in rest {
                let other = folder(*file);
                while !shared.is_empty() && other != shared && !other.starts_with(&format!("{shared}/")) {
                    shared = shared.rsplit_once('/').map_or("", |(above, _)| above);
                }
            }
            if shared.is_empty() { ".".to_owned() } else { shared.to_owned() }
        }
    }
}
