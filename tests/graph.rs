//! Where imports lead: small trees as data in `tests/cases/graph`, and whole repositories through the worker.
//!
//! `UPDATE_EXPECT=1 cargo test --test graph` writes what is found in place of what is expected; review it.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use portcullis::change::{Change, Environment, Repository, read_change, resolve};
use portcullis::configuration::Configuration;
use portcullis::facts::{Extractor, ImportLine, language_of};
use portcullis::gate::graph::{can_change, read_imports, renames, resolve_into};
use portcullis::gate::progress::Silent;
use portcullis::impact::graph::{Graph, Graphs, Target};
use portcullis::impact::listing::{ImportListing, ListedFile, ListedLink, ListedManifest, ListedPath, Presence, Side};
use portcullis::impact::modules::Modules;
use portcullis::impact::resolve::manifest_family;
use portcullis::limits::Limits;
use portcullis::worker::protocol::{Blob, ImportsTask, Setup};
use portcullis::worker::{Supervisor, WorkerCommand};
use support::TestRepository;

/// Splits `-- name --` sections.
fn sections(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = vec![(String::new(), String::new())];
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --")) {
            Some(name) => found.push((name.to_owned(), String::new())),
            None => found.last_mut().unwrap().1.push_str(line),
        }
    }
    found
}

fn listing(files: &[(String, String)]) -> ImportListing {
    let (extractor, _) = Extractor::new(&Limits::default(), &[]);
    let mut listing = ImportListing::default();
    for (path, text) in files {
        let on = Presence::Both;
        if let Some((path, to)) = path.split_once(" -> ") {
            listing.links.push(ListedLink { path: path.to_owned(), on, to: to.to_owned() });
        } else if let Some(language) = language_of(path, text.as_bytes()) {
            let blob = Blob { bytes: text.clone().into_bytes() };
            let read = extractor.imports(&ImportsTask { path: path.clone(), blob });
            assert_eq!((read.language.as_str(), &read.fault), (language, &None));
            let (package, imports) = (read.package, read.imports);
            listing.files.push(ListedFile { path: path.clone(), on, language: language.to_owned(), package, imports });
        } else {
            if manifest_family(path).is_some() {
                listing.manifests.push(ListedManifest { path: path.clone(), on, text: text.clone().into() });
            }
            listing.others.push(ListedPath { path: path.clone(), on });
        }
    }
    listing
}

/// Writes every import of a graph as one line.
fn written(graph: &Graph) -> String {
    let mut text = String::new();
    for (_, import) in graph.imports() {
        let leads = match import.target {
            Target::Files(_) => {
                graph.target_files(import).iter().map(|file| graph.path(*file)).collect::<Vec<_>>().join(" ")
            }
            Target::Package(_) => format!("package {}", graph.package(import).unwrap()),
            Target::Unresolved => "?".to_owned(),
        };
        let form = if import.declares {
            "part "
        } else if import.types {
            "type "
        } else {
            ""
        };
        text.push_str(&format!("{}:{} {form}{} -> {leads}\n", graph.path(import.from), import.line, import.raw));
    }
    text
}

#[test]
fn imports_lead_where_the_cases_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/graph");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 7);
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let parts = sections(&text);
        let (expected, files) = parts.split_last().unwrap();
        assert_eq!(expected.0, "expect", "{}", path.display());
        let graph = Graph::build(&listing(&files[1..]), Side::Head, &Modules::default());
        assert_eq!(graph.reasons(), [], "{}", path.display());
        let found = written(&graph);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let (before, _) = text.split_once("-- expect --\n").unwrap();
            std::fs::write(&path, format!("{before}-- expect --\n{found}")).unwrap();
        } else {
            assert!(found == expected.1, "{}: found\n{found}expected\n{}", path.display(), expected.1);
        }
    }
}

