package portcullis.governance_test

plain := {
	"path": "src/a.go",
	"old_path": "src/a.go",
	"status": "modified",
	"kind": "file",
	"mode_change": "",
	"parsed": {"status": "ok", "errors_in_change": false},
}

holding(patch) := {"files": [object.union(plain, patch)], "governance": {"changed": []}}

touching(patch, loosens) := {
	"files": [object.union(plain, patch)],
	"governance": {"changed": [entry(loosens, "unknown", [])]},
}

entry(loosens, effect, owners) := {
	"what": "policy",
	"path": "policies/a.rego",
	"loosens": loosens,
	"why": "a rule is gone",
	"effect": effect,
	"owners": owners,
}

test_loosening_asks_the_architects if {
	found := data.portcullis.governance.review_loosened with input as touching({}, true)
	some request in found
	request.layer == 3
	contains(request.msg, "The policy file `policies/a.rego`")
	contains(request.msg, "a rule is gone")
}

test_tightening_does_not_ask_the_architects if {
	count(data.portcullis.governance.review_loosened) == 0 with input as touching({}, false)
}

test_touching_asks_the_team if {
	found := data.portcullis.governance.review_touched with input as touching({}, false)
	some request in found
	request.layer == 2
}

test_tightening_asks_each_team_that_answers if {
	changed := {"files": [plain], "governance": {"changed": [entry(false, "tightening", ["orders", "web"])]}}
	found := data.portcullis.governance.review_touched with input as changed
	{request.team | some request in found} == {"orders", "web"}
	every request in found {
		contains(request.msg, "lets less through")
	}
}

test_without_owners_anyone_of_the_layer_is_asked if {
	found := data.portcullis.governance.review_touched with input as touching({}, false)
	{request.team | some request in found} == {""}
}

test_loosening_is_asked_of_the_architects_whoever_owns_it if {
	changed := {"files": [plain], "governance": {"changed": [entry(true, "loosening", ["orders"])]}}
	count(data.portcullis.governance.review_touched) == 0 with input as changed
	count(data.portcullis.governance.review_loosened) == 1 with input as changed
}

test_loosening_is_not_asked_for_twice if {
	count(data.portcullis.governance.review_touched) == 0 with input as touching({}, true)
}

test_submodule_bump_asks_the_team_row_12 if {
	found := data.portcullis.governance.review_submodule with input as holding({"kind": "submodule"})
	some request in found
	contains(request.msg, "moved to another commit")
}

test_every_status_of_a_submodule_has_words if {
	every status in {"added", "deleted", "modified", "renamed", "typechanged"} {
		count(data.portcullis.governance.review_submodule) == 1 with input as holding({"kind": "submodule", "status": status})
	}
}

test_regular_file_is_no_submodule if {
	count(data.portcullis.governance.review_submodule) == 0 with input as holding({})
}

test_governed_file_that_becomes_a_link_asks_the_architects_row_19 if {
	found := data.portcullis.governance.review_type_change with input as touching({"path": "policies/a.rego", "old_path": "policies/a.rego", "status": "typechanged", "kind": "symlink"}, false)
	some request in found
	request.layer == 3
}

test_link_elsewhere_does_not_ask_the_architects if {
	count(data.portcullis.governance.review_type_change) == 0 with input as touching({"status": "typechanged", "kind": "symlink"}, false)
}

test_file_that_becomes_a_link_asks_the_team_row_22 if {
	count(data.portcullis.governance.review_swapped) == 1 with input as holding({"status": "typechanged", "kind": "symlink"})
}

test_link_that_becomes_a_file_is_quiet if {
	count(data.portcullis.governance.review_swapped) == 0 with input as holding({"status": "typechanged"})
}

test_link_is_a_finding_row_20 if {
	count(data.portcullis.governance.warn_symlink) == 1 with input as holding({"kind": "symlink", "status": "added"})
}

test_deleted_link_is_quiet if {
	count(data.portcullis.governance.warn_symlink) == 0 with input as holding({"kind": "symlink", "status": "deleted"})
}

test_executable_bit_is_a_finding_row_21 if {
	count(data.portcullis.governance.warn_executable) == 1 with input as holding({"kind": "executable", "mode_change": "100644 -> 100755"})
}

test_program_that_stays_one_is_quiet if {
	count(data.portcullis.governance.warn_executable) == 0 with input as holding({"kind": "executable"})
}
