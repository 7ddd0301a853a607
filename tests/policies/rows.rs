//! The bad inputs 91 to 111, each by its number.

use portcullis::finding::Status;

use super::*;

#[test]
fn a_syntax_error_names_its_line_and_other_files_are_still_read_row_91() {
    let (loaded, _) = load(&[
        ("p/a.rego", "package a\n\ndeny contains msg if {\n\tmsg := [1, }\n"),
        ("p/b.rego", "package b\n\ndeny contains msg if {\n\tmsg ==\n}\n"),
        ("p/c.rego", "package c\n\ndeny contains \"c\" if input.change.draft\n"),
    ]);
    let places: Vec<_> =
        loaded.faults.iter().map(|fault| (fault.path.as_str(), fault.line, fault.code.as_str())).collect();
    assert_eq!(places, [("p/a.rego", 4, "syntax"), ("p/b.rego", 5, "syntax")]);
    assert_eq!(loaded.packages.len(), 1);
}

#[test]
fn deeply_nested_literals_are_refused_before_parsing_row_92() {
    let nested = |depth: usize| {
        format!("package p\n\ndeny contains \"x\" if x\n\nx := {}1{}\n", "[".repeat(depth), "]".repeat(depth))
    };
    let (loaded, _) = load(&[("p/p.rego", &nested(400))]);
    assert_eq!((codes(&loaded), loaded.faults[0].line, loaded.faults[0].column), (vec!["too-deep"], 5, 22));
    let strings = format!("package p\n\n# {0}\ndeny contains \"{0}\" if `{0}` != \"\"\n", "[".repeat(100));
    assert_eq!(codes(&load(&[("p/p.rego", &strings)]).0), Vec::<&str>::new());
    let (loaded, _) = load_limited(&[("p/p.rego", &nested(7))], |limits| limits.literal_depth = 6);
    assert_eq!(codes(&loaded), ["too-deep"]);
    assert_eq!(codes(&load(&[("p/p.rego", &nested(7))]).0), Vec::<&str>::new());
    let many = |count: usize| {
        let rows: String = (0..count).map(|n| format!("x{n} := {}1{}\n", "[".repeat(16), "]".repeat(16))).collect();
        format!("package p\n\ndeny contains \"x\" if x0\n\n{rows}")
    };
    assert_eq!(codes(&load(&[("p/p.rego", &many(17))]).0), ["too-deep"], "each is allowed, all of them are not");
    assert_eq!(codes(&load(&[("p/p.rego", &many(1))]).0), Vec::<&str>::new());
}

#[test]
fn recursion_is_found_before_it_can_run_row_93() {
    case("recursion");
}

#[test]
fn loops_and_large_results_stop_at_their_limits_row_94() {
    let text = "package p\n\ndeny contains \"x\" if count([1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); a == b + 5000]) > 0\n\nwarn contains \"y\"\n";
    let (loaded, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.evaluation_ms = 200);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!(evaluation.faults[0].code, "evaluation-timeout");
    assert_eq!(evaluation.faults[0].message, "rule `p/deny`: its package ran longer than 200 ms");
    assert_eq!(evaluation.faults[1].message, "rule `p/warn`: it was not run: its package had used up its 200 ms");

    let text = "package p\n\ndeny contains msg if {\n\tsome n in numbers.range(1, 50)\n\tmsg := sprintf(\"%d %s\", [n, concat(\"\", [\"x\" | some _ in numbers.range(1, 1000)])])\n}\n";
    let (_, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.evaluation_bytes = 20_000);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.faults[0].code.as_str(), evaluation.results.len()), ("too-many-bytes", 0));
}

#[test]
fn a_walk_over_a_big_input_stops_at_its_limit_row_95() {
    let text = "package p\n\ndeny contains \"x\" if {\n\twalk(input, [_, a])\n\twalk(input, [_, b])\n\t[a, b] == [\"never\", \"ever\"]\n}\n";
    let (loaded, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.evaluation_ms = 200);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let files: Vec<Value> = (0..300).map(|n| json!({"path": format!("{n}.rs")})).collect();
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({ "files": files })));
    assert_eq!(evaluation.faults[0].code, "evaluation-timeout");
}

