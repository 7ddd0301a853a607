use crate::*;

#[test]
fn trojan_sources_are_found_on_their_line_in_every_language_row_56() {
    // Early return, commenting out, stretched string: the three shapes of the paper, with a comment of the language.
    let shapes = ["x \u{202E}\u{2066}return\u{2069}", "\u{202E} } \u{2066}if (isAdmin)\u{2069} \u{2066}", "a\u{200B}b"];
    for (path, text) in EVERY {
        for shape in shapes {
            let mark = if path.ends_with(".py") { "#" } else { "//" };
            let head = format!("{text}{mark} {shape}\n");
            let facts = change(path, text, &head);
            let line = u32::try_from(text.lines().count() + 1).unwrap();
            let kinds = hidden_kinds(&facts);
            assert!(!kinds.is_empty() && kinds.iter().all(|hit| hit.1 == line && hit.2 == FactChange::Added), "{path}");
            assert_eq!(facts.parsed.status, ParseStatus::Ok, "{path}");
            let untouched = change(path, &head, format!("{head}\n"));
            assert!(untouched.hidden.iter().all(|hit| hit.change == FactChange::Kept));
            assert_eq!(untouched.hidden.len(), facts.hidden.len());
        }
    }
}

#[test]
fn prose_and_configuration_are_looked_at_too() {
    for path in ["README.md", "ci.yml", "notes"] {
        assert_eq!(hidden_kinds(&add(path, "a\nb \u{202E}c\n")), vec![("bidi", 2, FactChange::Added)]);
    }
    assert_eq!(add("README.md", "\u{645}\u{6CC}\u{200C}\u{62E}\u{648} \u{1F468}\u{200D}\u{1F469}\n").hidden, vec![]);
}

#[test]
fn python_encodings_that_make_comments_run_are_found_row_51() {
    for name in ["utf-7", "unicode_escape", "raw_unicode_escape", "rot13"] {
        let facts = add("a.py", format!("#!/usr/bin/python\n# -*- coding: {name} -*-\n# \\u000aimport os\n"));
        assert_eq!(hidden_kinds(&facts), vec![("declared-encoding", 2, FactChange::Added)], "{name}");
        assert_eq!(facts.hidden[0].detail, name);
    }
    for name in ["utf-8", "UTF8", "latin-1", "ascii"] {
        assert_eq!(add("a.py", format!("# coding: {name}\nx = 1\n")).hidden, vec![], "{name}");
    }
}

#[test]
fn a_lone_carriage_return_after_a_comment_is_found_row_52() {
    let facts = add("a.py", "x = 1\n# harmless\rimport os\n");
    assert_eq!(hidden_kinds(&facts), vec![("lone-cr", 2, FactChange::Added)]);
    assert_eq!(facts.hidden[0].column, 11);
    assert_eq!(add("a.py", "x = 1\r\n# harmless\r\nimport os\r\n").hidden, vec![]);
}

#[test]
fn java_escapes_that_end_a_comment_are_found_row_53() {
    let facts = add("A.java", "class A {\n  // \\u000a static { run(); }\n  /* \\u002a\\u002f int x; /* */\n}\n");
    let kinds = hidden_kinds(&facts);
    assert_eq!(
        kinds.iter().map(|hit| (hit.0, hit.1)).collect::<Vec<_>>(),
        vec![("unicode-escape", 2), ("unicode-escape", 3), ("unicode-escape", 3),]
    );
    let quiet = "class A {\n  // caf\\u00e9\n  String a = \"\\u00e9\\\\u000a\"; char c = '\\u00e9';\n}\n";
    assert_eq!(add("A.java", quiet).hidden, vec![]);
}

#[test]
fn every_encoding_is_decoded_or_found_row_55() {
    let text = "def f():\n    eval('x')\n";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for bytes in [&utf16, &big] {
        let facts = add("a.py", bytes);
        assert_eq!(hidden_kinds(&facts), vec![("encoding", 1, FactChange::Added)]);
        assert_eq!((facts.calls[0].callee.as_str(), facts.calls[0].line, facts.added), ("eval", 2, 2));
        assert!(!facts.binary);
    }
    let kept = change("a.py", &utf16, [utf16.clone(), vec![b'\n', 0]].concat());
    assert_eq!(hidden_kinds(&kept), vec![("encoding", 1, FactChange::Kept)]);
    assert_eq!((kept.added, kept.removed), (1, 0));
    let marked = add("a.py", format!("\u{FEFF}{text}"));
    assert_eq!((marked.hidden.len(), marked.parsed.status), (0, ParseStatus::Ok));
    let latin = add("a.py", b"x = 1\nname = 'caf\xE9'\neval(x)\n");
    assert_eq!(hidden_kinds(&latin), vec![("encoding", 2, FactChange::Added)]);
    assert_eq!((latin.hidden[0].column, latin.calls[0].line), (12, 3));
    assert_eq!(add("old.csv", b"caf\xE9;\x80\xAD\n").hidden, vec![], "prose and data may be in an older encoding");
    assert_eq!(hidden_kinds(&add("a.py", "x = 1\ny\u{FEFF} = 2\n")), vec![("bom", 2, FactChange::Added)]);
}

#[test]
fn a_nul_in_a_source_file_is_found_and_the_file_still_read_row_14() {
    let facts = add("a.py", "# \0\neval(x)\n");
    assert_eq!(hidden_kinds(&facts), vec![("nul", 1, FactChange::Added)]);
    assert_eq!((facts.calls[0].callee.as_str(), facts.binary), ("eval", false));
    let facts = add("a.bin", "# \0\u{202E}\n");
    assert!(facts.binary && facts.hidden.is_empty() && facts.hunks.is_empty());
}

#[test]
fn words_of_two_scripts_are_found_and_words_of_one_are_not_row_57() {
    let facts =
        add("a.rs", "fn is_\u{430}dmin() {}\nfn \u{43F}\u{440}\u{438}\u{432}\u{435}\u{442}() {}\n// p\u{430}ypal\n");
    assert_eq!(hidden_kinds(&facts), vec![("mixed-script", 1, FactChange::Added)]);
    assert_eq!((facts.hidden[0].column, facts.hidden[0].detail.as_str()), (4, "is_\\u{430}dmin"));
    let twin = add("a.go", "package a\nfunc pay() {}\nfunc \u{440}\u{430}\u{443}() {}\n");
    assert_eq!(hidden_kinds(&twin), vec![("homoglyph", 3, FactChange::Added)]);
    let quiet = "\u{394}t = 1\n\u{3BB} = 2\n\u{3C1}_max = \u{4F60}\u{597D} = 3\nna\u{EF}ve = '\u{430}b\u{430}'\n";
    assert_eq!(add("a.py", quiet).hidden, vec![]);
    let wide = add("a.py", "\u{FF45}\u{FF56}\u{FF41}\u{FF4C}(x)\n");
    assert_eq!(hidden_kinds(&wide), vec![("homoglyph", 1, FactChange::Added)]);
}

#[test]
fn identifiers_spelled_with_escapes_are_found() {
    let facts = add("a.js", "\\u0065val(x);\nconst text = '\\u0065val';\n");
    assert_eq!(hidden_kinds(&facts), vec![("unicode-escape", 1, FactChange::Added)]);
}

#[test]
fn a_line_separator_ends_a_javascript_comment_and_the_call_behind_it_is_seen() {
    let facts = add("a.js", "// quiet\u{2028}evil()\n");
    assert_eq!(facts.calls[0].callee, "evil");
    assert_eq!(hidden_kinds(&facts), vec![("control", 1, FactChange::Added)]);
}
