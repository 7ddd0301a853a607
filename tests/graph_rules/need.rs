//! Which changes can touch the graph: whatever gives the reader of imports something new must be among them.

use std::collections::BTreeSet;

use portcullis::change::FileStatus;
use portcullis::completeness::Completeness;
use portcullis::enforcement::RuleBook;
use portcullis::enforcement::graphs::graph_could_change;
use portcullis::facts::{Extractor, ImportLine};
use portcullis::limits::Limits;
use portcullis::policies::input::{FileClass, FileEntry, InputDocument, LineRange};
use portcullis::worker::protocol::{Blob, ImportsTask, ReadTask};

use crate::case::Case;

fn extractor() -> Extractor {
    Extractor::new(&Limits::default(), &[]).0
}

fn book(rule: &str) -> RuleBook {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.yaml");
    let text = format!(
        "systems: {{s: {{modules: {{a: 'a/**', b: 'b/**'}}}}}}\nrules:\n  - {{id: INV-1, enforce: {{{rule}}}}}\n"
    );
    std::fs::write(&path, text).unwrap();
    let case = Case::read(&path);
    let (book, faults) = RuleBook::of(case.specification, case.hosted);
    assert_eq!(faults, []);
    book
}

fn blob(text: &str) -> Blob {
    Blob { bytes: text.as_bytes().to_vec() }
}

fn entry(extractor: &Extractor, (old_path, path): (&str, &str), old: Option<&str>, new: Option<&str>) -> FileEntry {
    let facts = extractor.read(&ReadTask {
        path: path.to_owned(),
        old_path: old_path.to_owned(),
        class: FileClass::Source,
        old: old.map(blob),
        new: new.map(blob),
        known: None,
        learn: false,
    });
    let status = match (old, new) {
        (None, _) => FileStatus::Added,
        (_, None) => FileStatus::Deleted,
        _ if path != old_path => FileStatus::Renamed,
        _ => FileStatus::Modified,
    };
    FileEntry {
        path: path.to_owned(),
        old_path: old_path.to_owned(),
        status,
        mode_change: String::new(),
        kind: "file".to_owned(),
        language: facts.language,
        module: String::new(),
        owners: Vec::new(),
        class: FileClass::Source,
        declared: false,
        binary: false,
        lfs_pointer: false,
        added: facts.added,
        removed: facts.removed,
        hunks: facts.hunks.iter().map(|hunk| LineRange { start: hunk.new_start, end: hunk.new_end - 1 }).collect(),
        parsed: facts.parsed,
        symbols: facts.symbols,
        imports: facts.imports,
        calls: facts.calls,
        matches: facts.matches,
        tests: facts.tests,
        commented: facts.commented,
        twins: Vec::new(),
        unknown: Vec::new(),
        hidden: facts.hidden,
        secrets: Vec::new(),
        manifest: portcullis::dependencies::ManifestFacts::default(),
        dependencies: Vec::new(),
        document: serde_json::json!({}),
        old_document: serde_json::json!({}),
        document_lines: serde_json::json!({}),
        document_reading: portcullis::policies::input::DocumentReading::default(),
        provenance: portcullis::provenance::FileProvenance::default(),
    }
}

fn asked(book: &RuleBook, entry: FileEntry, old: Option<&str>, new: Option<&str>) -> bool {
    let mut input = InputDocument::nothing(Completeness::of(Vec::new()));
    input.files.push(entry);
    graph_could_change(book, &input, &|_| (old.map(str::to_owned), new.map(str::to_owned)))
}

fn modified(path: &str, old: &str, new: &str) -> bool {
    asked(
        &book("acyclic: {between: modules}"),
        entry(&extractor(), (path, path), Some(old), Some(new)),
        Some(old),
        Some(new),
    )
}

