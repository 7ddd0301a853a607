package p_test

files(class) := {"files": [{"path": "a.py", "class": class, "added": 0}]}

test_passes if data.p.deny == {"a.py"} with input as files("source")

test_equal if {
	found := data.p.deny with input as files("source")
	print("found", found, "<&\u001b[31m>")
	found == {"b.py"}
}

test_deep if {"a": [1, {"b": "c"}], "d": 1} == {"a": [1, {"b": "x"}], "e": 1}

test_count if count(data.p.deny) == 2 with input as files("source")

test_many if {
	some n in [1, 2, 3]
	n > 5
}

test_not if not data.p.named({"path": "a", "class": "source"})

test_in if "x" in {"y", "z"}

test_call if contains("hello", "yellow")

test_error if to_number("x") == 1

test_value := "yes"

todo_test_later if false
