package near_miss

import data.lib.helper

# METADATA
# title: Everything said rightly
# description: What the other file gets wrong, written as it must be.
# custom:
#   id: everything/right
#   scope: change
deny contains msg if {
	1 == 2
	startswith("one", "two")
	msg := "x"
}

deny contains "y" if {
	used := input.change.base
	used == helper
}

deny contains "z" if {
	some file in input.files
	file.path == ""
}

deny contains "w" if {
	found := [label | some label in input.change.labels]
	count(found) > 0
}

deny contains "v" if {
	y := input.change.base
	z := y;
	(1 + 2) == 3
	z == y
}

deny contains "u" if {
	own(1) == 9 with own as 9
}

own(x) := x

deny contains msg if {
	msg := sprintf("%s %05d %.2f %d%%", [input.change.base, 7, 1.5, 3])
}

deny contains "t" if regex.match(`[A-Za-z0-9_]{1,64}`, input.change.base)

g(null) := true

p contains x if x := 1

p contains x if x := 2

deny contains "s" if {
	g(null)
	count(p) == 2
	shallow == {1} - {2}
	sum([1, 2]) == 3
	1 - count("a") == 0
}

shallow := [[[[1]]]]

deny contains {"msg": "r", "line": 3, "path": path} if {
	some file in input.files
	path := file.path
	file.status == "added"
	not file.status == "deleted"
}

deny contains finding if {
	finding := {"msg": sprintf("%s", [input.change.base]), "_loc": {"file": "a", "line": 3}, "severity": "warning"}
}

deny contains "q" if {
	input.files[_].path == "one"
	input.files[_].path == "two"
	input.change.base == "one"
	input.change.base == "two" with input as {"change": {"base": "two"}}
}
