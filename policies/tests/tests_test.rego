package portcullis.tests_test

symbol(patch) := object.union(
	{
		"name": "total",
		"qualified": "total",
		"kind": "function",
		"exported": true,
		"documented": true,
		"signature": "def total(cart)",
		"before": "def total(cart)",
		"start": 3,
		"end": 20,
		"change": "body",
	},
	patch,
)

file(patch) := object.union(
	{
		"path": "shop/cart.py",
		"class": "source",
		"language": "python",
		"status": "modified",
		"module": "shop",
		"added": 8,
		"removed": 1,
		"hunks": [{"start": 5, "end": 12}],
		"symbols": [symbol({})],
		"calls": [{"callee": "line.price", "line": 6, "change": "added"}],
		"imports": [],
	},
	patch,
)

changing(files) := {"files": files, "change": {}}

test_a_changed_function_fires_at_its_line if {
	found := data.portcullis.tests.warn_untested_change with input as changing([file({})])
	found == {{"msg": "`total` changed here, and no test near it does", "path": "shop/cart.py", "line": 3}}
}

test_one_finding_a_file_names_three if {
	many := [symbol({"qualified": name, "start": 3 + index}) | some index, name in ["a", "b", "c", "d", "e"]]
	found := data.portcullis.tests.warn_untested_change with input as changing([file({"symbols": many})])
	found == {{"msg": "`a`, `b`, `c` and 2 more changed here, and no test near it does", "path": "shop/cart.py", "line": 3}}
}

test_a_signature_with_its_body_fires if {
	count(data.portcullis.tests.warn_untested_change) == 1 with input as changing([file({"symbols": [symbol({"change": "signature"})]})])
}

test_kept_moved_and_removed_are_quiet if {
	every change in {"kept", "moved", "removed"} {
		count(data.portcullis.tests.warn_untested_change) == 0 with input as changing([file({"symbols": [symbol({"change": change})]})])
	}
}

test_a_deletion_of_lines_alone_counts_as_one if {
	count(data.portcullis.tests.warn_untested_change) == 0 with input as changing([file({"hunks": [{"start": 5, "end": 4}]})])
}

test_lines_outside_of_what_is_exported_do_not_count if {
	count(data.portcullis.tests.warn_untested_change) == 0 with input as changing([file({"hunks": [{"start": 30, "end": 60}]})])
}

test_a_test_that_is_only_deleted_covers_nothing if {
	gone := file({"path": "shop/test_cart.py", "class": "test", "status": "deleted", "added": 0})
	count(data.portcullis.tests.warn_untested_change) == 1 with input as changing([file({}), gone])
}

test_a_test_beside_covers if {
	beside := file({"path": "shop/test_cart.py", "class": "test"})
	count(data.portcullis.tests.warn_untested_change) == 0 with input as changing([file({}), beside])
}

test_a_test_of_another_package_does_not if {
	other := file({"path": "packages/web/tests/app.spec.ts", "class": "test", "language": "typescript"})
	here := file({"path": "packages/shop/src/cart.ts", "language": "typescript"})
	count(data.portcullis.tests.warn_untested_change) == 1 with input as changing([here, other])
}

test_what_base_declares_to_be_a_test_is_one if {
	declared := file({"path": "shop/checks/cart.py", "class": "test"})
	count(data.portcullis.tests.warn_untested_change) == 0 with input as changing([file({}), declared])
}

test_code_for_tests_needs_no_test if {
	every path in {"shop/testing/cart.go", "shop/mocks/cart.go", "src/tests.rs", "web/e2e/cart.ts", "shop/CartTestUtils.java"} {
		count(data.portcullis.tests.warn_untested_change) == 0 with input as changing([file({"path": path})])
	}
}

test_a_folder_that_only_ends_like_tests_is_code if {
	every path in {"shop/latest/cart.go", "shop/contest/cart.go"} {
		count(data.portcullis.tests.warn_untested_change) == 1 with input as changing([file({"path": path})])
	}
}

test_a_change_everywhere_is_told_once if {
	found := data.portcullis.tests.warn_untested_change with input as changing([file({"path": sprintf("shop/%d/cart.py", [number])}) | some number in numbers.range(10, 21)])
	found == {{"msg": "exported code changed in 12 files, and no test near them does: `shop/10/cart.py`, `shop/11/cart.py`, `shop/12/cart.py` and 9 more"}}
}

test_what_a_program_made_needs_no_test if {
	count(data.portcullis.tests.warn_untested_change) == 0 with input as changing([file({"path": "shop/cart.pb.go"})])
}

test_lines_that_are_only_replaced_are_quiet if {
	count(data.portcullis.tests.warn_untested_change) == 0 with input as changing([file({"added": 8, "removed": 6})])
}

test_a_new_function_fires_where_others_went if {
	new := symbol({"change": "added"})
	count(data.portcullis.tests.warn_untested_change) == 1 with input as changing([file({"added": 8, "removed": 60, "symbols": [new]})])
}
