use crate::*;

fn nested(path: &str, open: &str, close: &str, count: usize) -> String {
    let body = format!("{}1{}", open.repeat(count), close.repeat(count));
    match path {
        "a.go" => format!("package a\nvar x = {body}\n"),
        "a.java" => format!("class A {{ int x = {body}; }}\n"),
        "a.py" => format!("x = {body}\n"),
        "a.rs" => format!("const X: u8 = {body};\n"),
        _ => format!("let x = {body};\n"),
    }
}

#[test]
fn fifty_thousand_parentheses_are_over_the_depth_limit_and_do_not_crash_row_42() {
    for (path, _) in EVERY {
        let facts = read_with(&patient(), "", &task(path, None, Some(nested(path, "(", ")", 50_000).as_bytes())));
        assert_unread(&facts, ParseStatus::TooLarge);
        assert!(facts.faults[0].1.contains("tree-depth"), "{path}");
        let shallow = read_with(&patient(), "", &task(path, None, Some(nested(path, "(", ")", 1_000).as_bytes())));
        assert_eq!((shallow.parsed.status, shallow.faults.len()), (ParseStatus::Ok, 0), "{path}");
    }
}

#[test]
fn a_sum_of_a_megabyte_is_bounded_row_43() {
    for (path, _) in EVERY {
        let text = nested(path, "1+", "", 500_000);
        assert_unread(&read_with(&patient(), "", &task(path, None, Some(text.as_bytes()))), ParseStatus::TooLarge);
    }
}

#[test]
fn a_file_over_the_size_limit_is_not_read_and_its_preflight_is_row_44() {
    let limits = Limits { file_bytes: 1_000, ..patient() };
    let text = format!("# \u{202E}\n{}", "eval(x)\n".repeat(200));
    let facts = read_with(&limits, "", &task("a.py", None, Some(text.as_bytes())));
    assert_unread(&facts, ParseStatus::TooLarge);
    assert_eq!((facts.hidden.len(), facts.added, facts.hunks.len()), (1, 201, 1));
    let mut declared = task("a.py", None, Some(text.as_bytes()));
    for class in [FileClass::Generated, FileClass::Vendored] {
        declared.class = class;
        let facts = read_with(&limits, "", &declared);
        assert_eq!((facts.parsed.status, facts.faults.len()), (ParseStatus::Unsupported, 0));
        assert_eq!((facts.hidden.len(), facts.added), (1, 201));
    }
    let small = read_with(&limits, "", &task("a.py", Some(text.as_bytes()), Some(b"x = 1\n")));
    assert_unread(&small, ParseStatus::TooLarge);
}

#[test]
fn one_token_of_nearly_five_megabytes_finishes_row_45() {
    let text = format!("x = '{}'\neval(x)\n", "a".repeat(4_900_000));
    let facts = read_with(&patient(), "", &task("a.py", None, Some(text.as_bytes())));
    assert_eq!((facts.parsed.status, facts.calls[0].line), (ParseStatus::Ok, 2));
}

/// A small generator: the same bytes on every machine.
fn noise(length: usize, alphabet: &[u8]) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let next = |state: &mut u64| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        (*state >> 32) as usize
    };
    (0..length).map(|_| alphabet[next(&mut state) % alphabet.len()]).collect()
}

#[test]
fn random_bytes_stop_at_the_time_limit_row_46() {
    let bytes: Vec<u8> = (0..=255).collect();
    for alphabet in [bytes.as_slice(), b"(){}[]<>\"'`/*#=+-.,:;!?|&\\ \n"] {
        for (path, _) in EVERY {
            let text = noise(1_000_000, alphabet);
            let limits = Limits { file_ms: 150, ..Limits::default() };
            let watch = portcullis::clock::Stopwatch::start();
            let facts = read_with(&limits, "", &task(path, None, Some(&text)));
            assert!(watch.elapsed().as_secs() < 20, "{path}");
            if facts.parsed.status == ParseStatus::Timeout {
                assert_unread(&facts, ParseStatus::Timeout);
            } else {
                assert_ne!(facts.parsed.status, ParseStatus::Ok, "{path}");
            }
        }
    }
}

#[test]
fn every_prefix_and_every_broken_byte_of_a_file_is_read_without_a_panic() {
    for (path, text) in EVERY {
        for cut in 0..text.len() {
            let _ = change(path, text, &text.as_bytes()[..cut]);
            let mut broken = text.as_bytes().to_vec();
            broken[cut] = 0xF0;
            let _ = change(path, &broken, text);
            broken[cut] = 0;
            let _ = change(path, text, &broken);
        }
    }
    for n in 0..60 {
        let text = noise(300 + n, b"(){}[]\"'`/*#=+.,:;\\ \nabcdefu\xE2\x80\xAE\xF0\x9F");
        for (path, whole) in EVERY {
            let _ = change(path, whole, &text);
            let _ = change(path, &text, whole);
        }
    }
}

