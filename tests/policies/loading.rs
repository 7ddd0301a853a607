//! METADATA, data files, overrides, scopes, names, and what one faulty file does to others.

use portcullis::finding::{RuleId, Status};

use super::*;

#[test]
fn packages_of_both_scopes_are_evaluated() {
    case("scopes");
}

#[test]
fn metadata_is_read_and_inherited_and_its_faults_have_places() {
    case("metadata");
}

#[test]
fn a_mistake_about_the_scope_has_one_fault_at_its_cause() {
    case("scope-mistakes");
}

#[test]
fn a_comparison_with_a_word_that_the_document_cannot_have_is_refused() {
    case("unknown-words");
}

#[test]
fn data_files_are_strict_and_never_win_over_a_rule() {
    case("data");
}

#[test]
fn overrides_apply_and_unknown_rules_are_refused() {
    case("overrides");
}

#[test]
fn packages_have_the_scope_that_their_name_or_metadata_says() {
    case("usual-scopes");
}

#[test]
fn forge_facts_are_found_through_helpers_and_locals() {
    case("forge");
}

#[test]
fn a_file_over_the_size_limit_is_not_read() {
    let text = format!("package p\n\n# {}\ndeny contains \"x\" if input.change.draft\n", "x".repeat(900));
    let (loaded, _) = load_limited(&[("p/p.rego", &text)], |limits| limits.configuration_bytes = 900);
    assert_eq!(codes(&loaded), ["too-large"]);
    let (loaded, _) = load_limited(&[("p/p.rego", &text)], |limits| limits.configuration_bytes = text.len() as u64);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
}

#[test]
fn a_package_in_two_packs_is_two_packages() {
    let (loaded, engines) = load(&[
        ("a/x.rego", "package lib\n\ndeny contains msg\n\nmsg := \"from a\"\n"),
        ("b/x.rego", "# METADATA\n# custom:\n#   id: b/lib\npackage lib\n\ndeny contains msg\n\nmsg := \"from b\"\n"),
    ]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let said = |package| evaluate(&engines, package, Target::Change, &document(&json!({}))).results[0].message.clone();
    assert_eq!((said(0), said(1)), ("from a".to_owned(), "from b".to_owned()));
}

#[test]
fn a_library_is_taken_from_the_own_pack_before_another() {
    let user = |pack: &str| format!("package user_{pack}\n\ndeny contains data.lib.name\n");
    let (loaded, engines) = load(&[
        ("a/user.rego", &user("a")),
        ("a/lib.rego", "package lib\n\nname := \"from a\"\n"),
        ("b/user.rego", &user("b")),
        ("b/lib.rego", "package lib\n\nname := \"from b\"\n"),
        ("c/user.rego", "package user_c\n\ndeny contains data.other.name\n"),
        ("d/user.rego", "package user_d\n\ndeny contains \"d\"\n"),
        ("d/other.rego", "package other\n\nname := \"from d\"\n"),
    ]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let said = |package| evaluate(&engines, package, Target::Change, &document(&json!({}))).results[0].message.clone();
    assert_eq!([said(0), said(1), said(2)], ["from a", "from b", "from d"]);
}

#[test]
fn rules_of_the_specification_and_reserved_names_are_kept() {
    let mut set = set(&[("s/s.rego", "package s\n\ndeny contains \"x\" if input.change.draft\n")]);
    set.policies[0].kind = SourceKind::Specification;
    let off = RuleOverride { severity: None, status: Some(Status::Advisory) };
    let (loaded, _) = loader::load(&set, &BTreeMap::from([("s/deny".to_owned(), off)]), &Limits::default());
    assert_eq!(codes(&loaded), ["fixed-rule"]);
    assert_eq!(loaded.packages[0].rules[0].status, Status::Enforced);

    let text = "package portcullis.x\n\ndeny contains \"x\" if input.change.draft\n";
    assert_eq!(codes(&load(&[("p/p.rego", text)]).0), ["reserved-package"]);
    set.policies[0] = PolicySource { kind: SourceKind::Builtin, ..source("p/p.rego", text) };
    assert_eq!(codes(&loader::load(&set, &BTreeMap::new(), &Limits::default()).0), Vec::<&str>::new());
}

/// Every prefix and many one-byte changes of every case's policies: whatever comes out, loading comes back.
#[test]
fn no_text_stops_the_loader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/policies");
    let texts: Vec<String> = files_below(&folder)
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rego"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut seed = 7_usize;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for text in &texts {
        for _ in 0..6 {
            let mut bytes: Vec<char> = text.chars().collect();
            let at = next(bytes.len());
            match next(4) {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => bytes[at] = ['{', '"', '`', '#', '\n', '[', '(', '.'][next(8)],
                _ => bytes.insert(at, ['}', '"', '`', ':', '=', ']', ')', '\u{e9}'][next(8)]),
            }
            let hostile: String = bytes.into_iter().collect();
            let (_, engines) = load(&[("p/p.rego", &hostile)]);
            drop(engines.self_check());
        }
    }
}