#[test]
fn only_changes_that_can_touch_imports_ask_for_the_graph() {
    assert!(modified("a/x.py", "x = 1\n", "import b\nx = 1\n"));
    assert!(!modified("a/x.py", "import b\nx = 1\n", "import b\nx = 2\n"));
    assert!(modified("a/x.py", "import b\nimport c\n", "import b\n"), "a name is passed on no longer");
    assert!(modified("a/x.py", "m = import_module(\n  'b')\n", "m = import_module(\n  'c')\n"));
    assert!(!modified("a/x.py", "f(\n  'b')\n", "f(\n  'c')\n"));
    let uses = |line: &str| format!("import shop, json\nfrom cart import Row as R\n{line}\n");
    for line in ["shop.store.open()", "(shop)\\\n .store", "s = shop", "x = R.all"] {
        assert!(modified("a/x.py", &uses("x = 1"), &uses(line)), "{line}");
    }
    assert!(modified("a/x.py", &uses("\"\"\"\nshop.store\n\"\"\""), &uses("shop.store")), "text comes to life");
    assert!(modified("a/x.py", &uses("(shop\n  .cart)"), &uses("(shop\n  .store)")), "a name over two lines");
    assert!(modified("a/x.py", &uses("s = 1\nt.store()"), &uses("s = t = shop\nt.store()")));
    assert!(!modified("a/x.py", &uses("x = 1"), &uses("x = json.dumps(self.shop(R))")));
    assert!(!modified("a/x.py", &uses("shop.store()\nx = 1"), &uses("shop.store()\nx = 2")));
    assert!(!modified("README.md", "a\n", "b\n"));
    assert!(modified("go.mod", "module a\n", "module b\n"));
    assert!(modified("a/x.py", "x = 1\n", "def (:\n"), "what cannot be parsed is not known");
    for line in ["import_string('b.c')", "sys.path.append('b')", "patch('b.c')  # mock"] {
        assert!(modified("a/x.py", "x = 1\n", &format!("{line}\n")), "{line}");
    }
    assert!(!modified("a/test_x.py", "x = mock\n", "x = mock.Mock()\n"), "tests patch all day long");
    assert!(modified("a/__init__.py", "__all__ = [\n'b',\n]\n", "__all__ = [\n'b',\n'c',\n]\n"));
    for line in ["new URL('./b', import.meta.url)", "import.meta.glob('./b/*')", "require.context('./b')"] {
        assert!(modified("a/x.ts", "let x = 1;\n", &format!("{line};\n")), "{line}");
    }
    let linked = "package a\nimport _ \"unsafe\"\n//go:linkname f b.F\n";
    assert!(modified("a/x.go", "package a\nimport _ \"unsafe\"\n", linked));
    assert!(!modified("a/x.go", linked, &format!("{linked}func f()\n")));
}

#[test]
fn what_turns_types_into_what_runs_asks_for_the_graph_where_a_rule_sets_types_apart() {
    let ask = |rule: &str, path: &str, old: &str, new: &str| {
        asked(&book(rule), entry(&extractor(), (path, path), Some(old), Some(new)), Some(old), Some(new))
    };
    let (counts, apart) = ("acyclic: {between: modules}", "acyclic: {between: modules, type-only: false}");
    let (types, runs) = ("import type {\n  A,\n} from './b';\n", "import {\n  A,\n} from './b';\n");
    assert!(ask(apart, "a/x.ts", types, runs));
    assert!(!ask(counts, "a/x.ts", types, runs));
    let block = |of: &str| format!("from typing import TYPE_CHECKING\n{of}:\n    import b\n");
    assert!(ask(apart, "a/x.py", &block("if TYPE_CHECKING"), &block("if True")));
    assert!(!ask(apart, "a/x.go", "package a\nvar x = 1\n", "package a\nvar x = 2\n"));
}

