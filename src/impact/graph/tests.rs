use std::collections::{BTreeMap, BTreeSet};

use super::{Between, Graph, Graphs, ImportId, Renames};
use crate::facts::ImportLine;
use crate::impact::listing::{ImportListing, ListedFile, Presence, Side};
use crate::impact::modules::{ModuleSet, Modules};

/// A listing of JavaScript files that import one another by path from the root: `a/x.js b/y.js`, line by line.
fn listing(rows: &str) -> ImportListing {
    let mut files: BTreeMap<String, Vec<ImportLine>> = BTreeMap::new();
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let mut words = row.split(' ');
        let imports = files.entry(words.next().unwrap().to_owned()).or_default();
        for word in words {
            let line = u32::try_from(imports.len()).unwrap() + 1;
            let raw = if word.contains('/') { format!("../{word}") } else { word.to_owned() };
            imports.push(ImportLine { line, raw, ..ImportLine::default() });
        }
    }
    let file = |(path, imports)| {
        let (language, package) = ("javascript".to_owned(), String::new());
        ListedFile { path, on: Presence::Both, language, package, imports }
    };
    ImportListing { files: files.into_iter().map(file).collect(), ..ImportListing::default() }
}

/// The module of a file is its folder.
fn modules(rows: &str) -> Modules {
    let folders: BTreeSet<&str> =
        rows.split_whitespace().filter_map(|word| word.split_once('/')).map(|pair| pair.0).collect();
    let globs = folders.into_iter().filter(|name| *name != "none");
    let globs: BTreeMap<String, Vec<String>> =
        globs.map(|name| (name.to_owned(), vec![format!("{name}/**")])).collect();
    Modules::new(&globs).unwrap()
}

fn graph(rows: &str) -> Graph {
    Graph::build(&listing(rows), Side::Head, &modules(rows))
}

fn set(graph: &Graph, names: &[&str]) -> ModuleSet {
    graph.modules().set(names).unwrap()
}

fn shown(graph: &Graph, id: ImportId) -> String {
    let import = graph.import(id).unwrap();
    format!("{}:{}", graph.path(import.from), import.line)
}

fn chain(graph: &Graph, from: &str, to: &str, around: &[&str]) -> Option<Vec<String>> {
    let found = graph.indirect(&set(graph, &[from]), &set(graph, &[to]), &set(graph, around))?;
    Some(found.steps.iter().map(|step| format!("{} {}", shown(graph, step.import), graph.path(step.to))).collect())
}

#[test]
fn direct_imports_are_between_modules_and_never_within_one() {
    let graph = graph("a/x.js a/y.js b/x.js pg\n a/y.js b/y.js\n b/x.js\n b/y.js a/y.js");
    let found = graph.direct(&set(&graph, &["a", "b"]), &set(&graph, &["a", "b"]));
    let found: Vec<String> = found.into_iter().map(|id| shown(&graph, id)).collect();
    assert_eq!(found, ["a/x.js:2", "a/y.js:1", "b/y.js:1"]);
    let counts = graph.counts();
    assert_eq!((counts.files, counts.packages, counts.unresolved), (4, 1, 0));
    let edges: Vec<usize> = graph.module_edges().iter().map(|edge| edge.imports.len()).collect();
    assert_eq!(edges, [2, 1]);
}

#[test]
fn the_shortest_indirect_chain_goes_over_others_and_around_what_it_must_not_enter() {
    let graph = graph(
        "a/x.js c/x.js none/x.js\n c/x.js d/x.js\n d/x.js b/x.js\n none/x.js none/y.js\n none/y.js none/z.js\n \
         none/z.js b/x.js\n b/x.js",
    );
    assert_eq!(chain(&graph, "a", "b", &[]).unwrap(), ["a/x.js:1 c/x.js", "c/x.js:1 d/x.js", "d/x.js:1 b/x.js"]);
    let round = chain(&graph, "a", "b", &["d"]).unwrap();
    assert_eq!(round.last().unwrap(), "none/z.js:1 b/x.js");
    assert_eq!(round.len(), 4);
    assert_eq!(chain(&graph, "b", "a", &[]), None);
}

#[test]
fn a_direct_import_is_no_indirect_chain_and_a_step_within_a_module_makes_none() {
    let graph = graph("a/x.js a/y.js\n a/y.js b/x.js\n b/x.js b/y.js\n b/y.js");
    assert_eq!(chain(&graph, "a", "b", &[]), None);
}

