//! A first policy: small, useful in any repository, and blocking nothing.
//!
//! Owns its rule, tests and cases. They hold texts only, no code that a formatter or linter would look at.

use super::written::NewFile;

/// The name of the policy and of its folder.
pub(super) const NAME: &str = "tests-with-code";

/// Returns its files below a policy folder; `language` is the one with most files here.
pub(super) fn files(folder: &str, language: &str) -> Vec<NewFile> {
    let (code, test) = names(language);
    let below = format!("{folder}/{NAME}");
    let file = |name: &str, text: String| NewFile::new(format!("{below}/{name}"), text);
    vec![
        file("tests_with_code.rego", POLICY.replace("{id}", &id(folder))),
        file("tests_with_code_test.rego", TEST.to_owned()),
        file("cases/tests-with-code/fires/generate.txt", format!("1 {code} 40\n")),
        file("cases/tests-with-code/fires/expect.txt", format!("{}\n", id(folder))),
        file("cases/tests-with-code/near-miss/generate.txt", format!("1 {code} 40\n1 {test} 3\n")),
    ]
}

/// Returns the id of its rule.
pub(super) fn id(folder: &str) -> String {
    format!("{}/{NAME}", folder.rsplit('/').next().unwrap_or(folder))
}

/// A file of code and a test of it, as people who write that language name them; `{}` becomes a number.
fn names(language: &str) -> (&'static str, &'static str) {
    match language {
        "go" => ("internal/orders{}.go", "internal/orders{}_test.go"),
        "java" => ("src/main/java/shop/Order{}.java", "src/test/java/shop/Order{}Test.java"),
        "javascript" => ("src/orders{}.js", "src/orders{}.test.js"),
        "rust" => ("src/orders{}.rs", "tests/orders{}.rs"),
        "typescript" | "tsx" => ("src/orders{}.ts", "src/orders{}.test.ts"),
        _ => ("src/orders{}.py", "tests/test_orders{}.py"),
    }
}

const POLICY: &str = r#"# METADATA
# title: Code comes with a test
# description: Who changes what code does, and no test, has found a gap in the tests or left one.
# custom:
#   id: {id}
#   scope: change
#   severity: warning
#   status: advisory
#   fix: Add or change a test that fails without this change.
package tests_with_code

# Fewer new lines than this need no test.
few := 30

# `input` is the change; `portcullis facts` prints it. `class` is source, test, config, docs, generated or vendored:
# see `paths:` in .portcullis.yaml.
deny contains finding if {
	added := sum([file.added | some file in input.files; file.class == "source"])
	added >= few
	count(tests) == 0
	finding := {"msg": sprintf("%d new lines of code, and no test among the changed files", [added])}
}

tests := [file.path | some file in input.files; file.class == "test"]
"#;

const TEST: &str = r#"package tests_with_code_test

file(class, added) := {"path": sprintf("a.%s", [class]), "class": class, "added": added}

test_much_code_without_a_test_is_found if {
	found := data.tests_with_code.deny with input as {"files": [file("source", 30)]}
	found == {{"msg": "30 new lines of code, and no test among the changed files"}}
}

test_little_code_is_not if {
	count(data.tests_with_code.deny) == 0 with input as {"files": [file("source", 29)]}
}

test_code_with_a_test_is_not if {
	count(data.tests_with_code.deny) == 0 with input as {"files": [file("source", 30), file("test", 1)]}
}
"#;