#[test]
fn oversized_patterns_are_refused_and_pathological_ones_are_linear_row_96() {
    assert_fault(r#"deny contains "x" if regex.match(`\w{1,50}\w{1,50}`, input.change.base)"#, "regex-size", 3);
    assert_fault(r#"deny contains "x" if regex.match("(", input.change.base)"#, "regex-syntax", 3);
    assert_clean(r#"deny contains "x" if regex.match(`[A-Za-z0-9_]{1,64}`, input.change.base)"#);
    let text = "package p\n\ndeny contains \"x\" if regex.match(`(a+)+$`, concat(\"\", [\"a\" | some _ in numbers.range(1, 20000)]))\n";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.faults.len(), evaluation.results.len()), (0, 1));
}

#[test]
fn a_misspelt_input_path_is_refused_row_97() {
    case("input-paths");
}

#[test]
fn a_decision_rule_of_the_wrong_kind_is_refused_row_98() {
    case("decision-kinds");
}

#[test]
fn a_near_miss_of_a_decision_name_is_refused_row_99() {
    case("decision-names");
}

#[test]
fn a_result_of_the_wrong_shape_names_its_rule_row_100() {
    case("result-shapes");
}

#[test]
fn a_builtin_error_is_a_fault_not_a_pass_row_101() {
    let text = "package p\n\ndeny contains \"x\" if to_number(input.change.base) > 1\n\nwarn contains \"still here\"\n";
    let (loaded, engines) = load(&[("p/p.rego", text)]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "x"}})));
    assert_eq!((evaluation.faults[0].code.as_str(), evaluation.faults[0].line), ("evaluation-error", 3));
    assert!(evaluation.faults[0].message.contains("rule `p/deny`"), "{:?}", evaluation.faults);
    assert_eq!(evaluation.results.len(), 1, "the other rule is still evaluated");
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "7"}})));
    assert_eq!((evaluation.faults.len(), evaluation.results.len()), (0, 2));
}

#[test]
fn builtins_that_are_not_pure_are_refused_row_102() {
    for call in [
        "http.send({\"method\": \"get\", \"url\": \"http://x\"}).status_code == 200",
        "time.now_ns() > 5",
        "rand.intn(\"x\", 5) > 1",
        "uuid.rfc4122(\"x\") != \"\"",
        "opa.runtime().env.HOME != \"\"",
        "net.cidr_contains(\"10.0.0.0/8\", \"10.0.0.1\")",
        "rego.parse_module(\"a\", \"b\").rules",
        "trace(\"x\")",
        "io.jwt.decode(\"x\")",
    ] {
        assert_fault(&format!("deny contains \"x\" if {{\n\t{call}\n}}"), "forbidden-builtin", 4);
        assert_fault(
            &format!("deny contains \"x\" if {{\n\t1 == 2\n\tnot f(1)\n}}\n\nf(_) if {call}"),
            "forbidden-builtin",
            8,
        );
    }
    assert_clean("deny contains \"x\" if time.parse_rfc3339_ns(\"2026-01-01T00:00:00Z\") > 5");
}

#[test]
fn with_replaces_no_builtin_and_no_foreign_function_row_103() {
    case("with");
}

#[test]
fn prints_are_collected_and_never_printed_row_104() {
    let text = "package p\n\ndeny contains \"x\" if print(\"::error::hi\", input.change.base)\n";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "\u{1b}[31m"}})));
    assert_eq!(evaluation.prints, ["p/p.rego:3: ::error::hi \u{1b}[31m"]);
    let (_, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.evaluation_bytes = 80);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "x".repeat(100)}})));
    assert_eq!((evaluation.prints.len(), evaluation.faults[0].code.as_str()), (0, "too-many-bytes"));
}