#[test]
fn a_faulty_package_does_not_stop_the_others() {
    let (loaded, engines) = load(&[
        ("p/a.rego", "package a\n\nimport data.lib\n\ndeny contains \"a\" if lib.f(1)\n"),
        ("p/b.rego", "package b\n\ndeny contains \"b\" if true\n"),
        ("p/lib.rego", "package lib\n\nf(x) := f(x)\n"),
    ]);
    assert_eq!(codes(&loaded), ["recursion"]);
    assert_eq!(loaded.packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(evaluate(&engines, 0, Target::Change, &document(&json!({}))).results.len(), 1);
}

#[test]
fn skipped_rules_and_rules_that_do_not_run_give_nothing() {
    let text = "package p\n\ndeny contains \"d\"\n\n# METADATA\n# custom: {status: draft}\nwarn contains \"w\"\n\nreview contains {\"msg\": \"r\", \"layer\": 3}\n";
    let (loaded, engines) = load(&[("p/p.rego", text)]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let input = document(&json!({}));
    let skip = BTreeSet::from([RuleId::new("p/deny").unwrap()]);
    let messages: Vec<String> =
        engines.evaluate(0, &input, Target::Change, &skip).results.into_iter().map(|result| result.message).collect();
    assert_eq!(messages, ["r"]);
    assert_eq!(evaluate(&engines, 0, Target::Change, &input).results.len(), 2);
}

#[test]
fn a_target_of_another_scope_is_a_fault() {
    let (_, engines) = load(&[("p/p.rego", "package p\n\ndeny contains \"x\" if input.change.draft\n")]);
    let input = document(&json!({"files": [{"path": "a"}]}));
    assert_eq!(evaluate(&engines, 0, Target::File(0), &input).faults[0].code, "unknown-target");
    assert_eq!(evaluate(&engines, 7, Target::Change, &input).faults[0].code, "unknown-package");
}

#[test]
fn a_name_that_nothing_binds_is_refused() {
    assert_fault("deny contains mssg if {\n\tmsg := \"x\"\n}", "unbound-variable", 3);
    assert_fault("deny contains {\"msg\": m.text} if {\n\tmsg := \"x\"\n\tmsg != \"\"\n}", "unbound-variable", 3);
    assert_fault("deny contains \"x\" if {\n\t1 == 2\n\thelpr == 3\n}", "static-error", 5);
    assert_clean("deny contains msg if msg := \"x\"");
    assert_clean("deny contains input.files[i].path if input.files[i].binary");
    assert_clean(
        "deny contains {\"msg\": \"x\", \"fix\": own} if count([y | y = input.files[_].path]) > 3\n\nown := \"y\"",
    );
    assert_clean("deny contains concat(\"\", [p | p := input.files[i].path; i > 1]) if f(2)\n\nf(x) := x");
}

#[test]
fn a_data_path_that_nothing_defines_is_refused() {
    assert_fault("deny contains \"x\" if data.nowhere.foo == 3", "unknown-data", 3);
    assert_fault("deny contains \"x\" if data.p.helpr == 3\n\nhelper := 3", "unknown-data", 3);
    assert_fault("import data.lib.one\n\ndeny contains \"x\" if one == 3", "unknown-data", 5);
    assert_fault("deny contains \"x\" if limits.lwo == 3\n\nlimits.low := 3", "unknown-data", 3);
    assert_clean("deny contains \"x\" if data.p.helper == 3\n\nhelper := 3");
    assert_clean("deny contains \"x\" if limits.low == 3\n\nlimits.low := 3");
    assert_clean("deny contains \"x\" if data.spec.teams[_].id == \"x\"");
}

/// Names that a body inside declares again are told apart in policies for Conftest, before the engine mistakes them.
#[test]
fn policies_for_conftest_may_declare_a_name_again() {
    let text = "package main\n\nimport rego.v1\n\ndeny_a contains msg if {\n\tname := input.names[_]\n\t\
                twice := [name | some i; input.names[i] == name; name := i]\n\tcount(twice) > 1\n\t\
                msg := sprintf(\"%s %v\", [name, twice])\n}\n\n\
                deny_b contains msg if {\n\tX := [X | some X in input.names]\n\tcount(X) == 3\n\tmsg := concat(\",\", X)\n}\n\n\
                deny_c contains msg if {\n\tx := {\"x\": {x: y | some x, y in {\"k\": 1}}}\n\tevery i, x in [1] { x == 1; i == 0 }\n\t\
                msg := json.marshal(x)\n}\n\ndeny_e contains msg if {\n\tsome i\n\ta := [n | n := input.names[i]]\n\tb := {i | input.names[i] == \"a\"}\n\tmsg := sprintf(\"%d %v\", [count(a), b])\n}\n\ndeny_f contains msg if {\n\tname := input.names[_]\n\tsome i,\n\t\tj\n\tinput.names[i] == name\n\tinput.names[j] == \"b\"\n\ti < j\n\tmsg := sprintf(\"%s %d %d\", [name, i, j])\n}\n\ndeny_g contains \"g\" if re_match(\"^a\", input.names[0])\n\nf(x) := [x | x := x + 1]\n\ndeny_d contains \"d\" if f(1) == [2]\n";
    let file = json!({
        "path": "a.json", "old_path": "a.json", "document": {"names": ["a", "b", "a"]}, "old_document": {},
        "document_reading": {"head": "ok", "base": "none"},
    });
    let (loaded, engines) = loader::load(&set(&[("p/p.rego", text)]), &BTreeMap::new(), &Limits::default());
    assert_eq!(codes(&loaded), Vec::<&str>::new(), "{:?}", loaded.faults);
    let input = Document::from_json(json!({"change": {}, "files": [file]}).to_string().as_bytes()).unwrap();
    let said = evaluate(&engines, 0, Target::Document(0), &input);
    assert_eq!(said.faults, Vec::new());
    let said: Vec<&str> = said.results.iter().map(|result| result.message.as_str()).collect();
    assert_eq!(said, ["a [0, 2]", "a,b,a", "{\"x\":{\"k\":1}}", "d", "3 {0, 2}", "a 0 1", "g"]);
}
