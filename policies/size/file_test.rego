package portcullis.size.file_test

symbol(name, start, end) := {"qualified": name, "start": start, "end": end, "change": "added"}

grown(patch) := {"file": object.union({"path": "a.py", "class": "source", "added": 801, "symbols": []}, patch), "change": {}}

test_a_large_addition_fires if {
	found := data.portcullis.size.file.warn_large_addition with input as grown({})
	some finding in found
	contains(finding.msg, "801 lines")
	not contains(finding.msg, "Largest parts")
}

test_a_large_addition_names_its_parts if {
	found := data.portcullis.size.file.warn_large_addition with input as grown({"symbols": [symbol("Cart", 1, 500), symbol("Pay", 501, 560), symbol("tiny", 561, 563)]})
	some finding in found
	contains(finding.msg, "`Cart` (500 lines), `Pay` (60 lines)")
	not contains(finding.msg, "tiny")
}

test_as_large_as_allowed_is_quiet if {
	count(data.portcullis.size.file.warn_large_addition) == 0 with input as grown({"added": 800})
}

test_prose_and_data_are_quiet if {
	every class in {"config", "docs", "generated", "vendored"} {
		count(data.portcullis.size.file.warn_large_addition) == 0 with input as grown({"class": class})
	}
}