fn change_of(repository: &TestRepository, base: &str, arguments: (Option<&str>, bool)) -> Change {
    use portcullis::change::{Mode, RangeRequest};
    let opened = Repository::open(repository.root()).unwrap();
    let (head, worktree) = arguments;
    let mode = if worktree { Mode::Worktree } else { Mode::Range };
    let request = RangeRequest { base: Some(base.to_owned()), head: head.map(str::to_owned), mode };
    let range = resolve(&opened, &request, &Environment::default(), &Limits::default()).unwrap();
    read_change(&opened, &range, &Limits::default())
}

fn read(repository: &TestRepository, change: &Change, limits: &Limits, configuration: &Configuration) -> ImportListing {
    let opened = Repository::open(repository.root()).unwrap();
    let program = env!("CARGO_BIN_EXE_portcullis").into();
    let command = WorkerCommand { program, args: vec!["worker".into()] };
    let setup = Setup { threads: 2, limits: limits.clone(), ..Setup::default() };
    let mut supervisor = Supervisor::new(command, setup);
    read_imports(change, &opened, &configuration.classifier(), limits, &mut supervisor, &Silent)
}

fn modules() -> Modules {
    let globs = ["api", "cart", "store"].map(|name| (name.to_owned(), vec![format!("src/shop/{name}/**")]));
    Modules::new(&BTreeMap::from(globs)).unwrap()
}

/// A shop in which the API uses the cart and the cart the store.
fn shop() -> (TestRepository, String) {
    let repository = TestRepository::new();
    repository.write("pyproject.toml", "[project]\n").write("src/shop/__init__.py", "");
    for (name, text) in [
        ("api", "from shop.cart import Cart\n"),
        ("cart", "from shop.store import db\n"),
        ("store", "import psycopg\n"),
    ] {
        repository.write(&format!("src/shop/{name}/__init__.py"), text);
    }
    repository.write("src/shop/store/db.py", "").write("bin/run", "#!/usr/bin/env python3\nimport shop.api\n");
    let base = repository.commit("base");
    (repository, base)
}

#[test]
fn the_head_graph_is_the_base_listing_with_the_change_laid_over_it() {
    let (repository, base) = shop();
    repository.write("src/shop/store/__init__.py", "import psycopg\nfrom shop.api import route\n");
    repository.git(&["mv", "src/shop/store/db.py", "src/shop/store/tables.py"]);
    repository.write("src/shop/cart/late.py", "import shop.store.tables\n");
    let head = repository.commit("head");
    let change = change_of(&repository, &base, (Some(&head), false));
    let limits = Limits::default();
    let listing = read(&repository, &change, &limits, &Configuration::default());
    assert_eq!(listing.reasons, []);
    let graphs = Graphs::build(&listing, &modules());
    assert!(graphs.base.find("bin/run").is_some(), "a script is told by its first line");
    assert!(graphs.base.find("src/shop/store/db.py").is_some() && graphs.head.find("src/shop/store/db.py").is_none());
    let new: Vec<String> = graphs
        .new_imports(&renames(&change))
        .into_iter()
        .filter_map(|id| graphs.head.import(id))
        .map(|import| format!("{}:{} {}", graphs.head.path(import.from), import.line, import.raw))
        .collect();
    assert_eq!(new, ["src/shop/cart/late.py:1 shop.store.tables", "src/shop/store/__init__.py:2 shop.api.route",]);
    let edges = graphs.head.new_module_edges(&graphs.base);
    assert_eq!(edges, [("store".to_owned(), "api".to_owned())]);
    // The same from what was saved, and from a listing of head alone.
    let saved: ImportListing = serde_json::from_slice(&serde_json::to_vec(&listing).unwrap()).unwrap();
    assert_eq!(written(&Graphs::build(&saved, &modules()).head), written(&graphs.head));
    let alone = change_of(&repository, &head, (Some(&head), false));
    let alone = read(&repository, &alone, &limits, &Configuration::default());
    assert_eq!(written(&Graph::build(&alone, Side::Base, &modules())), written(&graphs.head));
}

