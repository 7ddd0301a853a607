//! What a change to a policy folder does.

use crate::specification::governance::{GovernedFile, Places, judge, kind_of};

const BASE: &str = r##"# METADATA
# title: Size
# custom:
#   scope: change
package demo

import data.limits

# METADATA
# title: Too many files
# custom:
#   id: demo/files
#   severity: error
#   status: enforced
deny contains msg if {
	count(input.files) > limit # not more
	msg := "too # many"
}

warn_lines contains "lines" if input.change.totals.added > 10

limit := 10
"##;

fn change(path: &str, base: Option<&str>, head: Option<&str>) -> Vec<String> {
    let kind = kind_of(path, &Places::of(["policies"])).unwrap();
    let change = judge(&GovernedFile {
        path,
        kind,
        base: base.map(str::as_bytes),
        head: head.map(str::as_bytes),
        rules: &crate::specification::governance::BaseRules::default(),
    });
    if change.loosens { change.why.split("; ").map(str::to_owned).collect() } else { Vec::new() }
}

fn edit(from: &str, to: &str) -> Vec<String> {
    assert!(BASE.contains(from), "{from}");
    change("policies/a.rego", Some(BASE), Some(&BASE.replacen(from, to, 1)))
}

const UNPROVED: &str = "whether it lets more through cannot be proved";

#[test]
fn a_deleted_file_or_rule_loosens_and_an_added_one_does_not() {
    assert_eq!(change("policies/a.rego", Some(BASE), None), ["the policy file is deleted or moved away"]);
    assert_eq!(
        edit("warn_lines contains \"lines\" if input.change.totals.added > 10\n", ""),
        ["the rule `warn_lines` is deleted"]
    );
    assert_eq!(edit("warn_lines", "warn_rows"), ["the rule `warn_lines` is deleted"]);
    assert_eq!(change("policies/a.rego", None, Some(BASE)), [""; 0]);
    let added = format!(
        "{BASE}\ndeny contains \"x\" if {{ input.change.draft; helper(1) }}\n\nhelper(x) if x > 2\n\nimport data.other\n"
    );
    assert_eq!(change("policies/a.rego", Some(BASE), Some(&added)), [""; 0]);
}

#[test]
fn lowered_metadata_loosens_and_raised_or_reworded_does_not() {
    assert_eq!(edit("severity: error", "severity: warning"), ["METADATA lowers the severity of `deny`"]);
    assert_eq!(edit("status: enforced", "status: observe"), ["METADATA lowers the status of `deny`"]);
    assert_eq!(edit("scope: change", "scope: file").len(), 2, "of both rules");
    assert_eq!(edit("id: demo/files", "id: demo/other").len(), 1);
    assert_eq!(edit("#   severity: error\n", ""), [""; 0], "`deny` is an error by itself");
    assert_eq!(edit("title: Too many files", "title: 'Far too many: files'"), [""; 0]);
    assert_eq!(
        edit("#   severity: error", "#   severity: [error"),
        ["METADATA cannot be read, so what it lowers cannot be told, of `deny`"]
    );
    assert_eq!(
        edit("warn_lines", "# METADATA\n# custom:\n#   status: draft\nwarn_lines"),
        ["METADATA lowers the status of `warn_lines`"]
    );
    assert_eq!(edit("warn_lines", "# METADATA\n# custom:\n#   severity: error\nwarn_lines"), [""; 0]);
}

#[test]
fn comments_and_layout_are_text_and_strings_are_not() {
    assert_eq!(edit("# not more", "# at all"), [""; 0]);
    assert_eq!(edit("\tcount(input.files) > limit", "\n    count( input.files )  >\tlimit"), [""; 0]);
    assert_eq!(edit("too # many", "too # few"), ["the text of `deny` changed", UNPROVED]);
    assert_eq!(edit("> limit", ">= limit"), ["the text of `deny` changed", UNPROVED]);
}

#[test]
fn changed_helpers_imports_packages_and_continued_lines_cannot_be_proved() {
    assert_eq!(edit("limit := 10", "limit := 99"), ["the text of `limit` changed", UNPROVED]);
    assert_eq!(edit("package demo", "package demo2").len(), 2);
    assert_eq!(edit("import data.limits", "import data.none").len(), 2);
    assert_eq!(edit("added > 10\n", "added > 10\n\twith input.change as {}\n").len(), 2);
    assert_eq!(edit("added > 10\n", "added > 10\n* 99\n").len(), 2);
    assert_eq!(edit("> limit # not more\n", "> limit\n\tfalse\n").len(), 2);
    assert_eq!(
        edit("limit := 10\n", "limit := 10\n\nlimit := 99 if input.change.draft\n"),
        ["text is added to `limit`", UNPROVED]
    );
    assert_eq!(edit("limit := 10\n", "limit := 10\n\ncount(x) := 0\n"), ["text is added to `count`", UNPROVED]);
    assert_eq!(edit("limit := 10\n", "limit := 10\n\nexception contains [\"\"]\n").len(), 2);
    assert_eq!(edit("limit := 10\n", "limit := 10\n\nimport data.x as input\n").len(), 2);
    assert_eq!(edit("limit := 10\n", "limit := 10\n\ndefault deny := {}\n").len(), 2);
}

#[test]
fn results_added_to_a_set_that_another_rule_reads_cannot_be_proved() {
    let base = "package a\n\nwarn contains \"x\" if count(deny) == 0\n\ndeny contains \"y\" if input.a\n";
    let head = format!("{base}\ndeny contains \"z\"\n");
    assert_eq!(change("policies/a.rego", Some(base), Some(&head)), ["text is added to `deny`", UNPROVED]);
}

#[test]
fn a_file_that_cannot_be_followed_cannot_be_told() {
    assert_eq!(edit("\"too # many\"", "$\"{x(\"a # b\")}\"").len(), 2);
    assert_eq!(edit("# not more\n", "# not more\r").len(), 2);
}

#[test]
fn tests_cases_and_prose_are_no_rules_and_data_is() {
    for path in ["policies/a_test.rego", "policies/cases/x/input.json", "policies/x/cases/a.rego", "policies/README.md"]
    {
        assert_eq!(change(path, Some("a"), None), [""; 0], "{path}");
    }
    for path in ["policies/limits.json", "policies/x/limits.yaml"] {
        assert_eq!(change(path, Some("a"), Some("b")).len(), 2, "{path}");
        assert!(!change(path, None, Some("b")).is_empty(), "{path}");
    }
    assert!(!change("policies/patterns/a.yaml", Some("a"), Some("b")).is_empty());
    assert_eq!(change("policies/patterns/a.yaml", None, Some("b")), [""; 0]);
}

#[test]
fn a_policy_folder_below_a_folder_of_cases_still_holds_policies() {
    let kind = kind_of("cases/rules/a.rego", &Places::of(["cases/rules"])).unwrap();
    assert!(
        judge(&GovernedFile {
            path: "cases/rules/a.rego",
            kind,
            base: Some(b"deny contains 1"),
            head: None,
            rules: &crate::specification::governance::BaseRules::default()
        })
        .loosens
    );
    let kind = kind_of("limits/cases/a.json", &Places::of(["limits/cases/a.json"])).unwrap();
    assert_eq!(kind.name(), "policy");
}
