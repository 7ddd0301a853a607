package portcullis.human_review_test

file(path, ai, unknown) := {"path": path, "provenance": {"ai_lines": ai, "unknown_lines": unknown}}

holding(files, unknown) := {"files": files, "review": {"unknown": unknown}}

test_lines_of_a_tool_are_read if {
	found := data.portcullis.human_review.review_ai_lines with input as holding([file("a.py", 3, 0)], "human")
	some request in found
	request.layer == 2
	request.msg == "lines made with AI in a.py"
}

test_unknown_lines_count_unless_they_are_said_to_be_of_people if {
	count(data.portcullis.human_review.review_ai_lines) == 1 with input as holding([file("a.py", 0, 3)], "ai")
	count(data.portcullis.human_review.review_ai_lines) == 0 with input as holding([file("a.py", 0, 3)], "human")
}

test_many_files_are_counted if {
	files := [file(sprintf("%d.py", [number]), 1, 0) | some number in numbers.range(1, 5)]
	found := data.portcullis.human_review.review_ai_lines with input as holding(files, "human")
	some request in found
	request.msg == "lines made with AI in 1.py, 2.py, 3.py and 2 more"
}
