package portcullis.dangerous_calls_test

source := {
	"path": "src/app.py",
	"class": "source",
	"language": "python",
	"imports": [],
	"matches": [],
}

hit(rule) := {
	"pattern": sprintf("dangerous-calls/%s-python", [rule]),
	"start": 4,
	"column": 5,
	"end": 4,
	"end_column": 15,
	"text": "eval(code)",
	"captures": {},
	"change": "added",
}

holding(patch, hits) := {"file": object.union(object.union(source, patch), {"matches": hits}), "change": {}}

kept(rule) := object.union(hit(rule), {"change": "kept"})

test_dynamic_evaluation_fires if {
	found := data.portcullis.dangerous_calls.deny_dynamic_evaluation with input as holding({}, [hit("dynamic-evaluation")])
	count(found) == 1
	some finding in found
	finding.line == 4
	finding.end_column == 15
	not "severity" in object.keys(finding)
	contains(finding.msg, "`eval(code)`")
}

test_dynamic_evaluation_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_dynamic_evaluation) == 0 with input as holding({}, [kept("dynamic-evaluation")])
}

test_shell_interpolation_fires if {
	found := data.portcullis.dangerous_calls.deny_shell_interpolation with input as holding({}, [hit("shell-interpolation")])
	count(found) == 1
	some finding in found
	finding.line == 4
	finding.end_column == 15
	not "severity" in object.keys(finding)
	contains(finding.msg, "`eval(code)`")
}

test_shell_interpolation_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_shell_interpolation) == 0 with input as holding({}, [kept("shell-interpolation")])
}

test_tls_verification_off_fires if {
	found := data.portcullis.dangerous_calls.deny_tls_verification_off with input as holding({}, [hit("tls-verification-off")])
	count(found) == 1
	some finding in found
	finding.line == 4
	finding.end_column == 15
	not "severity" in object.keys(finding)
	contains(finding.msg, "`eval(code)`")
}

test_tls_verification_off_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_tls_verification_off) == 0 with input as holding({}, [kept("tls-verification-off")])
}

test_weak_hash_fires if {
	found := data.portcullis.dangerous_calls.deny_weak_hash with input as holding({}, [hit("weak-hash")])
	count(found) == 1
	some finding in found
	finding.line == 4
	finding.end_column == 15
	not "severity" in object.keys(finding)
	contains(finding.msg, "`eval(code)`")
}

test_weak_hash_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_weak_hash) == 0 with input as holding({}, [kept("weak-hash")])
}

test_weak_random_fires if {
	found := data.portcullis.dangerous_calls.deny_weak_random with input as holding({}, [hit("weak-random")])
	count(found) == 1
	some finding in found
	finding.line == 4
	finding.end_column == 15
	not "severity" in object.keys(finding)
	contains(finding.msg, "`eval(code)`")
}

test_weak_random_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_weak_random) == 0 with input as holding({}, [kept("weak-random")])
}

test_unsafe_deserialisation_fires if {
	found := data.portcullis.dangerous_calls.deny_unsafe_deserialisation with input as holding({}, [hit("unsafe-deserialisation")])
	count(found) == 1
	some finding in found
	finding.line == 4
	finding.end_column == 15
	not "severity" in object.keys(finding)
	contains(finding.msg, "`eval(code)`")
}

test_unsafe_deserialisation_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_unsafe_deserialisation) == 0 with input as holding({}, [kept("unsafe-deserialisation")])
}

test_sql_from_strings_fires if {
	found := data.portcullis.dangerous_calls.deny_sql_from_strings with input as holding({}, [hit("sql-from-strings")])
	count(found) == 1
	some finding in found
	finding.line == 4
	finding.end_column == 15
	not "severity" in object.keys(finding)
	contains(finding.msg, "`eval(code)`")
}

test_sql_from_strings_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_sql_from_strings) == 0 with input as holding({}, [kept("sql-from-strings")])
}

test_reader_of_ruamel_is_quiet if {
	reader := object.union(hit("unsafe-deserialisation"), {"text": "yaml.load(stream)"})
	ruamel := {"imports": [{"raw": "ruamel.yaml.YAML", "change": "kept"}]}
	count(data.portcullis.dangerous_calls.deny_unsafe_deserialisation) == 0 with input as holding(ruamel, [reader])
}

test_reader_of_both_libraries_fires if {
	reader := object.union(hit("unsafe-deserialisation"), {"text": "yaml.load(stream)"})
	both := {"imports": [{"raw": "ruamel.yaml.YAML", "change": "kept"}, {"raw": "yaml", "change": "added"}]}
	count(data.portcullis.dangerous_calls.deny_unsafe_deserialisation) == 1 with input as holding(both, [reader])
}

test_generated_and_vendored_files_are_quiet if {
	every class in {"generated", "vendored"} {
		count(data.portcullis.dangerous_calls.deny_dynamic_evaluation) == 0 with input as holding({"class": class}, [hit("dynamic-evaluation")])
	}
}

test_pattern_of_another_pack_is_quiet if {
	other := object.union(hit("dynamic-evaluation"), {"pattern": "own/dynamic-evaluation-python"})
	count(data.portcullis.dangerous_calls.deny_dynamic_evaluation) == 0 with input as holding({}, [other])
}

test_long_text_is_cut if {
	long := object.union(hit("dynamic-evaluation"), {"text": concat("", ["eval(", concat("", ["a" | some _ in numbers.range(1, 100)]), ")\nmore"])})
	found := data.portcullis.dangerous_calls.deny_dynamic_evaluation with input as holding({}, [long])
	some finding in found
	endswith(finding.msg, "...`")
	not contains(finding.msg, "more")
}

test_fix_speaks_the_language if {
	python := data.portcullis.dangerous_calls.deny_dynamic_evaluation with input as holding({}, [hit("dynamic-evaluation")])
	some first in python
	contains(first.fix, "ast.literal_eval")
	script := data.portcullis.dangerous_calls.deny_dynamic_evaluation with input as holding({"language": "tsx"}, [hit("dynamic-evaluation")])
	some second in script
	contains(second.fix, "JSON.parse")
	other := data.portcullis.dangerous_calls.deny_dynamic_evaluation with input as holding({"language": "rust"}, [hit("dynamic-evaluation")])
	some third in other
	contains(third.fix, "parser")
}

test_call_in_a_file_that_only_its_name_makes_a_test_asks_for_review if {
	found := data.portcullis.dangerous_calls.review_undeclared_test with input as holding({"class": "test", "declared": false}, [hit("dynamic-evaluation")])
	count(found) == 1
}

test_call_in_a_declared_test_asks_nobody if {
	found := data.portcullis.dangerous_calls.review_undeclared_test with input as holding({"class": "test", "declared": true}, [hit("dynamic-evaluation")])
	count(found) == 0
}

test_advice_in_a_file_that_only_its_name_makes_a_test_asks_nobody if {
	found := data.portcullis.dangerous_calls.review_undeclared_test with input as holding({"class": "test", "declared": false}, [hit("every-interface")])
	count(found) == 0
}
