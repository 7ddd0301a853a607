//! The files of a new policy: small, commented, complete.

use crate::policies::Scope;

/// Returns the files below the policy's own folder, with their texts, in the order in which they are read.
pub(super) fn files(name: &str, folder: &str, scope: Scope) -> Vec<(String, String)> {
    let package = name.replace('-', "_");
    let pack = folder.rsplit('/').next().unwrap_or(folder);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let id = format!("{}/{name}", pack.chars().map(plain).collect::<String>());
    let fill = |text: &str| text.replace("{id}", &id).replace("{package}", &package).replace("{name}", name);
    let (policy, test, cases): (&str, &str, &[(&str, &str)]) = match scope {
        Scope::Change => (CHANGE, CHANGE_TEST, CHANGE_CASES),
        Scope::Review => (REVIEW, REVIEW_TEST, REVIEW_CASES),
        Scope::Document => (DOCUMENT, DOCUMENT_TEST, DOCUMENT_CASES),
        Scope::File => (FILE, FILE_TEST, FILE_CASES),
    };
    let mut files = vec![(format!("{package}.rego"), fill(policy)), (format!("{package}_test.rego"), fill(test))];
    files.extend(cases.iter().map(|(path, text)| (fill(path), fill(text))));
    files
}

/// Says what the rule looks at and where to go on.
pub(super) fn about(scope: Scope) -> &'static str {
    match scope {
        Scope::Change => {
            "It runs once a change and sees all changed files as `input.files`. \
             `portcullis facts` prints what a policy sees of your own change."
        }
        Scope::Review => {
            "It runs once, after all other rules, and sees their findings as `input.findings`. \
             It fails nothing: it asks people."
        }
        Scope::Document => {
            "It runs once a changed configuration document (YAML, JSON, TOML, HCL, Dockerfile, ...), which it sees as \
             `input`, as Conftest does. What base gives too is old. docs/conftest.md has the shapes."
        }
        Scope::File => {
            "It runs once a changed file, which it sees as `input.file`. \
             `portcullis facts` prints what a policy sees of your own change."
        }
    }
}

const FILE: &str = r#"# METADATA
# title: No debug output
# description: Output that was meant for one afternoon ends up in the logs of production, where it costs money and tells secrets.
# custom:
#   id: {id}
#   scope: file
#   severity: warning
#   fix: Use the logger, or delete the line.
package {package}

# What counts as debug output, by language.
debug_calls := {
	"javascript": {"console.log"},
	"python": {"print"},
	"tsx": {"console.log"},
	"typescript": {"console.log"},
}

deny contains finding if {
	input.file.class == "source"
	some call in input.file.calls

	# Only what this change adds: old debt is nobody's doing today.
	call.change == "added"
	call.callee in debug_calls[input.file.language]
	finding := {"msg": sprintf("`%s` is debug output", [call.callee]), "line": call.line}
}
"#;

const FILE_TEST: &str = r#"package {package}_test

file(callee, change) := {"file": {
	"path": "src/app.py",
	"class": "source",
	"language": "python",
	"calls": [{"callee": callee, "line": 7, "change": change}],
}}

test_an_added_print_is_found_at_its_line if {
	found := data.{package}.deny with input as file("print", "added")
	found == {{"msg": "`print` is debug output", "line": 7}}
}

test_an_old_print_is_not if {
	count(data.{package}.deny) == 0 with input as file("print", "kept")
}

test_another_call_is_not if {
	count(data.{package}.deny) == 0 with input as file("logger.info", "added")
}
"#;

const FILE_CASES: &[(&str, &str)] = &[
    ("cases/{name}/fires/base/src/app.py", "def total(prices):\n    return sum(prices)\n"),
    ("cases/{name}/fires/head/src/app.py", "def total(prices):\n    print(prices)  # fires\n    return sum(prices)\n"),
    ("cases/{name}/near-miss/base/src/app.py", "def total(prices):\n    print(prices)\n    return sum(prices)\n"),
    (
        "cases/{name}/near-miss/head/src/app.py",
        "def total(prices):\n    print(prices)\n    return round(sum(prices), 2)\n",
    ),
];

const DOCUMENT: &str = r#"# METADATA
# title: Images have a version
# description: What runs under `latest` changes without a review, and nobody can say afterwards what ran.
# custom:
#   id: {id}
#   scope: document
#   fix: Write the version that was tested, such as `shop:1.4.2`, or a digest.
package {package}

# `input` is the document itself: what it lacks is undefined, and the rule does not fire.
deny contains msg if {
	input.kind == "Deployment"
	some container in input.spec.template.spec.containers
	not has_version(container.image)
	msg := sprintf("container `%s` runs `%s`, which has no version", [container.name, container.image])
}

has_version(image) if contains(image, "@sha256:")

