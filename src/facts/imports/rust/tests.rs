use super::names;
use crate::facts::ImportForm;

fn read(text: &str) -> Vec<String> {
    let mut imports = names(text);
    imports.sort();
    let written = |import: &crate::facts::ImportLine| {
        let form = match import.form {
            ImportForm::Use => "use ",
            ImportForm::Part => "mod ",
            ImportForm::Package => "crate ",
            ImportForm::Inner => "inner ",
            ImportForm::Macro => "macro ",
            ImportForm::Inline | ImportForm::Computed => "",
        };
        let more = |mark: &str, text: &str| if text.is_empty() { String::new() } else { format!(" {mark} {text}") };
        let (within, at, known) = (more("in", &import.within), more("at", &import.at), more("as", &import.known_as));
        let flags = match (import.loose, import.shares) {
            (false, false) => "",
            (true, false) => " loose",
            (false, true) => " shares",
            (true, true) => " loose shares",
        };
        format!("{} {form}{}{at}{known}{within}{flags}", import.line, import.raw)
    };
    imports.iter().map(written).collect()
}

#[test]
fn paths_are_read_wherever_they_stand() {
    for text in [
        "fn f() { crate::a::b(); }",
        "fn f() -> crate::a::b { }",
        "fn f() { vec![crate::a::b()]; }",
        "fn f() { println!(\"{}\", crate::a::b()); }",
        "macro_rules! m { ($x:expr) => { crate::a::b($x) }; }",
        "fn f() { <crate::a::b as T>::g(); }",
        "fn f() { crate :: /* x */ a // y\n:: b::<u8>(); }",
        "fn f() { r#crate::a; crate::r#a::b; }",
        "fn f() { ('\"', b'\\'', '\\u{27}', 'a', crate::a::b) }",
        "fn f<'a>(x: &'a str) { \"\\\"\"; r#\"\" crate::x::y\"#; crate::a::b }",
        "#[crate::a::b] fn f() {}",
        "struct S(pub crate::a::b);",
        "struct S(pub (crate::a::b, u8));",
    ] {
        assert!(read(text).iter().any(|path| path.ends_with(" crate::a::b")), "{text}: {:?}", read(text));
    }
    assert_eq!(read("macro_rules! m { () => { $crate::a::b() }; }"), ["1 $crate::a::b", "1 macro m"]);
    assert_eq!(read("fn f() { ::a::b(); x = ::c::d; }"), ["1 ::a::b", "1 ::c::d"]);
    assert_eq!(read("fn f() { self::a::b(); self::g(); }"), ["1 self::a::b"]);
}

