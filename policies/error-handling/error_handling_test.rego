package portcullis.error_handling_test

source := {
	"path": "src/cart.py",
	"class": "source",
	"language": "python",
	"symbols": [],
	"matches": [],
}

hit(rule) := {
	"pattern": sprintf("error-handling/%s-python", [rule]),
	"start": 4,
	"column": 5,
	"end": 5,
	"end_column": 13,
	"text": "except Exception:\n        pass",
	"captures": {},
	"change": "added",
}

holding(patch, hits) := {"file": object.union(object.union(source, patch), {"matches": hits}), "change": {}}

test_every_rule_fires_at_its_place_on_one_line if {
	rules := {
		"bare-except": data.portcullis.error_handling.warn_bare_except,
		"error-becomes-nil": data.portcullis.error_handling.warn_error_becomes_nil,
		"ignored-result": data.portcullis.error_handling.warn_ignored_result,
		"return-in-finally": data.portcullis.error_handling.warn_return_in_finally,
		"swallowed-error": data.portcullis.error_handling.warn_swallowed_error,
	} with input as holding({}, [hit(rule) | some rule in {"bare-except", "error-becomes-nil", "ignored-result", "return-in-finally", "swallowed-error"}])
	count(rules) == 5
	every found in rules {
		count(found) == 1
		some finding in found
		finding.line == 4
		finding.end_column == 13
		contains(finding.msg, "`except Exception: pass`")
		finding.fix != ""
	}
}

test_what_was_there_before_is_quiet if {
	old := object.union(hit("swallowed-error"), {"change": "kept"})
	count(data.portcullis.error_handling.warn_swallowed_error) == 0 with input as holding({}, [old])
}

test_what_moved_is_quiet if {
	moved := object.union(hit("swallowed-error"), {"change": "moved"})
	count(data.portcullis.error_handling.warn_swallowed_error) == 0 with input as holding({}, [moved])
}

test_only_code_of_the_product_is_judged if {
	every class in {"generated", "vendored", "test", "docs", "config"} {
		count(data.portcullis.error_handling.warn_swallowed_error) == 0 with input as holding({"class": class}, [hit("swallowed-error")])
	}
}

test_examples_and_benchmarks_are_quiet if {
	every path in {"examples/cart.py", "shop/demo/cart.py", "benches/cart.py"} {
		count(data.portcullis.error_handling.warn_swallowed_error) == 0 with input as holding({"path": path}, [hit("swallowed-error")])
	}
}

test_a_path_that_only_begins_like_one_is_judged if {
	count(data.portcullis.error_handling.warn_swallowed_error) == 1 with input as holding({"path": "src/demographics/cart.py"}, [hit("swallowed-error")])
}

test_the_tests_inside_a_rust_file_are_quiet if {
	tests := {"name": "tests", "kind": "module", "change": "kept", "start": 2, "end": 9}
	patch := {"path": "src/cart.rs", "language": "rust", "symbols": [tests]}
	count(data.portcullis.error_handling.warn_swallowed_error) == 0 with input as holding(patch, [hit("swallowed-error")])
}

test_what_stands_after_the_tests_of_a_rust_file_fires if {
	tests := {"name": "tests", "kind": "module", "change": "kept", "start": 1, "end": 3}
	patch := {"path": "src/cart.rs", "language": "rust", "symbols": [tests]}
	count(data.portcullis.error_handling.warn_swallowed_error) == 1 with input as holding(patch, [hit("swallowed-error")])
}

test_the_fix_speaks_the_language if {
	found := data.portcullis.error_handling.warn_ignored_result with input as holding({"language": "tsx"}, [hit("ignored-result")])
	some finding in found
	startswith(finding.fix, "Await the promise")
}

test_long_text_is_cut if {
	long := object.union(hit("swallowed-error"), {"text": concat("", ["a" | some _ in numbers.range(1, 200)])})
	found := data.portcullis.error_handling.warn_swallowed_error with input as holding({}, [long])
	some finding in found
	endswith(finding.msg, "a...`")
	count(finding.msg) < 120
}

test_what_a_program_made_is_quiet if {
	every path in {"shop/cart.pb.go", "shop/cart_pb2.py", "shop/generated/cart.py", "shop/cart.gen.ts", "shop/zz_generated.deepcopy.go"} {
		count(data.portcullis.error_handling.warn_swallowed_error) == 0 with input as holding({"path": path}, [hit("swallowed-error")])
	}
}

test_helpers_of_tests_are_quiet if {
	every path in {"shop/cart_mock.go", "shop/testing.go", "shop/mocks/cart.go", "crates/test-utils/src/lib.rs"} {
		count(data.portcullis.error_handling.warn_swallowed_error) == 0 with input as holding({"path": path}, [hit("swallowed-error")])
	}
}

test_what_a_packer_wrote_is_quiet if {
	far := object.union(hit("swallowed-error"), {"column": 4000})
	count(data.portcullis.error_handling.warn_swallowed_error) == 0 with input as holding({}, [far])
}
