//! The name of a call is the same however it is laid out.

use crate::*;

fn callees(path: &str, text: &str) -> Vec<String> {
    add(path, text).calls.into_iter().map(|call| call.callee).collect()
}

/// Each layout, between `before` and `after`, calls that name.
fn all_call(path: &str, (before, after): (&str, &str), name: &str, layouts: &[&str]) {
    for layout in layouts {
        let text = format!("{before}{layout}{after}");
        assert!(callees(path, &text).iter().any(|callee| callee == name), "{layout:?}: {:?}", callees(path, &text));
    }
}

#[test]
fn no_comment_blank_or_continuation_is_part_of_a_called_name() {
    all_call(
        "a.py",
        ("", "\n"),
        "os.system",
        &[
            "os.system(x)",
            "os\\\n.system(x)",
            "os.\\\nsystem(x)",
            "os . system (x)",
            "os. \\\n  system\\\n(x)",
            "y = (os # why\n  .system)(x) or os.system(x)",
            "y = (os # why\n  . # (\n  system(x))",
            "y = (os\n  # .a\n  .system (x))",
        ],
    );
    for path in ["a.js", "a.ts", "a.tsx"] {
        all_call(
            path,
            ("", ";\n"),
            "os.system",
            &[
                "os.system(x)",
                "os /* */ .system (x)",
                "os./**/system/**/(x)",
                "os // .a\n  .system(x)",
                "os\n. // b(\nsystem\n(x)",
            ],
        );
        all_call(path, ("", ";\n"), "eval", &["eval/**/(x)", "eval // a\n (x)", "eval\n(x)"]);
        all_call(path, ("", ";\n"), "a?.b", &["a?.b(x)", "a ?. b(x)", "a/**/?./**/b(x)"]);
        all_call(path, ("", ";\n"), "new a.B", &["new a.B(x)", "new a /* b */ . B (x)", "new/**/a.B(x)"]);
    }
    let go = ("package a\nfunc f() {\n\t", "\n}\n");
    all_call(
        "a.go",
        go,
        "os.System",
        &["os.System(x)", "os.\n\tSystem(x)", "os./**/System/**/(x)", "os. // a\n System(x)"],
    );
    let java = ("class A { void f() {\n", ";\n} }\n");
    all_call(
        "A.java",
        java,
        "a.b().c",
        &["a.b().c(x)", "a\n .b()\n .c(x)", "a /* d */ .b( /* e */ ) // f(\n .c(x)", "a . b ( ) . /**/ c (x)"],
    );
    all_call("A.java", java, "new B", &["new B(x)", "new /**/ B /**/ (x)"]);
    let rust = ("fn f() {\n", ";\n}\n");
    all_call("a.rs", rust, "a::b", &["a::b(x)", "a /* c */ ::b(x)", "a:: // c\n b /**/ (x)"]);
    all_call("a.rs", rust, "a.b().c", &["a.b().c(x)", "a\n .b( )\n /* d */ .c(x)"]);
    all_call("a.rs", rust, "println!", &["println!(\"\")", "println /**/ !(\"\")"]);
}

#[test]
fn other_names_stay_apart_and_texts_stay_as_they_are() {
    assert_eq!(callees("a.py", "ossystem(x)\nos.systems(x)\n"), ["ossystem", "os.systems"]);
    assert_eq!(callees("a.js", "os /* .system */ (x);\n// os.system(x)\n"), ["os"]);
    let texts = "f('a . b /* c */', 1) /* d */ .g();\n/a . (b) \\/\\//.h ();\n`x . ${ y } #`.k();\n";
    let found = callees("a.js", texts);
    assert!(found.contains(&"f('a . b /* c */', 1).g".to_owned()), "{found:?}");
    assert!(found.contains(&"/a . (b) \\/\\//.h".to_owned()), "{found:?}");
    assert!(found.contains(&"`x . ${ y } #`.k".to_owned()), "{found:?}");
    assert_eq!(callees("a.js", "(async /* a */ function () {})();\n"), ["(async function() {})"]);
    let chain = format!("a{};\n", ".b(/* c */)".repeat(2_000));
    assert!(callees("a.js", &chain).iter().all(|callee| callee.chars().count() <= 200));
}