#[test]
fn what_rust_takes_for_code_is_read_whatever_its_name_ends_in() {
    let repository = TestRepository::new();
    repository.write("Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2021\"\n");
    repository.write("src/lib.rs", "mod store;\n").write("src/store.rs", "");
    let base = repository.commit("base");
    repository.write("src/lib.rs", "mod store;\n#[path = \"a.txt\"]\nmod a;\ninclude!(\"../gen/c.in\");\n");
    repository.write("src/a.txt", "#[path = \"b\"]\nmod b;\n").write("src/b", "use crate::store;\n");
    repository.write("gen/c.in", "fn f() { self::store::open(); }\n").write("gen/d.in", "use crate::store;\n");
    let head = repository.commit("head");
    let change = change_of(&repository, &base, (Some(&head), false));
    let limits = Limits::default();
    let listing = read(&repository, &change, &limits, &Configuration::default());
    assert_eq!(listing.reasons, []);
    let graph = Graph::build(&listing, Side::Head, &Modules::default());
    let expected = "\
        gen/c.in:1 self::store::open -> src/store.rs\n\
        src/a.txt:2 part self::b -> src/b\n\
        src/b:1 crate::store -> src/store.rs\n\
        src/lib.rs:1 part self::store -> src/store.rs\n\
        src/lib.rs:3 part self::a -> src/a.txt\n\
        src/lib.rs:4 include!(../gen/c.in) -> gen/c.in\n";
    assert_eq!(written(&graph), expected);
    // A file of another language is read as that, and what it holds for Rust is not known.
    repository.write("src/b", "").write("src/a.txt", "#[path = \"b.py\"]\nmod b;\n").write("src/b.py", "");
    let other = repository.commit("other");
    let change = change_of(&repository, &base, (Some(&other), false));
    let listing = read(&repository, &change, &limits, &Configuration::default());
    let reasons = Graphs::build(&listing, &Modules::default()).reasons();
    assert_eq!(reasons.iter().map(|reason| reason.path.raw()).collect::<Vec<_>>(), ["src/b.py"]);
}

#[test]
fn the_work_tree_gives_the_graph_that_its_commit_would() {
    let (repository, base) = shop();
    repository
        .write("src/shop/store/__init__.py", "from shop.api import route\n")
        .write("src/shop/cart/new.py", "import shop\n");
    let worktree = change_of(&repository, &base, (None, true));
    let limits = Limits::default();
    let before = read(&repository, &worktree, &limits, &Configuration::default());
    let head = repository.commit("head");
    let committed =
        read(&repository, &change_of(&repository, &base, (Some(&head), false)), &limits, &Configuration::default());
    assert_eq!(before.reasons, []);
    assert_eq!(before, committed);
}

