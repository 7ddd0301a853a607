package near_miss

deny contains "a" if {
	some f in input.files
	f.status == "deleted"
	f.class != "test"
	f.status in {"added", "modified"}
	f.language == "any text"
	f.status != input.change.title
	statuses := {g.status | some g in input.files}
	statuses != "text"
	helper(f)
}

helper(f) if f.status == "a parameter is not followed"

deny contains "b" if {
	some f in [{"status": "own"}]
	f.status == "own"
}
