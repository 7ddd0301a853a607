package portcullis.ai_hygiene_test

source := {
	"path": "shop/cart.py",
	"class": "source",
	"language": "python",
	"symbols": [symbol({})],
	"matches": [hit({})],
	"tests": [],
	"commented": [],
	"twins": [],
	"unknown": [],
	"provenance": {"spans": []},
}

symbol(patch) := object.union(
	{
		"name": "refund",
		"qualified": "refund",
		"kind": "function",
		"exported": true,
		"signature": "def refund(order)",
		"start": 3,
		"end": 5,
		"change": "added",
	},
	patch,
)

hit(patch) := object.union(
	{
		"pattern": "ai-hygiene/placeholder-body-python",
		"start": 3,
		"column": 1,
		"end": 5,
		"end_column": 9,
		"text": "def refund(order):\n    # TODO\n    pass",
		"captures": {},
		"change": "added",
	},
	patch,
)

tested(patch) := object.union(
	{
		"name": "test_total",
		"before": "",
		"start": 4,
		"end": 6,
		"skipped": false,
		"was_skipped": false,
		"assertions": 0,
		"helped": false,
		"lost": [],
		"gained": [],
		"change": "added",
	},
	patch,
)

seeing(patch) := {"file": object.union(source, patch), "change": {}}

test_a_placeholder_fires_at_its_function if {
	found := data.portcullis.ai_hygiene.warn_placeholder_body with input as seeing({})
	found == {{"msg": "`refund` has no body yet", "path": "shop/cart.py", "line": 3, "end_line": 5, "symbol": "refund"}}
}

test_the_tool_is_named_where_there_is_evidence if {
	span := {"start": 1, "end": 9, "tool": "a-tool"}
	found := data.portcullis.ai_hygiene.warn_placeholder_body with input as seeing({"provenance": {"spans": [span]}})
	{finding.msg | some finding in found} == {"`refund` has no body yet (AI-assisted: a-tool)"}
}

test_an_empty_function_fires_only_where_it_is_offered if {
	empty := hit({"text": "def refund(order):\n    pass"})
	count(data.portcullis.ai_hygiene.warn_placeholder_body) == 1 with input as seeing({"matches": [empty]})
	every other in [{"exported": false}, {"kind": "method"}, {"qualified": "Shop.refund"}, {"signature": "@cli.group() def shop()"}, {"name": "_refund"}] {
		count(data.portcullis.ai_hygiene.warn_placeholder_body) == 0 with input as seeing({"matches": [empty], "symbols": [symbol(other)]})
	}
}

test_a_function_that_was_there_is_quiet if {
	every change in {"body", "kept", "moved", "signature"} {
		count(data.portcullis.ai_hygiene.warn_placeholder_body) == 0 with input as seeing({"symbols": [symbol({"change": change})]})
	}
}

test_stubs_and_examples_are_quiet if {
	every path in {"shop/cart.pyi", "examples/cart.py", "shop/testing/cart.py", "shop/fake_cart.py", "src/cart_pb2.py"} {
		count(data.portcullis.ai_hygiene.warn_placeholder_body) == 0 with input as seeing({"path": path})
	}
}

test_a_test_without_an_assertion_fires if {
	found := data.portcullis.ai_hygiene.warn_test_without_assertion with input as seeing({"path": "shop/test_cart.py", "class": "test", "tests": [tested({})]})
	found == {{"msg": "`test_total` asserts nothing", "path": "shop/test_cart.py", "line": 4, "end_line": 6, "symbol": "test_total"}}
}

test_what_asserts_or_may_is_quiet if {
	every patch in [{"assertions": 1}, {"helped": true}, {"skipped": true}, {"change": "kept"}, {"change": "body"}, {"change": "removed"}, {"name": "test_does_not_raise"}] {
		count(data.portcullis.ai_hygiene.warn_test_without_assertion) == 0 with input as seeing({"path": "shop/test_cart.py", "class": "test", "tests": [tested(patch)]})
	}
}

test_a_test_that_lost_its_assertions_fires if {
	lost := {"line": 5, "text": "assert cart.total() == 7", "strength": "exact"}
	count(data.portcullis.ai_hygiene.warn_test_without_assertion) == 1 with input as seeing({"path": "shop/test_cart.py", "class": "test", "tests": [tested({"change": "body", "lost": [lost]})]})
}

test_code_in_comments_fires_with_its_lines if {
	block := {"start": 2, "end": 4, "text": "total = sum(prices)", "was_code": false}
	found := data.portcullis.ai_hygiene.warn_commented_out_code with input as seeing({"commented": [block]})
	found == {{"msg": "3 lines of code in comments: `total = sum(prices)`", "path": "shop/cart.py", "line": 2, "end_line": 4}}
}

test_what_others_wrote_is_not_judged if {
	block := {"start": 2, "end": 4, "text": "total = sum(prices)", "was_code": false}
	every class in {"generated", "vendored", "docs", "config"} {
		count(data.portcullis.ai_hygiene.warn_commented_out_code) == 0 with input as seeing({"class": class, "commented": [block]})
	}
}

test_functions_that_only_sound_like_tests_are_quiet if {
	count(data.portcullis.ai_hygiene.warn_test_without_assertion) == 0 with input as seeing({"path": "tests/sanity/mypy.py", "class": "test", "tests": [tested({})]})
}

test_a_block_with_a_twin_fires_with_both_places if {
	twin := {"start": 4, "end": 18, "path": "shop/orders.py", "at": 30, "lines": 12}
	found := data.portcullis.ai_hygiene.warn_duplicated_block with input as seeing({"twins": [twin]})
	found == {{"msg": "12 lines that stand in `shop/orders.py` from line 30 on already", "path": "shop/cart.py", "line": 4, "end_line": 18}}
}

test_unknown_packages_and_names_fire_by_their_kind if {
	seen := seeing({"unknown": [
		{"line": 1, "kind": "package", "name": "fastshop", "from": "pyproject.toml"},
		{"line": 2, "kind": "name", "name": "totals", "from": "shop/prices.py"},
	]})
	packages := data.portcullis.ai_hygiene.warn_unknown_import with input as seen
	{finding.msg | some finding in packages} == {"`fastshop` is no module of this repository, and `pyproject.toml` does not name it"}
	names := data.portcullis.ai_hygiene.warn_unknown_name with input as seen
	{finding.msg | some finding in names} == {"`shop/prices.py` holds no `totals`"}
}