#[test]
fn two_packs_with_one_rule_id_are_refused_row_105() {
    let rule = |package: &str| {
        format!(
            "# METADATA\n# custom:\n#   id: same/id\npackage {package}\n\ndeny contains \"x\" if input.change.draft\n"
        )
    };
    let (loaded, _) = load(&[("a/a.rego", &rule("a")), ("b/b.rego", &rule("b"))]);
    assert_eq!(codes(&loaded), ["duplicate-rule"]);
    assert!(loaded.faults[0].message.contains("a/a.rego"), "{:?}", loaded.faults);
    let one = format!("{}\nwarn contains \"y\" if input.change.draft\n", rule("a"));
    assert_eq!(codes(&load(&[("a/a.rego", &one)]).0), Vec::<&str>::new(), "one package may share its id");
}

#[test]
fn an_empty_pack_and_one_without_a_running_rule_are_refused_row_106() {
    assert_eq!(codes(&load(&[]).0), ["empty-pack"]);
    let rule = "package p\n\ndeny contains \"x\" if input.change.draft\n";
    let data = DataSource { pack: "q".into(), path: "q/a.json".into(), at: vec!["a".into()], text: "1".into() };
    let mut set = set(&[("p/p.rego", rule)]);
    set.data.push(data);
    let (loaded, _) = loader::load(&set, &BTreeMap::new(), &Limits::default());
    assert_eq!((codes(&loaded), loaded.faults[0].path.as_str()), (vec!["empty-pack"], "q"));
    set.data.clear();
    let off = RuleOverride { severity: None, status: Some(Status::Draft) };
    let (loaded, _) = loader::load(&set, &BTreeMap::from([("p/deny".to_owned(), off)]), &Limits::default());
    assert_eq!(codes(&loaded), ["empty-pack"]);
    let shown = RuleOverride { severity: None, status: Some(Status::Observe) };
    let (loaded, _) = loader::load(&set, &BTreeMap::from([("p/deny".to_owned(), shown)]), &Limits::default());
    assert_eq!(codes(&loaded), Vec::<&str>::new());
}

#[test]
fn too_many_results_are_a_fault_and_never_cut_row_107() {
    let text = "package p\n\ndeny contains sprintf(\"%d\", [n]) if some n in numbers.range(1, 500)\n";
    let (_, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.findings = 500);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.results.len(), evaluation.faults.len()), (500, 0));
    let (_, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.findings = 499);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.results.len(), evaluation.faults[0].code.as_str()), (0, "too-many-results"));
    assert!(evaluation.faults[0].message.contains("500"), "{:?}", evaluation.faults);
}

#[test]
fn a_hostile_message_is_passed_on_unchanged_row_108() {
    let text = "package p\n\ndeny contains input.change.base\n";
    let hostile = "```\n@team ::error::x\r\n</details>";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": hostile}})));
    assert_eq!(evaluation.results[0].message, hostile, "escaping is the business of each report");
}

#[test]
fn old_syntax_gets_its_new_spelling_row_109() {
    case("old-syntax");
}

#[test]
fn the_language_that_packs_use_means_what_it_means_elsewhere_row_110() {
    case("language");
}

#[test]
fn a_pack_that_cannot_work_is_found_before_judging_row_111() {
    let text = "package p\n\ndeny contains \"x\" if to_number(input.change.base) > 1\n";
    let (loaded, engines) = load(&[("p/p.rego", text)]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let faults = engines.self_check(0);
    assert_eq!((faults[0].code.as_str(), faults[0].path.as_str(), faults[0].line), ("self-check", "p/p.rego", 3));
    let text =
        "package p\n\ndeny contains \"x\" if {\n\tinput.change.base != \"\"\n\tto_number(input.change.base) > 1\n}\n";
    assert_eq!(load(&[("p/p.rego", text)]).1.self_check(0), []);
}
