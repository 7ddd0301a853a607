use crate::*;

fn symbols(facts: &FileFacts) -> Vec<(&str, FactChange)> {
    facts.symbols.iter().map(|symbol| (symbol.qualified.as_str(), symbol.change)).collect()
}

#[test]
fn other_line_endings_change_lines_and_no_symbol_row_63() {
    for (path, text) in EVERY {
        let windows = text.replace('\n', "\r\n");
        for (old, new) in [(*text, windows.as_str()), (windows.as_str(), *text)] {
            let facts = change(path, old, new);
            let lines = u32::try_from(text.lines().count()).unwrap();
            assert_eq!((facts.added, facts.removed), (lines, lines), "{path}");
            assert!(
                facts.symbols.iter().all(|symbol| symbol.change == FactChange::Kept),
                "{path}: {:?}",
                facts.symbols
            );
            assert!(facts.calls.iter().all(|call| call.change == FactChange::Moved), "{path}");
            let here = text.lines().position(|line| line.contains("g()")).unwrap() + 1;
            assert_eq!(facts.calls[0].line as usize, here, "{path}");
            assert_eq!(facts.hidden, vec![]);
        }
    }
}

#[test]
fn a_deleted_module_says_what_went_row_64() {
    let text = b"use a::b;\npub struct A { pub x: u8 }\nimpl A { pub fn f(&self) { g(); } }\n";
    let facts = read_with(&patient(), "", &task("a.rs", Some(text), None));
    assert_eq!(
        symbols(&facts),
        vec![("A", FactChange::Removed), ("A.x", FactChange::Removed), ("A.f", FactChange::Removed)]
    );
    assert!(facts.symbols.iter().all(|symbol| symbol.exported && symbol.before == symbol.signature));
    assert_eq!(facts.imports[0].change, FactChange::Removed);
    assert_eq!((facts.calls[0].change, facts.calls[0].line), (FactChange::Removed, 3));
    assert_eq!((facts.added, facts.removed, facts.parsed.status), (0, 3, ParseStatus::Ok));
}

#[test]
fn overloads_pair_by_declaration_then_by_number_of_parameters() {
    let base = "class A {\n void f(int a) { x(); }\n void f(int a, int b) { y(); }\n}\n";
    let head = "class A {\n void f(int a, long b) { y(); }\n void f() { }\n void f(int a) { x(); }\n}\n";
    let facts = change("A.java", base, head);
    let found: Vec<_> = facts.symbols.iter().map(|s| (s.signature.as_str(), s.before.as_str(), s.change)).collect();
    assert_eq!(found[1], ("void f(int a, long b)", "void f(int a, int b)", FactChange::Signature));
    assert_eq!(found[2], ("void f()", "", FactChange::Added));
    assert_eq!(found[3].2, FactChange::Kept);
}

#[test]
fn a_declaration_broken_over_lines_is_the_same_declaration() {
    let facts = change("a.py", "def f(a, b):\n    return a\n", "def f(\n    a,\n    b,\n):\n    return a\n");
    assert_eq!(symbols(&facts), vec![("f", FactChange::Kept)]);
}

#[test]
fn a_comment_in_a_declaration_is_no_part_of_the_signature() {
    let cases = [
        ("a.py", "def f(a):  # reads\n    return a\n", "def f(a):  # writes\n    return a\n", "def f(a)"),
        ("a.ts", "interface A { f(o: { /** one */ a: b; }): c; }\n", "interface A { f(o: { a: b; }): c; }\n", ""),
        ("A.java", "class A { void f(int a /* one */, int b) { } }\n", "class A { void f(int a, int b) { } }\n", ""),
        ("a.rs", "#[inline]\nfn f(\n    a: u8, // one\n    b: u8,\n) {}\n", "#[inline]\nfn f(a: u8, b: u8) {}\n", ""),
        ("a.go", "package a\n\nfunc f(a /* one */ int) {}\n", "package a\n\nfunc f(a int) {}\n", "func f(a int)"),
        ("a.js", "function f(a /* one */, b) { }\n", "function f(a, b) { }\n", "function f(a, b)"),
    ];
    for (path, old, new, signature) in cases {
        let facts = change(path, old, new);
        let symbol = facts.symbols.iter().find(|symbol| symbol.name == "f").unwrap();
        assert_eq!(symbol.change, FactChange::Kept, "{path}: {symbol:?}");
        assert!(!symbol.signature.contains("one") && symbol.signature.contains(signature), "{path}: {symbol:?}");
    }
}

#[test]
fn what_only_looks_like_a_comment_stays_in_the_signature() {
    let facts = change("a.py", "def f(a='# one'):\n    return a\n", "def f(a='# two'):\n    return a\n");
    assert_eq!(symbols(&facts), vec![("f", FactChange::Signature)]);
}