#[test]
fn names_in_full_ask_for_the_graph_and_the_names_of_every_file_do_not() {
    let rust = |old: &str, new: &str| {
        modified("a/x.rs", &format!("fn f() {{\n{old}\n}}\n"), &format!("fn f() {{\n{new}\n}}\n"))
    };
    assert!(rust("a();", "crate::b::open();"));
    assert!(rust("a();", "let x: crate :: b :: Row = y;"));
    assert!(rust("a();", "pub fn f() { crate::b::open(); }"), "only `pub use` is a statement of its own");
    assert!(rust("a();", "pub(crate) fn f() { crate::b::open(); }"));
    assert!(rust("crate::\n  b::open();", "crate::\n  c::open();"));
    assert!(rust("a();", "vec![crate::b::open()];"));
    assert!(rust("a();", "m! {\nuse crate::b::open;\n}"), "a statement within a macro is no fact of its own");
    assert!(rust("a();", "include!(\"../b/c.rs\");"));
    assert!(rust("use crate::b as std;\na();", "use crate::b as std;\nstd::c();"));
    assert!(!rust("crate::b::open(); a();", "crate::b::open(); d();"));
    assert!(!rust("a();", "\"crate::b::open()\"; // crate::b::open()"));
    assert!(!rust("a();", "std::mem::swap(x, y); Vec::new(); self::g();"));
    assert!(!rust("a();", "xs.iter().collect::<Vec<Row>>(); <X as Y>::z();"));
    assert!(rust("// crate::b::open();", "crate::b::open();"), "a comment mark is taken away");
    assert!(!modified("a/x.rs", "use crate::{a::B,\n c};\nfn f() {}\n", "use crate::{a::B,\n c};\nfn g() {}\n"));
    assert!(modified("a/x.rs", "mod b;\n", "#[path = \"c.rs\"]\nmod b;\n"));
    assert!(modified("a/x.rs", "#[path = \"c.rs\"]\nmod b;\n", "mod b;\n"));
    let java = |old: &str, new: &str| {
        modified("a/X.java", &format!("class X {{\n{old}\n}}\n"), &format!("class X {{\n{new}\n}}\n"))
    };
    assert!(java("int a;", "com.shop.Store a;"));
    assert!(java("com\n  .shop.Store a;", "com\n  .shop.Cart a;"));
    assert!(java("int a;", "shop.Store a;"), "any word may be a package");
    assert!(java("int a;", "Store a;"), "a class of the same package may lie elsewhere");
    assert!(java("/*\nStore a;", "Store a;"), "a comment mark is taken away");
    assert!(java("int a;", "} class Other {"), "another file may mean the class");
    assert!(!java("Store a; com.shop.Cart b;", "Store c; com.shop.Cart d;"));
    assert!(!java("int a;", "String a = \"com.shop.Store\"; // Store"));
    assert!(!java("int a;", "int b = list.stream().count(); // see www.apache.org/licenses"));
    let import = |body: &str| format!("package com.shop;\nimport org.shop.Row;\nclass X {{ {body} }}\n");
    assert!(!modified("a/X.java", &import("int a;"), &import("int b;")));
    assert!(modified("a/X.java", "package com.a;\nclass X {}\n", "package com.b;\nclass X {}\n"));
}

#[test]
fn files_that_come_go_or_move_ask_for_the_graph() {
    let book = book("acyclic: {between: modules}");
    let ask = |paths, old, new| asked(&book, entry(&extractor(), paths, old, new), old, new);
    assert!(ask(("a/x.py", "a/x.py"), None, Some("x = 1\n")));
    assert!(ask(("a/x.py", "a/x.py"), Some("x = 1\n"), None));
    assert!(ask(("a/x.py", "b/x.py"), Some("x = 1\n"), Some("x = 1\n")));
    assert!(ask(("a/x.py", "b/x.txt"), Some("x = 1\n"), Some("x = 1\n")));
    assert!(!ask(("a/x.rst", "b/x.rst"), Some("x = 1\n"), Some("x = 1\n")));
}

#[test]
fn without_a_rule_over_the_graph_nothing_asks_for_it() {
    let file = entry(&extractor(), ("a/x.py", "a/x.py"), None, Some("import b\n"));
    assert!(!asked(&book("review: {ask: \"Why?\"}"), file.clone(), None, Some("import b\n")));
    assert!(asked(&book("acyclic: {between: modules}"), file, None, Some("import b\n")));
}

#[test]
fn a_text_that_is_not_there_asks_for_the_graph() {
    let (old, new) = ("fn f() {\n a();\n}\n", "fn f() {\n b();\n}\n");
    let file = || entry(&extractor(), ("a/x.rs", "a/x.rs"), Some(old), Some(new));
    let book = book("acyclic: {between: modules}");
    assert!(asked(&book, file(), Some(old), None));
    assert!(!asked(&book, file(), Some(old), Some(new)));
}