#[test]
fn a_chain_is_found_through_the_import_that_closes_it() {
    let graph = graph("a/x.js c/x.js c/y.js\n c/x.js\n c/y.js c/x.js d/x.js\n d/x.js b/x.js\n b/x.js");
    let routes = graph.routes(&set(&graph, &["a"]), &set(&graph, &["b"]), &ModuleSet::default());
    let through = |path: &str, line: u32| {
        let (id, _) = graph.imports().find(|(_, i)| graph.path(i.from) == path && i.line == line).unwrap();
        let found = routes.through(&graph, id)?;
        Some(found.steps.iter().map(|step| shown(&graph, step.import)).collect::<Vec<_>>())
    };
    assert_eq!(through("c/y.js", 2).unwrap(), ["a/x.js:2", "c/y.js:2", "d/x.js:1"]);
    assert_eq!(through("a/x.js", 2).unwrap(), ["a/x.js:2", "c/y.js:2", "d/x.js:1"]);
    assert_eq!(through("a/x.js", 1), None, "it leads to a file that goes nowhere");
    assert_eq!(through("c/y.js", 1), None);
}

#[test]
fn cycles_have_every_import_and_the_cheapest_cut() {
    let graph = graph(
        "a/x.js b/x.js b/y.js\n b/x.js c/x.js\n b/y.js c/x.js\n c/x.js a/x.js\n d/x.js a/x.js\n e/x.js f/x.js\n \
         f/x.js e/y.js\n e/y.js",
    );
    let found = graph.cycles(Between::Modules);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].members, ["a", "b", "c"]);
    let edges: Vec<(&str, &str, usize)> =
        found[0].edges.iter().map(|edge| (edge.from.as_str(), edge.to.as_str(), edge.imports.len())).collect();
    assert_eq!(edges, [("a", "b", 2), ("b", "c", 2), ("c", "a", 1)]);
    assert_eq!((found[0].cut.as_slice(), found[0].cut_is_smallest), (&[2][..], true));
    assert_eq!(found[0].ring_through(1), [1, 2, 0]);
    // Modules e and f form a ring although no file does: the near miss.
    assert_eq!(found[1].members, ["e", "f"]);
    let files = graph.cycles(Between::Files);
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].members, ["a/x.js", "b/x.js", "b/y.js", "c/x.js"]);
}

#[test]
fn a_very_long_ring_needs_no_stack() {
    let count = 60_000;
    let rows: String = (0..count).map(|at| format!("m/f{at:05}.js m/f{:05}.js\n", (at + 1) % count)).collect();
    let found = graph(&rows).cycles(Between::Files);
    assert_eq!((found.len(), found[0].members.len(), found[0].edges.len()), (1, count, count));
    assert!(!found[0].cut_is_smallest);
}

#[test]
fn an_import_is_old_when_file_text_and_modules_are_and_a_line_does_not_count() {
    let rows = "a/x.js b/x.js\n b/x.js\n c/x.js";
    let base = graph(rows);
    let new = |head: &str, renames: &[(&str, &str)]| {
        let graphs = Graphs { base: base.clone(), head: Graph::build(&listing(head), Side::Head, &modules(rows)) };
        let renames: Renames = renames.iter().map(|(new, old)| ((*new).to_owned(), (*old).to_owned())).collect();
        graphs.new_imports(&renames).into_iter().map(|id| shown(&graphs.head, id)).collect::<Vec<_>>()
    };
    assert_eq!(new("a/x.js b/x.js\n b/x.js\n c/x.js", &[]), [""; 0]);
    assert_eq!(new("a/x.js pg b/x.js\n b/x.js\n c/x.js", &[]), ["a/x.js:1"]);
    assert_eq!(new("a/y.js b/x.js\n b/x.js\n c/x.js", &[("a/y.js", "a/x.js")]), [""; 0]);
    assert_eq!(new("a/y.js b/x.js\n b/x.js\n c/x.js", &[]), ["a/y.js:1"]);
    assert_eq!(new("c/y.js b/x.js\n b/x.js\n c/x.js", &[("c/y.js", "a/x.js")]), ["c/y.js:1"], "another module");
}

#[test]
fn dependents_of_either_side_are_counted_directly_and_over_others() {
    let rows = "a/x.js b/x.js\n b/x.js c/x.js\n c/x.js\n d/x.js c/x.js";
    let base = graph(rows);
    let touched = set(&base, &["c"]).iter().collect();
    let beside = |head: &str| {
        let head = Graph::build(&listing(head), Side::Head, &modules(rows));
        let found = Graphs { base: base.clone(), head }.dependents(&touched);
        (found[0].direct.len(), found[0].transitive.len())
    };
    assert_eq!(beside(rows), (2, 3));
    assert_eq!(beside("a/x.js b/x.js\n b/x.js\n d/x.js"), (2, 3), "what relied on a file that is gone");
    assert_eq!(beside("a/x.js c/x.js\n b/x.js c/x.js\n c/x.js"), (3, 3), "what begins to rely on it");
    assert_eq!(base.new_modules(&Graph::default()), ["a", "b", "c", "d"]);
}