#[test]
fn a_body_that_moved_into_a_branch_is_another_body() {
    let facts = change(
        "a.py",
        "def f():\n    if a:\n        b()\n    c()\n",
        "def f():\n    if a:\n        b()\n        c()\n",
    );
    assert_eq!(symbols(&facts), vec![("f", FactChange::Body)]);
}

#[test]
fn an_import_written_anew_is_kept_and_a_new_name_is_added() {
    let facts = change("a.py", "from a import b, c\n", "from a import (\n    b,\n    c,\n    d,\n)\n");
    let found: Vec<_> = facts.imports.iter().map(|i| (i.raw.as_str(), i.line, i.change)).collect();
    assert_eq!(found, vec![("a.b", 2, FactChange::Kept), ("a.c", 3, FactChange::Kept), ("a.d", 4, FactChange::Added)]);
}

#[test]
fn a_call_with_other_arguments_is_added_and_the_same_call_elsewhere_is_moved() {
    let facts = change("a.py", "run('a')\nx = 1\nrun('b')\n", "run('c')\nx = 1\ny = 2\nif x:\n    run('b')\n");
    let found: Vec<_> = facts.calls.iter().map(|call| (call.line, call.change)).collect();
    assert_eq!(found, vec![(1, FactChange::Added), (1, FactChange::Removed), (5, FactChange::Moved)]);
}

#[test]
fn a_link_added_to_a_chain_is_an_added_call_on_its_own_line() {
    let facts = change("a.js", "a\n  .b()\n  .d();\n", "a\n  .b()\n  .eval(x)\n  .d();\n");
    let eval = facts.calls.iter().find(|call| call.callee.ends_with(".eval")).unwrap();
    assert_eq!((eval.line, eval.change, eval.callee.as_str()), (3, FactChange::Added, "a.b().eval"));
}

#[test]
fn an_unchanged_file_keeps_every_fact() {
    for (path, text) in EVERY {
        let facts = change(path, text, text);
        assert!(facts.hunks.is_empty() && facts.symbols.iter().all(|symbol| symbol.change == FactChange::Kept));
        assert!(facts.calls.iter().all(|call| call.change == FactChange::Kept));
        assert!(!facts.calls.is_empty() && !facts.symbols.is_empty(), "{path}");
    }
}

#[test]
fn facts_are_sorted_by_place() {
    for (path, text) in EVERY {
        let facts = change(path, text.repeat(3), text.repeat(2));
        assert!(facts.symbols.is_sorted_by_key(|symbol| symbol.start), "{path}");
        assert!(facts.calls.is_sorted_by_key(|call| call.line), "{path}");
    }
}

#[test]
fn a_pointer_to_large_storage_is_told() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 3\n";
    assert!(add("a.psd", pointer).lfs_pointer);
    assert!(!add("a.psd", "version https://git-lfs.github.com/spec/v1\n").lfs_pointer);
}

#[test]
fn prose_that_becomes_code_by_its_name_is_added_code() {
    let text = b"eval(x)\n\n\n# \xE2\x80\xAE\n";
    let mut renamed = task("run.py", Some(text), Some(text));
    renamed.old_path = "notes.txt".into();
    let facts = read_with(&patient(), "", &renamed);
    assert_eq!((facts.hunks.len(), facts.calls[0].change), (0, FactChange::Added));
    assert_eq!(hidden_kinds(&facts), vec![("bidi", 4, FactChange::Added)]);
    let facts = change("run", "eval(x)\n", "#!/usr/bin/python\neval(x)\n");
    assert_eq!(facts.calls[0].change, FactChange::Added);
}

#[test]
fn a_file_that_passes_to_a_related_language_keeps_its_facts() {
    let mut renamed = task("a.ts", Some(b"function f(a) { g(); }\n"), Some(b"function f(a) { g(); }\nh();\n"));
    renamed.old_path = "a.js".into();
    let facts = read_with(&patient(), "", &renamed);
    assert_eq!(symbols(&facts), vec![("f", FactChange::Kept)]);
    assert_eq!(facts.calls.iter().map(|call| call.change).collect::<Vec<_>>(), [FactChange::Kept, FactChange::Added]);
    renamed.old_path = "a.py".into();
    renamed.old = Some(Blob { bytes: b"def f(a): g()\n".to_vec() });
    let facts = read_with(&patient(), "", &renamed);
    assert_eq!(
        facts.calls.iter().map(|call| call.change).collect::<Vec<_>>(),
        [FactChange::Added, FactChange::Removed, FactChange::Added]
    );
}

#[test]
fn deeply_nested_calls_compare_a_bounded_amount_of_text() {
    let nested = |last: &str| format!("{}{last}{}\n", "f(\n".repeat(1_500), ")".repeat(1_500));
    let facts = read_with(
        &patient(),
        "",
        &task("a.py", Some(nested("1").as_bytes()), Some(format!("x\n{}", nested("1")).as_bytes())),
    );
    assert_eq!(facts.calls.len(), 1_500);
    assert!(facts.calls.iter().all(|call| call.change == FactChange::Kept));
}
