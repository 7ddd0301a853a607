//! Each fault that the engine does not tell, found in one file that holds all of them, in one run.

use std::path::Path;
use std::sync::LazyLock;

use portcullis::finding::{Severity, SourceKind};
use portcullis::limits::Limits;
use portcullis::policies::inspect::{Inspection, Remark, Subject, inspect};
use portcullis::policies::{PolicySet, PolicySource};

fn text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/policy_check/every-fault");
    std::fs::read_to_string(folder.join(name)).unwrap().replace("\r\n", "\n")
}

fn source(name: &str, text: String) -> PolicySource {
    let (pack, path) = ("policies".to_owned(), format!("policies/{name}"));
    PolicySource { pack, path, text, kind: SourceKind::Policy, v0: false, scope: None }
}

fn inspected(policies: Vec<PolicySource>) -> Inspection {
    let set = PolicySet { policies, ..PolicySet::default() };
    let packs = ["policies".to_owned()];
    inspect(&Subject { set: &set, tests: &[], cases: &[], taken: &[], asked: &packs }, &Limits::default())
}

static FOUND: LazyLock<(String, Vec<Remark>)> = LazyLock::new(|| {
    let written = format!("\u{FEFF}{}", text("faults.rego"));
    let found = inspected(vec![source("faults.rego", written.clone()), source("lib.rego", text("lib.rego"))]);
    (written, found.remarks)
});

/// Asserts that a remark of that code stands on the line that holds the marker.
fn finds(code: &str, marker: &str) {
    let (written, remarks) = &*FOUND;
    let line = written.lines().position(|line| line.contains(marker)).unwrap() + 1;
    let at = |remark: &&Remark| remark.fault.path.ends_with("faults.rego") && remark.fault.line as usize == line;
    let there: Vec<_> = remarks.iter().filter(at).map(|remark| remark.fault.code.as_str()).collect();
    assert!(there.contains(&code), "line {line}: {there:?}");
}