/// Lines of which texts are made; the last column says how deep in a block they may stand.
const LINES: &[(&str, &str, &[&str])] = &[
    (
        "rs",
        "fn",
        &[
            "use crate::a::B;",
            "use crate::{c, d as e};",
            "mod x;",
            "#[path = \"y.rs\"]",
            "#[cfg(test)]",
            "mod t {",
            "}",
            "fn f() {",
            "crate::store::open();",
            "let v: serde_json::Value = g();",
            "crate::store",
            "  ::open();",
            "crate::",
            "  cart::row();",
            "let s = String::new();",
            "std::mem::take(x);",
            "super::up::go();",
            "<T as crate::q::R>::go();",
            "vec![].iter().map(|x| crate::w::k(x)).collect::<Vec<u8>>();",
            "// crate::store::no",
            "e::go();",
            "x.y();",
            "extern crate foo as bar;",
            "impl crate::z::Y for X {",
            "let f = ::glob::z;",
            "a::<b::C>::d();",
            "vec![crate::in_macro::f()];",
            "m! { use crate::hidden::f; }",
            "use crate::twice as T;",
            "T::f();",
            "/*",
            "*/",
            "include!(\"z.rs\");",
            "#[cfg_attr(u, path = \"w.rs\")]",
        ],
    ),
    (
        "java",
        "class",
        &[
            "package com.shop;",
            "import com.shop.Store;",
            "class X {",
            "}",
            "void f() {",
            "com.shop.Store s;",
            "Object o = new org.shop.Cart();",
            "com",
            "  .shop.Cart c;",
            "io . shop . Row r;",
            "list.stream().map();",
            "// com.shop.No",
            "String t = \"com.shop.No\";",
            "com /* x */ .shop.Item i;",
            "int a;",
            "java.util.List<com.shop.Item> l;",
            "com.",
            "shop.Order o;",
            "return com.shop.Store.open();",
            "import com./*x*/shop.Row;",
            "shop.store.Wide w;",
            "f(shop.store.narrow::open);",
            "Sibling s;",
            "class Sibling {",
            "/*",
            "*/",
            "\\u0063om.shop.Escaped e;",
        ],
    ),
    (
        "py",
        "def",
        &[
            "import a",
            "from b import c, d",
            "from . import e",
            "x = 1",
            "def f():",
            "    return 1",
            "m = __import__('q')",
            "m = importlib.import_module(",
            "    'r.s')",
            "if x:",
            "    import g",
            "# import h",
            "print('import i')",
            "import q.s, json",
            "q.s.t.f()",
            "import t as u",
            "u.v.w",
            "w = (",
            "w = u",
            "w.r.f()",
            "json.dumps(x.y)",
            "from importlib import import_module as im",
            "im('q.r')",
            "\"\"\"",
            "g(k.h)",
            "sys.path.append('q')",
            "from sys import path",
            "path.insert(0, 'q')",
            "__all__ = ['z']",
            "import_string('q.y')",
            "from unittest import mock",
            "mock.patch('q.x.w')",
        ],
    ),
    (
        "ts",
        "function",
        &[
            "import a from './a';",
            "export * from './b';",
            "const c = require(",
            "  './c');",
            "import('./d');",
            "let e = 1;",
            "function f() {",
            "}",
            "import type { G } from './g';",
            "// import './h'",
            "export { i } from './i';",
            "new URL('./j', import.meta.url);",
            "import.meta.glob(",
            "'./k/*.ts');",
            "require.context('./l', false, /m/);",
            "x.y();",
        ],
    ),
    (
        "go",
        "func",
        &[
            "package a",
            "import \"b\"",
            "import (",
            "\"c\"",
            "d \"e\"",
            ")",
            "func f() {",
            "}",
            "x.Y()",
            "// import \"g\"",
            "import _ \"unsafe\"",
            "//go:linkname f g.H",
            "/*",
            "*/",
            "`",
        ],
    ),
];

#[test]
fn whatever_is_new_to_the_reader_of_imports_asks_for_the_graph() {
    let (extractor, book) = (extractor(), book("acyclic: {between: modules}"));
    let mut state = 5_usize;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let what = |path: &str, text: &str| {
        let read = extractor.imports(&ImportsTask { path: path.to_owned(), blob: blob(text) });
        let plain = |import: ImportLine| ImportLine { line: 0, ..import };
        let own = |import: &ImportLine| import.raw.starts_with("std::");
        (read.package, read.imports.into_iter().filter(|import| !own(import)).map(plain).collect::<BTreeSet<_>>())
    };
    let (mut silent, mut new) = (0, 0);
    for (extension, _, lines) in LINES {
        for _ in 0..1_500 {
            let mut base: Vec<&str> = (0..4 + next(8)).map(|_| lines[next(lines.len())]).collect();
            let old = base.join("\n") + "\n";
            for _ in 0..1 + next(2) {
                let at = next(base.len());
                match next(3) {
                    0 => base.insert(at, lines[next(lines.len())]),
                    1 if base.len() > 1 => drop(base.remove(at)),
                    _ => base[at] = lines[next(lines.len())],
                }
            }
            let text = base.join("\n") + "\n";
            let path = format!("a/x.{extension}");
            let (before, after) = (what(&path, &old), what(&path, &text));
            let file = entry(&extractor, (&path, &path), Some(&old), Some(&text));
            let asked = asked(&book, file, Some(&old), Some(&text));
            if before.0 != after.0 || !after.1.is_subset(&before.1) {
                new += 1;
                assert!(asked, "{path}: {:?}\n--- base\n{old}--- head\n{text}", after.1.difference(&before.1));
            } else if !asked {
                silent += 1;
            }
        }
    }
    assert!(new > 1_000 && silent > 100, "{new} new, {silent} silent");
}
