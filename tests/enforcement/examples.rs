use crate::bench::specification;
use portcullis::enforcement::examples::{RuleExamples, run};
use portcullis::limits::Limits;
use portcullis::specification::Specification;

fn tried(specification: &Specification) -> Vec<RuleExamples> {
    run(specification, &Limits { file_ms: 120_000, ..Limits::default() })
}

/// Returns, by example, whether it passed, and the languages without one that fires.
fn seen(rule: &str) -> (Vec<bool>, Vec<String>) {
    let mut tried = tried(&specification(rule));
    assert_eq!(tried.len(), 1);
    let RuleExamples { outcomes, unproven, .. } = tried.remove(0);
    for outcome in &outcomes {
        assert_eq!(outcome.error, "");
    }
    (outcomes.iter().map(|outcome| outcome.passed()).collect(), unproven)
}

const MONEY: &str = r#"
systems: [payments, orders]
paths: ["nowhere/**"]
enforce:
  ast:
    - {language: go, pattern: "float64($AMOUNT)", where: {AMOUNT: "(?i)amount|price|total"}}
    - {language: python, pattern: "float($AMOUNT)", where: {AMOUNT: "(?i)amount|price|total"}}
examples:
"#;

#[test]
fn a_text_fires_in_one_of_the_languages_and_passes_in_all() {
    let rule = format!(
        "{MONEY}  fail: [\"x = float(order.total)\", {{language: go, code: \"x := float64(order.total)\"}}]\n  pass: [\"x = int(order.total_minor)\", \"y = float(ratio)\"]\n"
    );
    assert_eq!(seen(&rule), (vec![true; 4], vec![]));
}

#[test]
fn an_example_that_shows_the_opposite_fails_and_a_language_without_one_is_named() {
    let rule =
        format!("{MONEY}  fail: [\"x = float(order.total)\", \"x = int(order.total)\"]\n  pass: [\"float(price)\"]\n");
    assert_eq!(seen(&rule), (vec![true, false, false], vec!["go".to_owned()]));
}

#[test]
fn the_worked_examples_of_the_other_kinds_show_what_they_must() {
    let charge = r#"
status: advisory
enforce:
  ast:
    - {language: python, pattern: "$C.charge($$$ARGS)", unless: "$C.charge($$$, idempotency_key=$K, $$$)"}
examples:
  fail: ["client.charge(order, amount)"]
  pass: ["client.charge(order, amount, idempotency_key=key)"]
"#;
    assert_eq!(seen(charge), (vec![true; 2], vec![]));
    let swallowed = r#"
applies-to: ai
enforce:
  pattern: {regex: "except( Exception)?:\\s*\\n\\s*pass\\b"}
examples:
  fail: ["try:\n    f()\nexcept Exception:\n    pass"]
  pass: ["try:\n    f()\nexcept KeyError:\n    return None"]
"#;
    assert_eq!(seen(swallowed), (vec![true; 2], vec![]));
    let naming = "enforce: {naming: {kinds: [function], style: snake_case}}\nexamples: {fail: [\"def doIt(): pass\"], pass: [\"def do_it(): pass\"]}";
    assert_eq!(seen(naming), (vec![true; 2], vec![]));
    let query = "enforce: {query: {language: java, scm: \"(method_invocation name: (identifier) @n (#eq? @n \\\"exit\\\"))\"}}\nexamples: {fail: [\"System.exit(1);\", \"class A { void f() { System.exit(2); } }\"], pass: [\"System.out();\"]}";
    assert_eq!(seen(query), (vec![true; 3], vec![]));
}

#[test]
fn a_policy_is_tried_on_its_examples() {
    let rule = "enforce: {rego: {policy: policies/a.rego, rule: data.shop.a.deny}}\nexamples: {fail: [\"log(x)\"], pass: [\"send(x)\"]}";
    let mut specification = specification(rule);
    let policy = "package shop.a\n\ndeny contains finding if {\n\tsome file in input.files\n\tsome call in file.calls\n\tcall.callee == \"log\"\n\tdata.spec.rules[\"INV-TEST-001\"].layer == 2\n\tfinding := {\"msg\": \"logs\", \"path\": file.path}\n}\n";
    specification.policies.insert("policies/a.rego".to_owned(), policy.to_owned());
    let outcomes = tried(&specification).remove(0).outcomes;
    assert_eq!(outcomes.iter().map(|o| (o.passed(), o.error.as_str())).collect::<Vec<_>>(), [(true, ""), (true, "")]);
    specification.policies.insert("policies/a.rego".to_owned(), policy.replace("file in", "file inn"));
    assert!(tried(&specification).remove(0).outcomes[0].error.starts_with("policies/a.rego:"));
}

#[test]
fn examples_of_a_kind_that_none_can_prove_are_told() {
    let rule = "enforce: {review: {ask: \"Sure?\"}}\nexamples: {fail: [x]}";
    let outcomes = tried(&specification(rule)).remove(0).outcomes;
    assert!(!outcomes[0].passed() && outcomes[0].error.contains("`review`"));
}