macro_rules! finds {
    ($($name:ident: $code:literal, $marker:literal;)*) => { $(#[test] fn $name() { finds($code, $marker); })* };
}

finds! {
    an_unknown_function_behind_a_false_condition_is_found: "unknown-function", "no_such_function(1)";
    a_wrong_arity_behind_a_false_condition_is_found: "wrong-arity", "startswith(\"only one\")";
    an_unsafe_head_is_found: "unbound-variable", "value := unsafe_one";
    a_second_unsafe_head_is_found: "unbound-variable", "unsafe_two if";
    an_unsafe_body_is_found: "static-error", "nothing_binds_this == 4";
    a_static_error_does_not_hide_the_next: "static-error", "nor_this == 4";
    a_recursive_function_is_found: "recursion", "f(x) := f(x)";
    rules_in_a_circle_are_found: "recursion", "b := a";
    an_object_in_place_of_a_set_is_found: "object-rule", "warn[msg] if";
    arithmetic_with_a_text_is_found: "arithmetic-kind", "1 + \"a\"";
    a_wrong_argument_is_found: "argument-kind", "upper(5)";
    an_unused_variable_is_found: "unused-variable", "unused := input";
    an_unused_import_is_found: "unused-import", "import data.never_used";
    a_shadowed_input_is_found: "syntax", "input := 3";
    a_shadowed_rule_is_found: "shadowed-rule", "value := input.change.base";
    a_local_like_an_import_is_found: "shadowed-import", "some image in";
    a_variable_declared_inside_its_own_value_is_found: "reused-variable", "X := [X |";
    a_line_that_makes_the_one_before_a_call_is_found: "line-call", "z := y";
    an_import_that_evaluates_a_whole_package_is_found: "package-import", "lib.helper == 3";
    with_on_a_function_of_another_package_is_found: "with-function", "with data.lib.func";
    with_on_a_builtin_is_found: "with-builtin", "with count as 9";
    a_builtin_as_a_replacement_is_found: "with-builtin", "with own as count";
    formats_that_the_engine_does_not_know_are_found: "sprintf-verb", "%-10s %5.2f %t";
    a_format_with_too_few_values_is_found: "sprintf-count", "%s and %s";
    a_pattern_too_large_is_found: "regex-size", "deny_regex";
    a_clause_without_a_body_is_found: "bodiless-clause", "g(null)";
    several_bodies_of_one_head_are_found: "v0-syntax", "p[x] {";
    an_import_below_rules_is_found: "late-import", "import data.late";
    a_byte_order_mark_is_found: "syntax", "package everything";
    deeply_nested_literals_are_found: "too-deep", "deep := [[";
    a_template_string_is_found: "template-string", "$\"hello";
    a_bracket_that_nobody_closes_is_found: "syntax", "never_closed";
    a_syntax_error_in_a_body_is_found: "syntax", "msg == == 1";
    a_misnamed_decision_rule_is_found: "decision-name", "denny contains";
    a_misspelt_path_is_found: "unknown-input", "file.paht == ";
    a_computed_path_is_named: "unchecked-path", "input[some_key]";
    the_path_of_a_parameter_is_named: "unchecked-path", "parameter(file) :=";
    a_result_without_a_message_is_found: "result-shape", "deny_shape contains";
    an_unknown_key_of_a_result_is_found: "result-shape", "deny_key contains";
    a_value_of_the_wrong_type_in_a_result_is_found: "result-shape", "deny_type contains";
    a_key_of_another_kind_of_rule_is_found: "result-shape", "warn_layer contains";
    a_wrong_word_in_a_result_of_a_body_is_found: "result-shape", "\"severity\": \"bad\"";
    a_result_that_is_a_number_is_found: "result-shape", "deny_number contains";
    a_body_that_contradicts_itself_is_found: "contradiction", "== \"two\"";
    with_on_an_imported_function_is_found: "with-function", "with lib.func as mock_of_func";
    a_builtin_that_the_engine_lacks_is_found: "unknown-function", "array.flatten";
    a_builtin_that_reaches_the_network_is_found: "forbidden-builtin", "http.send";
    missing_metadata_is_found: "metadata-missing", "deny_unused";
    a_rule_without_a_case_is_found: "unproven-rule", "deny_unused";
}

#[test]
fn a_second_import_of_one_name_is_found() {
    let (written, remarks) = &*FOUND;
    let line = written.lines().collect::<Vec<_>>().iter().rposition(|line| *line == "import data.lib").unwrap() + 1;
    assert!(remarks.iter().any(|remark| remark.fault.code == "duplicate-import" && remark.fault.line as usize == line));
}

#[test]
fn each_of_three_formats_is_named() {
    let codes = FOUND.1.iter().filter(|remark| remark.fault.code == "sprintf-verb").count();
    assert_eq!(codes, 3);
}

#[test]
fn a_bad_rule_starts_no_cascade() {
    let (written, remarks) = &*FOUND;
    // Each stands on a line that has no fault of its own.
    for quiet in ["own(x) := x", "some_key := \"change\"", "deny_uses contains", "package lib"] {
        let line = written.lines().position(|line| line.contains(quiet)).map_or(0, |line| line + 1);
        let errors: Vec<_> = remarks
            .iter()
            .filter(|remark| remark.severity == Severity::Error && line > 0 && remark.fault.line as usize == line)
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn what_a_result_lacks_is_named_with_the_key_that_was_meant() {
    let hint = |text: &str| {
        let remark = FOUND.1.iter().find(|remark| remark.fault.message.contains(text)).unwrap();
        remark.fault.hint.clone()
    };
    assert_eq!(hint("a result has no `msg`"), "write `msg` in place of `message`");
    assert_eq!(hint("the unknown key `lin`"), "did you mean `line`?");
    assert!(hint("`layer`, which only `review`").contains("name the rule `review`"));
}

/// Returns the codes of errors and warnings, each with its line, but for cases that are missing.
fn codes(text: &str) -> Vec<(String, u32)> {
    let found = inspected(vec![source("one.rego", text.to_owned())]).remarks;
    let said = found.iter().filter(|one| one.fault.code != "unproven-rule" && one.severity != Severity::Info);
    said.map(|one| (one.fault.code.clone(), one.fault.line)).collect()
}

#[test]
fn missing_metadata_is_told_in_place_of_what_follows_from_it() {
    let body = "package own\n\ndeny contains msg if {\n\tsome call in input.file.calls\n\tcall.change == \"added\"\n\tmsg := input.file.path\n}\n";
    assert_eq!(codes(body), [("metadata-missing".to_owned(), 3)]);
    let remark = &inspected(vec![source("one.rego", body.to_owned())]).remarks[0];
    assert_eq!(remark.severity, Severity::Error);
    assert!(remark.fault.hint.contains("scope: file"), "{}", remark.fault.hint);
    // METADATA that cannot be read is told, and not that it lacks something.
    let spoilt = format!("# METADATA\n# title: x\n#   wrong: y\n{body}");
    assert_eq!(codes(&spoilt), [("metadata".to_owned(), 3)]);
    // Without a scope in it, the first use says so.
    let short = format!("# METADATA\n# title: x\n# description: y\n# custom: {{id: a/b}}\n{body}");
    assert_eq!(codes(&short), [("unknown-input".to_owned(), 8)]);
}

#[test]
fn metadata_that_a_policy_of_conftest_brings_is_named_and_forgiven() {
    let text =
        "package main\n\n# METADATA\n# title: x\n# severity: HIGH\ndeny contains \"x\" if input.kind == \"Pod\"\n";
    let found = inspected(vec![source("one.rego", text.to_owned())]).remarks;
    let told: Vec<_> = found.iter().filter(|remark| remark.fault.code == "metadata").collect();
    assert_eq!(told.len(), 1, "{found:#?}");
    assert_eq!(told[0].severity, Severity::Warning);
    assert!(told[0].fault.message.contains("runs all the same"), "{}", told[0].fault.message);
}

#[test]
fn keys_of_document_results_are_metadata_but_their_message_is_held() {
    let rule = |result: &str| {
        codes(&format!(
            "# METADATA\n# title: t\n# description: d\n# custom: {{id: a/b, scope: document}}\npackage own\n\ndeny contains {result} if input.kind == \"Pod\"\n"
        ))
    };
    assert_eq!(rule(r#"{"msg": "x", "layer": 2, "anything": "else"}"#), []);
    assert_eq!(rule(r#"{"message": "x"}"#), [("result-shape".to_owned(), 7)]);
    assert_eq!(rule(r#"{"msg": 3}"#), [("result-shape".to_owned(), 7)]);
}

#[test]
fn the_same_said_rightly_has_no_fault() {
    let policies = vec![source("near_miss.rego", text("near_miss.rego")), source("lib.rego", text("lib.rego"))];
    let found = inspected(policies).remarks;
    let said: Vec<_> = found.iter().filter(|remark| remark.fault.code != "unproven-rule").collect();
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn one_id_in_two_packages_is_found_in_both_and_beside_packs_that_are_not_asked_for() {
    let rule = |package: &str| {
        format!(
            "# METADATA\n# title: t\n# description: d\n# custom:\n#   id: x/same\n#   scope: change\npackage {package}\n\ndeny contains \"x\" if input.change.draft\n"
        )
    };
    let set =
        PolicySet { policies: vec![source("a.rego", rule("a")), source("b.rego", rule("b"))], ..PolicySet::default() };
    let packs = ["policies".to_owned()];
    let subject = Subject { set: &set, tests: &[], cases: &[], taken: &[], asked: &packs };
    let found = inspect(&subject, &Limits::default());
    let twice =
        |found: &Inspection| found.remarks.iter().filter(|remark| remark.fault.code == "duplicate-rule").count();
    assert_eq!(twice(&found), 2);
    let alone = PolicySet { policies: vec![source("a.rego", rule("a"))], ..PolicySet::default() };
    let quiet = inspect(&Subject { set: &alone, ..subject }, &Limits::default());
    assert_eq!(twice(&quiet), 0);
    let taken = [portcullis::policies::inspect::WrittenRule {
        pack: "size".to_owned(),
        package: "portcullis.size".to_owned(),
        ..found.rules[0].clone()
    }];
    let beside =
        inspect(&Subject { set: &alone, tests: &[], cases: &[], taken: &taken, asked: &packs }, &Limits::default());
    assert_eq!(twice(&beside), 1);
}

/// Every prefix of the file, and many changes of one byte: whatever comes out, the inspection comes back.
#[test]
fn whatever_is_written_is_inspected_to_its_end() {
    let whole = text("faults.rego");
    let ends: Vec<usize> = whole.char_indices().map(|(at, _)| at).step_by(97).collect();
    for end in ends {
        inspected(vec![source("faults.rego", whole[..end].to_owned())]);
    }
    for (at, letter) in (0..whole.len()).step_by(131).zip(b"{}[]()\"`#\n".iter().cycle()) {
        let mut bytes = whole.clone().into_bytes();
        bytes[at] = *letter;
        if let Ok(changed) = String::from_utf8(bytes) {
            inspected(vec![source("faults.rego", changed)]);
        }
    }
}