#[test]
fn more_nodes_or_facts_than_allowed_leave_no_facts() {
    let text = "f(a, b)\n".repeat(2_000);
    for limits in [Limits { nodes_per_file: 5_000, ..patient() }, Limits { facts_per_file: 1_000, ..patient() }] {
        assert_unread(&read_with(&limits, "", &task("a.py", None, Some(text.as_bytes()))), ParseStatus::TooLarge);
        assert_unread(&read_with(&limits, "", &task("a.py", Some(text.as_bytes()), None)), ParseStatus::TooLarge);
    }
}

#[test]
fn a_syntax_error_on_changed_lines_is_part_of_the_change_row_49() {
    for (path, text) in EVERY {
        let facts = change(path, text, format!("{text}((\n"));
        assert!(facts.parsed.errors_in_change, "{path}");
        assert_eq!(facts.parsed.status, ParseStatus::Errors, "{path}");
        assert!(!facts.error_lines.is_empty() && facts.error_lines.len() <= 20);
    }
    let lost = change("a.rs", "fn f() {\n    g();\n}\nfn h() {}\n", "fn f() {\n    g();\nfn h() {}\n");
    assert!(lost.parsed.errors_in_change, "a brace that went away");
}

#[test]
fn a_syntax_error_elsewhere_is_not_part_of_the_change_row_50() {
    let base = "fn f() { = ; }\n\n\n\nfn g() {}\n";
    let facts = change("a.rs", base, format!("{base}fn h() {{}}\n"));
    assert_eq!((facts.parsed.status, facts.parsed.errors_in_change), (ParseStatus::Errors, false));
    assert_eq!(facts.error_lines, vec![1]);
    let mended = change("a.rs", base, "fn f() {}\n\n\n\nfn g() {}\n");
    assert_eq!((mended.parsed.status, mended.parsed.errors_in_change), (ParseStatus::Ok, false));
}

#[test]
fn code_moved_into_strings_and_macros_is_still_a_call_row_61() {
    let callees =
        |path: &str, text: &str| add(path, text).calls.into_iter().map(|call| call.callee).collect::<Vec<_>>();
    assert_eq!(callees("a.py", "eval('os.system(1)')\nexec(compile('x', '', 'exec'))\n"), ["eval", "compile", "exec"]);
    assert_eq!(
        callees("a.js", "new Function('go()')();\nsetTimeout('go()', 1);\n"),
        ["new Function", "new Function('go()')", "setTimeout"]
    );
    assert_eq!(callees("a.rs", "fn f() { run!(\"x\"); a::b! { c } }\n"), ["a::b!", "run!"]);
}

#[test]
fn a_header_that_says_generated_gives_no_exemption_row_62() {
    let facts = add("a.py", "# Code generated by tool. DO NOT EDIT. @generated\neval(x)\n");
    assert_eq!((facts.parsed.status, facts.calls.len()), (ParseStatus::Ok, 1));
}

#[test]
fn names_do_not_multiply_with_nesting_or_in_lists() {
    let long = "n".repeat(1_000);
    let nested = format!("{}{}", format!("mod {long} {{ ").repeat(2_000), "}".repeat(2_000));
    let facts = read_with(&patient(), "", &task("a.rs", None, Some(nested.as_bytes())));
    assert_eq!((facts.parsed.status, facts.symbols.len()), (ParseStatus::Ok, 2_000));
    assert!(facts.symbols.iter().all(|symbol| symbol.qualified.len() < 600 && symbol.name.len() < 600));
    let list = format!("use {long}::{long}::{{{}}};\n", "a,".repeat(20_000));
    let facts = read_with(&patient(), "", &task("a.rs", None, Some(list.as_bytes())));
    assert_eq!(facts.imports.len(), 20_000);
    assert!(facts.imports.iter().all(|import| import.raw.len() < 400));
    let limits = Limits { facts_per_file: 100, ..patient() };
    let bound = format!("const [{}] = x;\n", "a,".repeat(1_000));
    assert_unread(&read_with(&limits, "", &task("a.js", None, Some(bound.as_bytes()))), ParseStatus::TooLarge);
}

#[test]
fn a_flood_of_hidden_characters_is_bounded_and_said() {
    let limits = Limits { facts_per_file: 100, ..patient() };
    for text in ["\u{200B}".repeat(1_000), "\u{202E}\n".repeat(1_000)] {
        let facts = read_with(&limits, "", &task("a.txt", None, Some(text.as_bytes())));
        assert_eq!((facts.hidden.len(), fault_codes(&facts)), (100, vec!["hidden-too-many"]));
    }
}

#[test]
fn an_error_far_from_the_lines_that_cause_it_is_part_of_the_change() {
    let facts = change("a.js", "x();\n\n\n\ny();\n", "{ x();\n\n\n\ny();\n");
    assert_eq!((facts.error_lines, facts.parsed.errors_in_change), (vec![5], true));
}