#[test]
fn what_looks_like_a_path_and_is_none_is_left_out() {
    for text in [
        "// crate::a::b",
        "/* /* */ crate::a::b */",
        "fn f() { \"crate::a::b\"; r\"crate::a::b\"; br##\"\"# crate::a::b\"##; }",
        "fn f() { Vec::new(); Self::A::b(); <T as U>::V; x.collect::<Vec<u8>>(); }",
        "pub(in crate::a::b) fn f() {} pub(crate) struct S;",
        "fn f() -> impl T + use<'a> { $x::y::z }",
        "fn f() { a::<u8>::b(); 1..2; 'x: loop {} }",
    ] {
        assert_eq!(read(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn statements_give_one_path_a_name() {
    assert_eq!(
        read("use a::{self, b::{c as d, *}, e};\npub(crate) use ::f;\nuse crate::{self as me};\nuse g /* x */ :: h;"),
        [
            "1 use a",
            "1 use a::b::*",
            "1 use a::b::c as d",
            "1 use a::e",
            "2 use ::f",
            "3 use crate as me",
            "4 use g::h"
        ]
    );
    assert_eq!(read("m! { use a::{b,\n c}; }"), ["1 use a::b loose", "1 m!", "2 use a::c loose"]);
    assert_eq!(
        read("macro_rules! m { ($x:ident) => { use $crate::a::b; use c::$x::d; } }"),
        ["1 use $crate::a::b loose", "1 use c loose", "1 macro m"]
    );
    assert_eq!(read("extern crate self as me; extern crate a;"), ["1 crate a", "1 crate self as me"]);
    assert_eq!(
        read("mod t { use a::b; mod u { c::d(); } } use e::f;"),
        ["1 use a::b in t", "1 c::d in t::u", "1 use e::f", "1 inner self::t", "1 inner self::u in t"]
    );
}

#[test]
fn parts_lie_where_attributes_place_them() {
    assert_eq!(read("mod a; pub(crate) mod b;"), ["1 mod self::a", "1 mod self::b"]);
    assert_eq!(
        read("#[path = \"x.rs\"] #[cfg(u)] pub mod a; mod b;"),
        ["1 mod self::a at x.rs loose", "1 mod self::b"]
    );
    assert_eq!(
        read("#[cfg_attr(all(), path = \"../\\u{78}.rs\")] mod a;"),
        ["1 mod self::a loose", "1 mod self::a at ../x.rs loose"]
    );
    assert_eq!(
        read("#[cfg_attr(u, path = r\"x.rs\")]\n#[cfg_attr(w, path = \"y.rs\")]\nmod a;"),
        ["3 mod self::a loose", "3 mod self::a at x.rs loose", "3 mod self::a at y.rs loose"]
    );
    assert_eq!(
        read("#[path = \"x\"] mod t { mod a; } mod b;"),
        [
            "1 mod self::a in t",
            "1 mod self::a at x/a.rs in t",
            "1 mod self::a at x/a/mod.rs in t",
            "1 mod self::b",
            "1 inner self::t"
        ]
    );
    assert_eq!(read("#[doc(path = \"x.rs\")] fn f() {} mod a;"), ["1 mod self::a"]);
}

#[test]
fn files_that_are_included_are_named() {
    assert_eq!(read("include!(\"../a.rs\");"), ["1 include!(../a.rs) at ../a.rs"]);
    assert_eq!(
        read("x!(std::include![concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/../a.rs\")]);"),
        ["1 concat!", "1 env!", "1 include!(/../a.rs) at /../a.rs", "1 std::include", "1 x!"]
    );
    assert_eq!(
        read("include!(concat!(env!(\"OUT_DIR\"), \"/a.rs\")); include_str!(\"a\");"),
        ["1 concat!", "1 env!", "1 include_str!"]
    );
}

#[test]
fn what_may_not_hold_for_all_of_its_module_is_loose() {
    for text in [
        "fn f() { use a::b; }",
        "m!(use a::b;);",
        "m! { use a::b; }",
        "m!(struct S(pub (crate::x, u8)); use a::b;);",
        "#[cfg(any())] use a::b;",
        "#[cfg_attr(x, y)]\n/// why\n#[allow(unused)] pub(crate) use a::b;",
        "#[mine::gone] use a::b;",
        "macro_rules! m { () => { use a::b; } }",
    ] {
        assert!(
            read(text).contains(&"1 use a::b loose".to_owned()) || text.contains("why"),
            "{text}: {:?}",
            read(text)
        );
        assert!(read(text).iter().any(|path| path.ends_with(" use a::b loose")), "{text}: {:?}", read(text));
    }
    for text in [
        "use a::b;",
        "fn f() { x[0](1) } use a::b;",
        "#![cfg(x)] use a::b;",
        "#[cfg(x)] fn f() {} #[allow(unused)] use a::b;",
        "struct S(pub (crate::x, u8), pub(crate) u8); use a::b;",
        "#[doc(hidden)] pub use a::b;",
    ] {
        assert!(read(text).contains(&"1 use a::b".to_owned()), "{text}: {:?}", read(text));
    }
    assert_eq!(
        read("mod t { fn f() { mod u { use a::b; } } }"),
        ["1 use a::b in t::u loose", "1 inner self::t", "1 inner self::u in t loose"]
    );
}

#[test]
fn macros_are_told_where_they_are_defined_and_used() {
    assert_eq!(
        read(
            "#[macro_export] macro_rules! go { () => {} } #[macro_use] mod a; #[macro_use] extern crate b; fn f() { go!() }"
        ),
        ["1 crate b shares", "1 macro go shares", "1 go!", "1 mod self::a shares"]
    );
    assert_eq!(read("#![macro_use]\nmod a;"), ["1 inner self shares", "2 mod self::a"]);
    assert_eq!(read("fn f() { if !(a) {} a != (b); return !(c); x.y!(); a ! {} T![;] }"), ["1 T!", "1 a!"]);
}

#[test]
fn hostile_text_ends() {
    for text in [
        "\"",
        "'",
        "'\\",
        "r#",
        "r#\"",
        "b'",
        "/*",
        "/*/",
        "//",
        "#![path",
        "#[path=",
        "use",
        "use {",
        "use }",
        "use a as",
        "mod",
        "mod x",
        "extern",
        "extern crate",
        "pub(",
        "pub(in",
        "::",
        "a::",
        "$",
        "include!",
        "include!(",
        "}}",
        "\"\\",
        "#!",
        "é'é",
    ] {
        assert!(names(text).len() < 2, "{text}");
    }
    let deep = "mod a { use {b::{".repeat(20_000) + &"(pub(in ".repeat(20_000);
    assert!(names(&deep).len() < 10);
}
