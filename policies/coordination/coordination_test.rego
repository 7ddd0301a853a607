package portcullis.coordination_test

change(number) := {
	"number": number,
	"label": sprintf("#%d", [number]),
	"title": "Rework the cart",
	"url": sprintf("https://git.example/acme/shop/pull/%d", [number]),
	"author": "bob",
	"head": "1111111111111111111111111111111111111111",
	"draft": false,
}

overlap(kind, number, patch) := object.union(
	{
		"kind": kind,
		"change": change(number),
		"name": "Cart.add",
		"paths": ["src/cart.py"],
		"line": 3,
		"ours": "body",
		"theirs": "signature",
		"note": "here its body changes, there its signature changes",
	},
	patch,
)

with_overlaps(overlaps) := {"change": {"overlaps": overlaps, "others": {"known": "yes", "compared": 2, "gaps": []}}, "files": []}

messages(rule) := [finding.msg | some finding in rule]

test_the_same_symbol_fires_once_for_each_other_change if {
	found := data.portcullis.coordination.warn_same_symbol with input as with_overlaps([
		overlap("symbol", 12, {}),
		overlap("symbol", 12, {"name": "Cart.total"}),
		overlap("symbol", 15, {}),
	])
	count(found) == 2
	some one in found
	one.msg == "`Cart.add`, `Cart.total` change in #12 \"Rework the cart\" (bob) too"
	some other in found
	other.msg == "`Cart.add` changes in #15 \"Rework the cart\" (bob) too: here its body changes, there its signature changes"
	other.line == 3
}

test_many_symbols_are_counted if {
	overlaps := [overlap("symbol", 12, {"name": sprintf("f%d", [n])}) | some n in numbers.range(1, 7)]
	found := data.portcullis.coordination.warn_same_symbol with input as with_overlaps(overlaps)
	count(found) == 1
	contains(messages(found)[0], "`f1`, `f2`, `f3` and 4 more change in #12")
}

test_another_symbol_of_the_same_file_is_at_most_a_note if {
	overlaps := [overlap("module", 12, {"name": "src", "ours": "touched", "theirs": "touched"})]
	count(data.portcullis.coordination.warn_same_symbol) == 0 with input as with_overlaps(overlaps)
	found := data.portcullis.coordination.warn_same_module with input as with_overlaps(overlaps)
	messages(found) == ["src/cart.py changes in #12 \"Rework the cart\" (bob) too, in other parts"]
}

test_what_is_not_known_of_the_parts_is_said if {
	overlaps := [overlap("module", 12, {"theirs": "unknown"})]
	found := data.portcullis.coordination.warn_same_module with input as with_overlaps(overlaps)
	contains(messages(found)[0], "which parts there is not known")
}

test_each_file_is_told_once_whoever_changes_it if {
	many := [overlap("module", number, {"paths": ["a.py", "b.py"]}) | some number in numbers.range(12, 16)]
	found := data.portcullis.coordination.warn_same_module with input as with_overlaps(many)
	count(found) == 2
	contains(messages(found)[0], "a.py changes in #12 \"Rework the cart\" (bob), #13")
	contains(messages(found)[1], "and 2 more too, in other parts")
}

test_no_more_than_ten_files_are_told if {
	many := [overlap("module", 12, {"paths": [sprintf("%d.py", [n]) | some n in numbers.range(1, 30)]})]
	found := data.portcullis.coordination.warn_same_module with input as with_overlaps(many)
	count(found) == 10
}

test_other_files_of_the_same_module_are_quiet if {
	overlaps := [overlap("module", 12, {"paths": []})]
	count(data.portcullis.coordination.warn_same_module) == 0 with input as with_overlaps(overlaps)
}

test_the_same_files_are_not_told_beside_the_same_symbol if {
	overlaps := [overlap("symbol", 12, {}), overlap("module", 12, {}), overlap("module", 15, {})]
	found := data.portcullis.coordination.warn_same_module with input as with_overlaps(overlaps)
	count(found) == 1
	contains(messages(found)[0], "#15")
}

test_the_same_contract_fires if {
	overlaps := [overlap("contract", 12, {"name": "CON-PAY-API", "paths": ["api/openapi.yaml"], "line": 0})]
	found := data.portcullis.coordination.warn_same_contract with input as with_overlaps(overlaps)
	messages(found) == ["the source of CON-PAY-API changes in #12 \"Rework the cart\" (bob) too"]
	count(data.portcullis.coordination.warn_opposite_decisions) == 0 with input as with_overlaps(overlaps)
}

test_opposite_decisions_fire_and_drafts_are_called_so if {
	overlaps := [overlap("decision", 12, {
		"name": "ADR-0007",
		"paths": ["docs/adr/0007-a.md"],
		"note": "opposite: this change accepts it, the other rejects it",
		"change": object.union(change(12), {"draft": true}),
	})]
	found := data.portcullis.coordination.warn_opposite_decisions with input as with_overlaps(overlaps)
	some finding in found
	contains(finding.msg, "ADR-0007 is not the same in #12 \"Rework the cart\" (bob, draft): opposite")
	finding.path == "docs/adr/0007-a.md"
}

test_without_overlaps_everything_is_quiet if {
	every rule in ["warn_opposite_decisions", "warn_same_contract", "warn_same_module", "warn_same_symbol"] {
		count(data.portcullis.coordination[rule]) == 0 with input as with_overlaps([])
	}
}