#[test]
fn a_file_that_cannot_be_read_is_a_reason_unless_base_declares_it_generated() {
    let (repository, base) = shop();
    repository.write("src/shop/api/big.py", format!("import shop.store\n{}", "x = 1\n".repeat(200)));
    let head = repository.commit("head");
    let change = change_of(&repository, &base, (Some(&head), false));
    let limits = Limits { file_bytes: 1_000, ..Limits::default() };
    let codes = |configuration: &Configuration| {
        let listing = read(&repository, &change, &limits, configuration);
        assert!(listing.files.iter().any(|file| file.path == "src/shop/api/big.py"), "it stays a file of the graph");
        listing.reasons.iter().map(|reason| (reason.code.clone(), reason.path.raw().to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(codes(&Configuration::default()), [("file-too-large".to_owned(), "src/shop/api/big.py".to_owned())]);
    let mut declared = Configuration::default();
    declared.paths.generated = vec!["**/big.py".to_owned()];
    assert_eq!(codes(&declared), []);
}

#[test]
fn a_repository_over_a_budget_is_a_reason_and_no_partial_graph() {
    let (repository, base) = shop();
    let change = change_of(&repository, &base, (Some(&base), false));
    for limits in [Limits { graph_files: 2, ..Limits::default() }, Limits { graph_bytes: 10, ..Limits::default() }] {
        let listing = read(&repository, &change, &limits, &Configuration::default());
        let codes: Vec<&str> = listing.reasons.iter().map(|reason| reason.code.as_str()).collect();
        assert_eq!(codes, ["graph-too-large"]);
        assert!(listing.files.iter().all(|file| file.imports.is_empty()));
    }
}

#[test]
fn a_manifest_that_the_change_breaks_is_a_reason_and_one_that_was_broken_is_none() {
    let repository = TestRepository::new();
    repository.write("package.json", "{}").write("fixture/package.json", "{ broken").write("a.js", "import './b'");
    let base = repository.commit("base");
    repository.write("package.json", "{ broken");
    let head = repository.commit("head");
    let change = change_of(&repository, &base, (Some(&head), false));
    let listing = read(&repository, &change, &Limits::default(), &Configuration::default());
    assert_eq!(listing.reasons, []);
    let reasons = Graphs::build(&listing, &Modules::default()).reasons();
    let paths: Vec<&str> = reasons.iter().map(|reason| reason.path.raw()).collect();
    assert_eq!(paths, ["package.json"]);
}

#[test]
fn a_graph_is_asked_for_when_files_or_imports_come_or_go_and_not_for_prose() {
    let (repository, base) = shop();
    let changed = |path: &str, text: &str| {
        repository.git(&["checkout", "-q", "--detach", &base]);
        repository.write(path, text);
        let head = repository.commit("head");
        change_of(&repository, &base, (Some(&head), false))
    };
    assert!(!can_change(&changed("README.md", "x"), |_| true));
    assert!(!can_change(&changed("src/shop/api/__init__.py", "x = 1\n"), |_| false));
    assert!(can_change(&changed("src/shop/api/__init__.py", "import x\n"), |path| path == "src/shop/api/__init__.py"));
    assert!(can_change(&changed("src/shop/api/new.py", ""), |_| false));
    assert!(can_change(&changed("pyproject.toml", ""), |_| false));
}

#[test]
fn the_document_says_where_imports_lead_and_how_far_the_change_reaches() {
    use portcullis::change::{Mode, RangeRequest};
    use portcullis::gate::{CheckRequest, ForgeAccess, OpenChanges, Trust};
    use portcullis::review::state::ForgeFacts;
    let (repository, base) = shop();
    repository
        .write("src/shop/store/__init__.py", "import redis\nfrom shop.api import route\nfrom shop.gone.x import y\n");
    let head = repository.commit("head");
    let worker = WorkerCommand { program: env!("CARGO_BIN_EXE_portcullis").into(), args: vec!["worker".into()] };
    let mut document = portcullis::gate::facts(&CheckRequest {
        imports: Vec::new(),
        cache: None,
        repository: repository.root().to_owned(),
        range: RangeRequest { base: Some(base.clone()), head: Some(head.clone()), mode: Mode::Range },
        environment: Environment::default(),
        trust: Trust::Base,
        fail_on: None,
        as_of: "2024-01-01".to_owned(),
        threads: 1,
        worker,
        forge: ForgeAccess::Closed(ForgeFacts::Local),
        others: OpenChanges::Closed,
        progress: &Silent,
    })
    .unwrap();
    let change = change_of(&repository, &base, (Some(&head), false));
    let listing = read(&repository, &change, &Limits::default(), &Configuration::default());
    let graphs = Graphs::build(&listing, &modules());
    resolve_into(&mut document, &graphs, &|module| vec![format!("team-{module}")]);
    let file = document.files.iter().find(|file| file.path == "src/shop/store/__init__.py").unwrap();
    assert_eq!(file.module, "store");
    let rows: Vec<_> = file
        .imports
        .iter()
        .map(|import| (import.raw.as_str(), import.target.as_str(), import.module.as_str(), import.external))
        .collect();
    assert_eq!(
        rows,
        [
            ("psycopg", "psycopg", "", true),
            ("redis", "redis", "", true),
            ("shop.api.route", "src/shop/api/__init__.py", "api", false),
            ("shop.gone.x.y", "", "", false),
        ]
    );
    let impact = &document.impact;
    assert_eq!(impact.new_edges, ["store -> api"]);
    assert_eq!(impact.new_modules, [""; 0]);
    let reached: Vec<_> =
        impact.modules.iter().map(|reached| (reached.id.as_str(), reached.direct, reached.transitive)).collect();
    assert_eq!(reached, [("store", 1, 2)]);
    assert_eq!(impact.modules[0].teams, ["team-store"]);
}

/// Links as an author may lay them: over one another, in the middle of a path, from the root of the machine.
#[cfg(unix)]
#[test]
fn links_are_followed_as_the_kernel_does() {
    use std::os::unix::fs::symlink;
    let repository = TestRepository::new();
    repository.write("store/db.py", "").write("store/db.js", "").write("plain/x.js", "").write("api/a.py", "");
    repository.write("node_modules/plain/index.js", "");
    let at = |path: &str| repository.root().join(path);
    symlink("two", at("one")).unwrap();
    symlink("plain", at("late")).unwrap();
    let base = repository.commit("base");
    symlink("deep/../store", at("two")).unwrap();
    symlink("plain", at("deep")).unwrap();
    symlink("../one/db.py", at("plain/inner.py")).unwrap();
    symlink("/srv/jobs/shop/shop/store", at("far")).unwrap();
    symlink("b", at("a")).unwrap();
    symlink("a", at("b")).unwrap();
    symlink("../store", at("node_modules/store")).unwrap();
    std::fs::remove_file(at("late")).unwrap();
    repository.write("late/x.js", "");
    let imports = ["one/db", "plain/inner.py", "far/db", "a/db", "deep/x", "late/x"].map(|path| format!("../{path}"));
    let lines: String = imports.iter().map(|path| format!("import '{path}';\n")).collect();
    repository.write("api/a.js", format!("{lines}import 'store/db';\nimport 'plain';\nimport 'react';\n"));
    repository.write("api/b.py", "import one.db\nimport plain.inner\nimport far.db\n");
    let head = repository.commit("head");
    let change = change_of(&repository, &base, (Some(&head), false));
    let listing = read(&repository, &change, &Limits::default(), &Configuration::default());
    assert_eq!(listing.reasons, []);
    let found = written(&Graphs::build(&listing, &Modules::default()).head);
    let expected = "\
        api/a.js:1 ../one/db -> store/db.js\n\
        api/a.js:2 ../plain/inner.py -> store/db.py\n\
        api/a.js:3 ../far/db -> store/db.js\n\
        api/a.js:4 ../a/db -> ?\n\
        api/a.js:5 ../deep/x -> plain/x.js\n\
        api/a.js:6 ../late/x -> late/x.js\n\
        api/a.js:7 store/db -> package store\n\
        api/a.js:7 store/db -> store/db.js\n\
        api/a.js:8 plain -> package plain\n\
        api/a.js:8 plain -> node_modules/plain/index.js\n\
        api/a.js:9 react -> package react\n\
        api/b.py:1 one.db -> store/db.py\n\
        api/b.py:2 plain.inner -> store/db.py\n\
        api/b.py:3 far.db -> store/db.py\n";
    assert_eq!(found, expected);
}

/// Shapes whose cost grows with the square of what the author writes must end soon, decided or with a reason.
#[test]
fn resolution_has_a_budget_and_says_when_it_is_used_up() {
    let import = |line: u32, raw: &str| ImportLine { line, raw: raw.to_owned(), ..ImportLine::default() };
    let file = |path: String, language: &str, imports: Vec<ImportLine>| {
        let (language, package) = (language.to_owned(), String::new());
        ListedFile { path, on: Presence::Both, language, package, imports }
    };
    let manifest = |path: String, text: String| ListedManifest { path, on: Presence::Head, text: text.into() };
    let one = ImportListing {
        files: vec![
            file("a.js".into(), "javascript", vec![import(1, "./b"), import(2, "./c"), import(3, "./d")]),
            file("b.js".into(), "javascript", Vec::new()),
        ],
        ..ImportListing::default()
    };
    let codes = |listing: &ImportListing| {
        let graphs = Graphs::build(listing, &Modules::default());
        graphs.reasons().into_iter().map(|reason| (reason.code, reason.message.raw().to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(codes(&one), []);
    let [(code, message)] = &codes(&ImportListing { steps: 10, ..one })[..] else { panic!("one reason") };
    assert_eq!(code, "graph-too-large");
    assert_eq!(message, "resolving imports takes more than 10 look-ups (limit `resolve-steps`)");

    let started = portcullis::clock::Stopwatch::start();
    let mut shapes: Vec<(&str, ImportListing)> = Vec::new();
    // A folder of very many files that all import it as a whole, once in Go and once in Java.
    let mut folder = ImportListing::default();
    folder.manifests.push(manifest("go.mod".into(), "module m".into()));
    for at in 0..100_000 {
        folder.files.push(file(format!("p/f{at:06}.go"), "go", vec![import(1, "m/p")]));
    }
    shapes.push(("a big package", folder));
    let mut configs = ImportListing::default();
    for at in 0..10_000 {
        let paths: String = if at == 9_999 {
            (0..10_000).map(|at| format!("\"@a{at}/*\": [\"./x{at}/*\"],")).collect()
        } else {
            String::new()
        };
        let text = format!(
            "{{\"extends\": \"../c{:05}/tsconfig.json\", \"compilerOptions\": {{{}}}}}",
            at + 1,
            if paths.is_empty() { String::new() } else { format!("\"paths\": {{{paths}}}") }
        );
        configs.manifests.push(manifest(format!("c{at:05}/tsconfig.json"), text));
        configs.files.push(file(
            format!("c{at:05}/a.ts"),
            "typescript",
            (1..11).map(|line| import(line, "@a77/b")).collect(),
        ));
    }
    shapes.push(("a long chain of configurations", configs));
    let mut packages = ImportListing::default();
    let aliases: String = (0..50_000).map(|at| format!("\"d{at}\": \"npm:e{at}@1\",")).collect();
    packages.manifests.push(manifest("package.json".into(), format!("{{\"dependencies\": {{{aliases}}}}}")));
    let exports: String = (0..10_000).map(|at| format!("\"./p*{at}\": \"./x{at}*\",")).collect();
    packages
        .manifests
        .push(manifest("q/package.json".into(), format!("{{\"name\": \"q\", \"exports\": {{{exports}}}}}")));
    for at in 0..10_000 {
        packages.manifests.push(manifest(format!("t{at:05}/package.json"), "{\"name\": \"twin\"}".into()));
        let imports = [import(1, "d77"), import(2, "twin"), import(3, "q/p-")].to_vec();
        packages.files.push(file(format!("t{at:05}/a.ts"), "typescript", imports));
    }
    packages.files.push(ListedFile { on: Presence::Base, ..file("old.ts".into(), "typescript", Vec::new()) });
    shapes.push(("many packages of one name", packages));
    let mut modules = ImportListing::default();
    for at in 0..10_000 {
        modules.manifests.push(manifest(format!("m{at:05}/go.mod"), "module twin\nrequire twin v1\n".into()));
        modules.files.push(file(format!("m{at:05}/a.go"), "go", vec![import(1, "twin/a")]));
    }
    modules.files.push(ListedFile { on: Presence::Base, ..file("old.go".into(), "go", Vec::new()) });
    shapes.push(("many modules of one path", modules));
    let mut links = ImportListing::default();
    for at in 0..50_000 {
        links.links.push(ListedLink {
            path: format!("l{at:05}"),
            on: Presence::Both,
            to: format!("l{:05}", (at + 1) % 50_000),
        });
        links.files.push(file(format!("f{at:05}.ts"), "typescript", vec![import(1, &format!("./l{at:05}/x"))]));
    }
    shapes.push(("links in a ring", links));
    for (shape, mut listing) in shapes {
        // A tenth of the usual budget is enough for a test without optimisations.
        listing.steps /= 10;
        let before = started.elapsed();
        let spent = codes(&listing);
        let took = started.elapsed() - before;
        assert!(took.as_secs() < 100, "{shape}: {took:?} {spent:?}");
    }
}
