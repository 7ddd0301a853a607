package portcullis.review_test

nothing := {
	"files": [],
	"contracts": [],
	"impact": {"modules": [], "new_edges": [], "new_modules": [], "layers_crossed": []},
	"review": {"layer": 1, "teams": ["web"], "unknown": "ai", "records": [], "approvals": []},
}

module(used_by) := {"id": "src", "direct": 1, "transitive": 1, "teams": ["web"], "used_by": used_by}

file(ai, unknown) := {
	"path": "src/a.py",
	"module": "src",
	"class": "source",
	"added": 1,
	"removed": 0,
	"provenance": {"ai_lines": ai, "unknown_lines": unknown},
}

reaching(impact) := object.union(nothing, {"impact": impact})

test_a_small_change_of_one_team_asks_nobody if {
	count(data.portcullis.review.review_shared_code) == 0 with input as nothing
	count(data.portcullis.review.review_across_teams) == 0 with input as nothing
	count(data.portcullis.review.review_large) == 0 with input as nothing
	count(data.portcullis.review.review_decision_record) == 0 with input as nothing
}

test_shared_code_names_who_uses_it if {
	found := data.portcullis.review.review_shared_code with input as reaching({"modules": [module(["orders", "mobile"])]})
	some request in found
	request.layer == 2
	request.msg == "module `src` is used by orders, mobile"
}

test_an_edge_between_systems_is_for_the_architects if {
	found := data.portcullis.review.review_boundary with input as reaching({"new_edges": ["orders/api -> web/pages"]})
	some request in found
	request.layer == 3
}

test_an_edge_within_a_system_is_for_its_team if {
	count(data.portcullis.review.review_boundary) == 0 with input as reaching({"new_edges": ["api -> store"]})
	found := data.portcullis.review.review_new_edge with input as reaching({"new_edges": ["api -> store"]})
	some request in found
	request.layer == 2
}

test_shared_ai_needs_several_teams if {
	one := object.union(reaching({"modules": [module(["orders"])]}), {"files": [file(1, 0)]})
	count(data.portcullis.review.review_shared_ai) == 0 with input as one
	two := object.union(one, {"review": {"teams": ["orders", "web"]}})
	count(data.portcullis.review.review_shared_ai) == 1 with input as two
}

test_a_deep_change_cites_its_decision if {
	found := data.portcullis.review.review_decision_record with input as reaching({"new_modules": ["refunds"]})
	some request in found
	request.record
}
