//! Policies that would run for ever, fill the memory or flood the report: each ends, is named, and costs nothing else.

use crate::scene::{Run, Scene};

const FOUND: &str = "hidden-code/bidi pay.go:3:20 error enforced";

/// Judges a change with a hidden character and a policy of this body, under more lines of configuration.
fn judge(body: &str, limits: &str) -> Run {
    let configuration = format!("version: 1\npacks: [hidden-code]\npolicies: [policies]\n{limits}");
    let policy = format!("# METADATA\n# title: Own\n# custom:\n#   id: own/rule\npackage own\n\n{body}");
    let base = [(".portcullis.yaml", configuration.as_str()), ("policies/own.rego", &policy)];
    Scene::new(&base, &[("pay.go", "package pay\n\nvar open = true // \u{202E}eslaf\n")]).check(&[])
}

/// Asserts that the policy is the only thing that could not be decided, and that its rule or file is named.
#[track_caller]
fn stopped(body: &str, limits: &str, codes: &[&str]) {
    let run = judge(body, limits);
    let document = run.is("undecided").document();
    let reasons = document["completeness"]["reasons"].as_array().unwrap();
    for reason in reasons {
        assert!(codes.contains(&reason["code"].as_str().unwrap()), "{reason}");
        let named = format!("{}{}", reason["path"], reason["message"]);
        assert!(named.contains("own.rego") || named.contains("own/rule"), "{reason}");
    }
    assert!(run.findings().contains(&FOUND.to_owned()), "{:?}", run.findings());
}

const SHORT: &str = "limits: {evaluation-ms: 400, load-ms: 4000}\n";

/// Codes of a policy that did not end in time, in the load's own trial or on the change.
const SLOW: &[&str] = &["evaluation-timeout", "policy-memory", "policy-timeout", "self-check"];

#[test]
fn an_endless_loop_is_stopped_row_94() {
    let body = "deny contains \"x\" if count([1 | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); a == b]) < 0\n";
    stopped(body, SHORT, SLOW);
}

#[test]
fn a_huge_range_is_stopped_row_94() {
    stopped("deny contains \"x\" if count(numbers.range(1, 1000000000)) < 0\n", SHORT, SLOW);
}

#[test]
fn a_text_that_doubles_is_stopped_row_94() {
    let mut body = "a0 := \"xxxxxxxxxxxxxxxx\"\n".to_owned();
    for step in 1..=26 {
        body.push_str(&format!("\na{step} := concat(\"\", [a{0}, a{0}])\n", step - 1));
    }
    body.push_str("\ndeny contains \"x\" if count(a26) < 0\n");
    stopped(
        &body,
        "limits: {evaluation-ms: 2000, worker-bytes: 700000000}
",
        SLOW,
    );
}

#[test]
fn a_product_of_lists_is_stopped_row_94() {
    let body = "l := numbers.range(1, 4000)\n\ndeny contains sprintf(\"%d %d\", [a, b]) if {\n\tsome a in l\n\tsome b in l\n}\n";
    stopped(body, SHORT, SLOW);
}

#[test]
fn a_walk_over_a_big_value_is_stopped_row_95() {
    let body = "big := [numbers.range(1, 1000) | some _ in numbers.range(1, 1000)]\n\ndeny contains \"x\" if {\n\tsome path\n\twalk(big, [path, _])\n\tcount(path) > 7\n}\n";
    stopped(body, SHORT, SLOW);
}

#[test]
fn a_pathological_pattern_is_linear_and_an_oversized_one_refused_row_96() {
    let body = "deny contains \"x\" if regex.match(\"^(a+)+$\", sprintf(\"%s!\", [concat(\"\", [\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"b\"])]))\n";
    assert_eq!(judge(body, "").is("fail").findings(), [FOUND]);
    let body = "deny contains \"x\" if regex.match(\"((((a{1,1000}){1,1000}){1,1000}){1,1000})\", \"aaa\")\n";
    let run = judge(body, "");
    assert!(run.is("undecided").reasons().iter().all(|reason| reason.contains("own.rego:7")), "{:?}", run.reasons());
    assert_eq!(run.findings(), [FOUND]);
}

#[test]
fn more_results_than_the_limit_are_undecided_and_never_cut_row_107() {
    let body =
        "deny contains sprintf(\"n %d\", [n]) if {\n\tcount(input.files) > 0\n\tsome n in numbers.range(1, 300)\n}\n";
    let few = judge(body, "limits: {findings: 300}\n");
    assert_eq!(few.is("fail").findings().len(), 301);
    let many = judge(body, "limits: {findings: 299}\n");
    let reasons = ["self-check policies/own.rego:7", "too-many-results policies/own.rego:7"];
    assert_eq!(many.is("undecided").reasons(), reasons);
    assert!(many.findings().contains(&FOUND.to_owned()));
}

#[test]
fn more_bytes_than_the_limit_are_undecided_row_107() {
    let body = "deny contains sprintf(\"%d %s\", [n, concat(\"\", [\"0123456789\" | some _ in numbers.range(1, 100)])]) if {\n\tcount(input.files) > 0\n\tsome n in numbers.range(1, 300)\n}\n";
    let run = judge(body, "limits: {evaluation-bytes: 100000}\n");
    let reasons = ["self-check policies/own.rego:7", "too-many-bytes policies/own.rego:7"];
    assert_eq!(run.is("undecided").reasons(), reasons);
    assert_eq!(run.findings(), [FOUND]);
}

#[test]
fn a_thousand_findings_are_all_in_the_document_and_counted_on_the_page_row_107() {
    let body =
        "deny contains sprintf(\"n %d\", [n]) if {\n\tcount(input.files) > 0\n\tsome n in numbers.range(1, 1000)\n}\n";
    let run = judge(body, "");
    assert_eq!(run.is("fail").findings().len(), 1001);
    let mut sorted = run.findings();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted, [FOUND, "own/rule (the change) error enforced"]);
}

#[test]
fn two_faulty_policies_are_both_named_and_a_third_still_judges() {
    let base = [
        (".portcullis.yaml", "version: 1\npacks: [hidden-code]\npolicies: [policies]\n"),
        ("policies/a.rego", "package a\n\ndeny contains \"x\" if {\n"),
        ("policies/b.rego", "package b\n\ndeny contains \"x\" if nowhere(1)\n"),
        ("policies/c.rego", "package c\n\ndeny contains \"seen\" if count(input.files) == 1\n"),
    ];
    let run = Scene::new(&base, &[("pay.go", "package pay\n")]).check(&[]);
    let reasons = run.is("undecided").reasons();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons[0].contains("policies/") && reasons[1].contains("policies/"), "{reasons:?}");
    assert_eq!(run.findings(), ["c/deny (the change) error enforced"]);
}
