package portcullis.hidden_code.collisions_test

test_twins_in_case_are_a_finding_row_18 if {
	found := data.portcullis.hidden_code.collisions.deny_path_collision with input as {"change": {"collisions": [{"path": "src/A.rs", "twin": "src/a.rs"}]}}
	count(found) == 1
}

test_without_twins_quiet if {
	count(data.portcullis.hidden_code.collisions.deny_path_collision) == 0 with input as {"change": {"collisions": []}}
}