# A port of a registry has a colon too, so only what stands behind the last `/` counts.
has_version(image) if {
	parts := split(image, "/")
	name := parts[count(parts) - 1]
	contains(name, ":")
	not endswith(name, ":latest")
}
"#;

const DOCUMENT_TEST: &str = r#"package {package}_test

deployment(image) := {
	"kind": "Deployment",
	"spec": {"template": {"spec": {"containers": [{"name": "web", "image": image}]}}},
}

test_latest_is_found if {
	found := data.{package}.deny with input as deployment("shop:latest")
	found == {"container `web` runs `shop:latest`, which has no version"}
}

test_no_version_at_all_is_found if {
	count(data.{package}.deny) == 1 with input as deployment("registry.example.org:5000/shop")
}

test_a_version_is_not if {
	count(data.{package}.deny) == 0 with input as deployment("registry.example.org:5000/shop:1.4.2")
}

test_a_digest_is_not if {
	count(data.{package}.deny) == 0 with input as deployment("shop@sha256:0123456789abcdef")
}

test_other_documents_are_not if {
	count(data.{package}.deny) == 0 with input as {"kind": "Service"}
}
"#;

const OLD_DEPLOYMENT: &str = "kind: Deployment
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: web
          image: shop:latest
";

const DOCUMENT_CASES: &[(&str, &str)] = &[
    (
        "cases/{name}/fires/deploy/web.yaml",
        "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: shop\n",
    ),
    // A finding of a document has no line of its own, so it is named here and not marked in the file.
    ("cases/{name}/fires/expect.txt", "{id} deploy/web.yaml\n"),
    // The image is no better, but base says so too.
    ("cases/{name}/near-miss/base/deploy/web.yaml", OLD_DEPLOYMENT),
    (
        "cases/{name}/near-miss/head/deploy/web.yaml",
        "kind: Deployment\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n        - name: web\n          image: shop:latest\n",
    ),
];

const CHANGE: &str = r#"# METADATA
# title: Code changes without a test
# description: Who changes what code does and no test has either found a gap in the tests or left one.
# custom:
#   id: {id}
#   scope: change
#   severity: warning
#   fix: Add or change a test that fails without this change.
package {package}

# A change of more lines than this needs a test.
max_untested := 10

deny contains finding if {
	added := sum([file.added | some file in input.files; file.class == "source"])
	added > max_untested
	count(tests) == 0
	finding := {"msg": sprintf("%d new lines of code and no test among the changed files", [added])}
}

tests := [file.path | some file in input.files; file.class == "test"]
"#;

const CHANGE_TEST: &str = r#"package {package}_test

file(class, added) := {"path": sprintf("%s.py", [class]), "class": class, "added": added}

test_much_code_without_a_test_is_found if {
	found := data.{package}.deny with input as {"files": [file("source", 11)]}
	found == {{"msg": "11 new lines of code and no test among the changed files"}}
}

test_little_code_is_not if {
	count(data.{package}.deny) == 0 with input as {"files": [file("source", 10)]}
}

test_code_with_a_test_is_not if {
	count(data.{package}.deny) == 0 with input as {"files": [file("source", 11), file("test", 1)]}
}
"#;

const CHANGE_CASES: &[(&str, &str)] = &[
    ("cases/{name}/fires/generate.txt", "1 src/app{}.py 12\n"),
    ("cases/{name}/fires/expect.txt", "{id}\n"),
    ("cases/{name}/near-miss/generate.txt", "1 src/app{}.py 12\n1 tests/test_app{}.py 3\n"),
];

const REVIEW: &str = r#"# METADATA
# title: Migrations are read by a second person
# description: A migration runs once, on everybody's data, and cannot be taken back.
# custom:
#   id: {id}
#   scope: review
#   fix: Ask somebody who knows the data.
package {package}

review contains request if {
	paths := [file.path | some file in input.files; startswith(file.path, "migrations/")]
	count(paths) > 0

	# Layer 2 is the owning team, layer 3 the architects. `team` and `count` can be asked for, too.
	request := {"msg": sprintf("this change migrates data: %s", [concat(", ", paths)]), "layer": 2}
}
"#;

const REVIEW_TEST: &str = r#"package {package}_test

test_a_migration_asks_the_team if {
	found := data.{package}.review with input as {"files": [{"path": "migrations/0001.sql"}]}
	found == {{"msg": "this change migrates data: migrations/0001.sql", "layer": 2}}
}

test_other_files_ask_nobody if {
	count(data.{package}.review) == 0 with input as {"files": [{"path": "docs/migrations/guide.md"}]}
}
"#;

const REVIEW_CASES: &[(&str, &str)] = &[
    ("cases/{name}/fires/migrations/0001.sql", "alter table orders add column note text;\n"),
    ("cases/{name}/fires/expect.txt", "{id}\n"),
    ("cases/{name}/near-miss/docs/migrations/guide.md", "How we migrate.\n"),
];
