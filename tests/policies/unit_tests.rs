//! The runner for `test_` rules.

use portcullis::policies::unit_tests::{Outcome, run_tests};

use super::*;

#[test]
fn unit_tests_pass_fail_wait_and_err_each_by_itself() {
    let policy = "package p\n\ndeny contains \"x\" if input.change.draft\n";
    let tests = "package p_test\n\nimport data.p\n\ntest_fires if count(data.p.deny) == 1 with input as {\"change\": {\"draft\": true}}\n\ntest_wrong if count(data.p.deny) == 1 with input as {\"change\": {\"draft\": false}}\n\ntodo_test_later if false\n\ntest_errs if to_number(\"x\") == 1\n\nhelper := 1\n";
    let results = run_tests(&[source("p/p.rego", policy)], &[source("p/p_test.rego", tests)], &[]);
    let seen: Vec<_> = results.iter().map(|result| (result.name.as_str(), result.outcome.clone())).collect();
    assert_eq!(seen[1], ("test_fires", Outcome::Passed));
    assert_eq!(seen[2], ("test_wrong", Outcome::Failed));
    assert_eq!(seen[3], ("todo_test_later", Outcome::Todo));
    assert!(matches!(&seen[0], ("test_errs", Outcome::Error(text)) if text.contains("p/p_test.rego:11")), "{seen:?}");
    assert_eq!(seen.len(), 4);
}

#[test]
fn a_test_that_mocks_in_vain_or_calls_nothing_is_an_error() {
    let policies = [
        source("p/lib.rego", "package lib\n\nf(x) := x\n"),
        source("p/p.rego", "package p\n\ndeny contains \"x\" if data.lib.f(1) == 2\n"),
    ];
    let run = |body: &str| {
        let text = format!("package p_test\n\n{body}\n");
        run_tests(&policies, &[source("p/p_test.rego", &text)], &[])
    };
    for body in [
        "test_a if count(data.p.deny) == 1 with data.lib.f as 2",
        "test_a if not no_such(1)",
        "test_a if count(data.p.denny) == 0",
        "f(x) := f(x)\n\ntest_a if f(1)",
    ] {
        let results = run(body);
        assert!(matches!(results.as_slice(), [only] if matches!(only.outcome, Outcome::Error(_))), "{results:?}");
    }
    assert_eq!(run("test_a if count(data.p.deny) == 0 with input as {}")[0].outcome, Outcome::Passed);
}

#[test]
fn unit_tests_of_one_pack_do_not_see_another() {
    let results = run_tests(
        &[source("a/p.rego", "package lib\n\nx := 1\n"), source("b/p.rego", "package lib\n\nx := 2\n")],
        &[
            source("a/p_test.rego", "package lib_test\n\ntest_x if data.lib.x == 1\n"),
            source("b/p_test.rego", "package lib_test\n\ntest_x if data.lib.x == 2\n"),
            source("c/p_test.rego", "package c\n\ntest_x if {\n"),
        ],
        &[],
    );
    let outcomes: Vec<&Outcome> = results.iter().map(|result| &result.outcome).collect();
    assert!(matches!(outcomes.as_slice(), [Outcome::Passed, Outcome::Passed, Outcome::Error(_)]), "{results:?}");
}
