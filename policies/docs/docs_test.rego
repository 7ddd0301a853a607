package portcullis.docs_test

symbol(patch) := object.union(
	{
		"name": "total",
		"qualified": "total",
		"kind": "function",
		"exported": true,
		"documented": false,
		"signature": "func total()",
		"before": "",
		"start": 30,
		"end": 40,
		"change": "added",
	},
	patch,
)

documented := [symbol({"qualified": name, "name": name, "documented": true, "change": "kept", "start": 3, "end": 9}) | some name in ["a", "b", "c", "d"]]

file(patch) := object.union(
	{
		"path": "shop/cart.go",
		"class": "source",
		"language": "go",
		"status": "modified",
		"added": 60,
		"symbols": array.concat(documented, [symbol({})]),
		"matches": [],
		"provenance": {"ai_lines": 60, "human_lines": 0, "unknown_lines": 0, "spans": []},
	},
	patch,
)

one(patch) := {"file": file(patch), "change": {}}

test_a_new_function_among_documented_ones_fires if {
	found := data.portcullis.docs.warn_undocumented_export with input as one({})
	some finding in found
	finding.line == 30
	finding.symbol == "total"
	contains(finding.msg, "`total` is exported and not documented")
}

test_a_documented_one_is_quiet if {
	symbols := array.concat(documented, [symbol({"documented": true})])
	count(data.portcullis.docs.warn_undocumented_export) == 0 with input as one({"symbols": symbols})
}

test_another_kind_is_not_judged_by_functions if {
	symbols := array.concat(documented, [symbol({"kind": "struct"})])
	count(data.portcullis.docs.warn_undocumented_export) == 0 with input as one({"symbols": symbols})
}

test_several_new_ones_do_not_excuse_each_other if {
	symbols := array.concat(documented, [symbol({"qualified": name, "name": name}) | some name in ["e", "f", "g"]])
	count(data.portcullis.docs.warn_undocumented_export) == 3 with input as one({"symbols": symbols})
}

test_fields_and_constants_are_quiet if {
	every kind in {"field", "constant", "variable", "module"} {
		symbols := array.concat([object.union(old, {"kind": kind}) | some old in documented], [symbol({"kind": kind})])
		count(data.portcullis.docs.warn_undocumented_export) == 0 with input as one({"symbols": symbols})
	}
}

test_tests_and_generated_code_are_quiet if {
	every class in {"generated", "vendored", "test", "docs"} {
		count(data.portcullis.docs.warn_undocumented_export) == 0 with input as one({"class": class})
	}
}

many(patch) := {"files": [file(object.union({"path": "shop/cart.py", "language": "python", "status": "added", "symbols": [symbol({})]}, patch))], "change": {}}

test_a_new_ai_module_fires if {
	found := data.portcullis.docs.warn_undescribed_ai_module with input as many({})
	found == {{"msg": "`shop/cart.py` is new, mostly AI-assisted, and does not say what it is for", "path": "shop/cart.py"}}
}

test_half_of_the_lines_is_not_most if {
	half := {"provenance": {"ai_lines": 30, "human_lines": 0, "unknown_lines": 30, "spans": []}}
	count(data.portcullis.docs.warn_undescribed_ai_module) == 0 with input as many(half)
}

test_a_description_is_enough if {
	said := {"matches": [{"pattern": "docs/undescribed-ai-module-python", "start": 1, "change": "added"}]}
	count(data.portcullis.docs.warn_undescribed_ai_module) == 0 with input as many(said)
}

test_a_file_that_was_there_is_quiet if {
	count(data.portcullis.docs.warn_undescribed_ai_module) == 0 with input as many({"status": "modified"})
}

test_documented_by_its_only_export_is_quiet if {
	count(data.portcullis.docs.warn_undescribed_ai_module) == 0 with input as many({"symbols": [symbol({"documented": true})]})
}

test_a_method_of_an_interface_in_the_file_is_described_there if {
	methods := array.concat([object.union(old, {"kind": "method"}) | some old in documented], [symbol({"kind": "method"})])
	count(data.portcullis.docs.warn_undocumented_export) == 1 with input as one({"symbols": methods})
	other := symbol({"kind": "method", "qualified": "Cart.total", "documented": true, "change": "kept"})
	count(data.portcullis.docs.warn_undocumented_export) == 0 with input as one({"symbols": array.concat(methods, [other])})
}

test_what_a_program_made_is_quiet if {
	count(data.portcullis.docs.warn_undocumented_export) == 0 with input as one({"path": "shop/cart.pb.go"})
}
