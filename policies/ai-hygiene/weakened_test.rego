package portcullis.ai_hygiene.weakened_test

code(patch) := object.union(
	{
		"path": "shop/cart.py",
		"class": "source",
		"language": "python",
		"status": "modified",
		"added": 5,
		"removed": 2,
		"symbols": [{"name": "total", "qualified": "total", "kind": "function", "exported": true, "start": 1, "end": 9, "change": "body"}],
		"tests": [],
		"imports": [],
		"calls": [],
		"provenance": {"spans": []},
	},
	patch,
)

tests(patch) := object.union(
	{
		"path": "shop/tests/test_cart.py",
		"class": "test",
		"language": "python",
		"status": "modified",
		"added": 5,
		"removed": 2,
		"symbols": [],
		"tests": [tested({})],
		"imports": [],
		"calls": [],
		"provenance": {"spans": []},
	},
	patch,
)

exact := {"line": 7, "text": "assert total(cart) == 7", "strength": "exact"}

loose := {"line": 7, "text": "assert total(cart)", "strength": "loose"}

tested(patch) := object.union(
	{
		"name": "test_total",
		"before": "test_total",
		"start": 4,
		"end": 8,
		"skipped": false,
		"was_skipped": false,
		"assertions": 1,
		"helped": false,
		"lost": [exact],
		"gained": [],
		"change": "body",
	},
	patch,
)

changing(files) := {"files": files, "change": {}}

test_a_lost_assertion_fires_at_its_test if {
	found := data.portcullis.ai_hygiene.weakened.warn_weakened_test with input as changing([code({}), tests({})])
	found == {{
		"msg": "`test_total` no longer asserts `assert total(cart) == 7`, and the code beside it changes",
		"path": "shop/tests/test_cart.py",
		"line": 4,
		"end_line": 8,
		"symbol": "test_total",
	}}
}

test_less_exact_fires if {
	found := data.portcullis.ai_hygiene.weakened.warn_weakened_test with input as changing([code({}), tests({"tests": [tested({"gained": [loose]})]})])
	count(found) == 1
	some finding in found
	contains(finding.msg, "less exact")
}

test_another_value_is_quiet if {
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([code({}), tests({"tests": [tested({"gained": [exact]})]})])
}

test_switched_off_fires_and_was_off_does_not if {
	off := {"lost": [], "skipped": true}
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 1 with input as changing([code({}), tests({"tests": [tested(off)]})])
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([code({}), tests({"tests": [tested(object.union(off, {"was_skipped": true}))]})])
}

test_tests_that_change_alone_are_quiet if {
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([tests({})])
}

test_code_elsewhere_is_quiet if {
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([code({"path": "bank/ledger.py"}), tests({})])
}

test_what_goes_with_the_code_is_quiet if {
	gone := {"name": "total", "qualified": "total", "kind": "function", "exported": true, "start": 1, "end": 9, "change": "removed"}
	here := code({"symbols": array.concat(code({}).symbols, [gone])})
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([here, tests({})])
	removed := tested({"change": "removed", "lost": []})
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([here, tests({"tests": [removed]})])
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 1 with input as changing([code({}), tests({"tests": [removed]})])
}

test_a_test_that_moved_to_another_file_is_quiet if {
	removed := tested({"change": "removed", "lost": []})
	new := tests({"path": "shop/tests/test_other.py", "tests": [tested({"change": "added", "lost": []})]})
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([code({}), tests({"tests": [removed]}), new])
}

test_many_at_once_are_a_rewrite if {
	many := [object.union(exact, {"line": number}) | some number in numbers.range(1, 11)]
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([code({}), tests({"tests": [tested({"lost": many})]})])
}

test_the_tool_is_named_where_there_is_evidence if {
	made := tests({"provenance": {"spans": [{"start": 1, "end": 9, "tool": "a-tool"}]}})
	found := data.portcullis.ai_hygiene.weakened.warn_weakened_test with input as changing([code({}), made])
	count(found) == 1
	some finding in found
	contains(finding.msg, "(AI-assisted: a-tool)")
}

test_what_a_new_helper_may_assert_is_quiet if {
	call := {"callee": "check_total", "line": 6, "change": "added"}
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([code({}), tests({"calls": [call]})])
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 1 with input as changing([code({}), tests({"calls": [object.union(call, {"change": "kept"})]})])
}

test_what_many_tests_lose_at_once_is_quiet if {
	two := [tested({"name": name, "start": index}) | some index, name in ["test_a", "test_b"]]
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 2 with input as changing([code({}), tests({"tests": two})])
	three := [tested({"name": name, "start": index}) | some index, name in ["test_a", "test_b", "test_c"]]
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([code({}), tests({"tests": three})])
}

test_tests_that_go_with_more_code_than_comes_are_quiet if {
	removed := tested({"change": "removed", "lost": []})
	less := code({"added": 2, "removed": 9})
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([less, tests({"tests": [removed]})])
}

test_a_call_that_no_code_makes_any_more_need_not_be_verified if {
	stop := {"line": 7, "text": "verify(store, times(1)).stop()", "strength": "other"}
	gone := {"callee": "this.store.stop", "line": 9, "change": "removed"}
	test := tests({"tests": [tested({"lost": [stop]})]})
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 0 with input as changing([code({"calls": [gone]}), test])
	still := object.union(gone, {"change": "kept"})
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 1 with input as changing([code({"calls": [still]}), test])
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 1 with input as changing([code({"calls": [gone, still]}), test])
	other := object.union(gone, {"callee": "this.store.start"})
	count(data.portcullis.ai_hygiene.weakened.warn_weakened_test) == 1 with input as changing([code({"calls": [other]}), test])
}
