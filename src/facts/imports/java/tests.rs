use super::names;
use crate::facts::ImportForm;

fn read(text: &str) -> Vec<String> {
    let found = names(text);
    let written = |import: &crate::facts::ImportLine| match import.form {
        ImportForm::Use => format!("{} import {}", import.line, import.raw),
        ImportForm::Part => format!("holds {}", import.raw),
        _ => format!("{} {}", import.line, import.raw),
    };
    found.imports.iter().map(written).filter(|text| text != "holds X").collect()
}

fn inside(body: &str) -> Vec<String> {
    read(&format!("class X {{ {body} }}"))
}

#[test]
fn imports_are_read_through_blanks_comments_and_escapes() {
    for text in [
        "import com.shop.Y;",
        "import com./*x*/shop.Y;",
        "import com . shop // why\n . Y;",
        "import com.sho\\u0070.Y;",
        "\\u0069mport com.shop\\uu002eY;",
        "import com.s\u{AD}hop.Y;",
    ] {
        assert_eq!(read(text), ["1 import com.shop.Y"], "{text}");
    }
    assert_eq!(read("import static a.B.c;\nimport a.b.*;"), ["1 import a.B.c", "2 import a.b.*"]);
    assert_eq!(names("@A({1}) package /**/ com . shop ;").package, "com.shop");
}

#[test]
fn an_escape_and_a_lone_return_end_a_line_comment_and_no_line_of_the_file() {
    assert_eq!(read("// \\u000a import a.B;\nimport c.D;"), ["1 import a.B", "2 import c.D"]);
    assert_eq!(read("// \r import a.B;\r\nimport c.D;\r\n"), ["1 import a.B", "2 import c.D"]);
    assert_eq!(read("/* \\u002a\\u002f import a.B; /* */"), ["1 import a.B"]);
    assert_eq!(read("// \\\\u000a import a.B;"), Vec::<String>::new());
}

#[test]
fn names_in_full_are_read_wherever_a_type_may_stand() {
    for body in [
        "shop.store.Store s;",
        "Object o = new shop.store.Store();",
        "@shop.store.Store int a;",
        "int a = shop.store.Store.open();",
        "f(shop.store.Store::open);",
        "java.util.List<shop.store.Store> s;",
        "shop. /* x */ store\n.Store s;",
        "shop.store.@shop.store.Store(1) Store s;",
        "sh\\u006fp.store.Store s;",
        "void f() throws shop.store.Store {}",
        "shop.store.Store.Inner[] s;",
    ] {
        assert!(inside(body).iter().any(|name| name.ends_with(" shop.store.Store")), "{body}: {:?}", inside(body));
    }
    assert_eq!(inside("shop.store.helper.open();"), ["1 shop.store.helper.open"]);
    assert_eq!(
        inside("new shop.helper(); shop.other x; f(List<shop.third> y);")[..3],
        ["1 shop.helper", "1 shop.other", "1 shop.third"]
    );
}

#[test]
fn what_looks_like_a_name_and_is_none_is_left_out() {
    for body in [
        "String s = \"shop.store.Store\";",
        "// shop.store.Store",
        "/* shop.store.Store */",
        "String s = \"\"\"\n \" shop.store.Store \\\"\"\" \"\"\";",
        "char c = '\"'; int d = '\\'';",
        "a.b(); this.c.d.e(); f().g.H(); x -> x.y; 1.0.f; super.a.b.c();",
        "if (a.b < c.d && e.f > 1) { g = h ? i.j : k.l; }",
    ] {
        assert_eq!(inside(body), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn plain_names_are_kept_unless_the_file_knows_them() {
    assert_eq!(inside("Store a; Store b; String c; X d;"), ["1 Store"]);
    assert_eq!(read("import a.Store; class X { Store a; }"), ["1 import a.Store"]);
    assert_eq!(read("class X { Row a; class Row {} }"), Vec::<String>::new());
    // A type hides its name only within the braces around it.
    assert_eq!(read("class X { class Y { class Row {} }\n Row a; }"), ["2 Row"]);
}

#[test]
fn types_that_the_file_holds_are_told() {
    let found = names("class X {} class Extra { class Inner {} } @interface Mark {}").imports;
    assert!(found.iter().all(|import| import.form == ImportForm::Part));
    assert_eq!(found.iter().map(|import| import.raw.as_str()).collect::<Vec<_>>(), ["X", "Extra", "Mark"]);
    assert_eq!(names("// class X {}\nclass Y { String s = \"class Z\"; }").imports.len(), 1);
}

#[test]
fn a_static_member_hides_no_class_of_the_package() {
    assert_eq!(read("import static a.B.Store; class X { Store a; }"), ["1 import a.B.Store", "1 Store"]);
    assert_eq!(read("import a.b.Store; class X { Store a; }"), ["1 import a.b.Store"]);
}

#[test]
fn hostile_text_ends() {
    for text in [
        "\"", "'\\", "/*", "//", "\"\"\"", "/", "\"\"\"\\", "{", "}}", "a.", "a.@", "a.@b(", "import", "\\u", "\\u00",
        "class", "package", "1.", "\\", "@",
    ] {
        assert!(names(text).imports.len() < 2, "{text}");
    }
    let deep = "class A { A a; ".repeat(20_000) + &"a.@b.c(".repeat(20_000);
    assert!(names(&deep).imports.len() < 10);
}
