package org.x_test

test_own_title if {
	some finding in data.org.x.deny with input as {"change": {"draft": true}}
	finding == {"msg": "Own title", "fix": "x/own"}
}

test_chain_goes_outwards if data.org.x.links == {[
	{"path": ["org", "x", "links"]},
	{"annotations": {"scope": "document", "title": "Of all clauses"}, "path": ["org", "x", "links"]},
	{
		"annotations": {
			"scope": "subpackages",
			"title": "The whole tree",
			"organizations": ["Acme"],
			"custom": {"owner": "platform"},
		},
		"path": ["org", "x"],
	},
]}

test_nothing_said_is_an_empty_mapping if data.org.x.unsaid == {}

# METADATA
# title: Mine
# authors: ["Ann <ann@example.org>"]
test_a_test_has_its_own if rego.metadata.rule() == {
	"scope": "rule",
	"title": "Mine",
	"authors": [{"name": "Ann", "email": "ann@example.org"}],
}
