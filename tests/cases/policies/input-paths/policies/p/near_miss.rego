package near_miss

deny contains msg if {
	some f in input.files
	f.path != f.old_path
	f.hunks[0].start > 1
	some s in f.symbols
	s.change in {"added", "signature"}
	some m in f.matches
	m.captures.ANY == m.captures[s.name]
	helper(f)
	key := "whatever"
	input.change[key] == 1
	msg := f.parsed.status
}

# What a parameter holds is not known.
helper(f) if f.anything.goes

# A mocked input has the keys that it is given.
deny contains "m" if helper(1) with input as {"x": 1}

deny contains "n" if input.other == 1 with input as {"other": 1}

deny contains "o" if {
	some f in [{"own": 1}]
	f.own == 1
}

deny contains "p" if {
	some f in input.files
	names := {g.own | some g in [{"own": 1}]}
	f.path in names
}

deny contains input.completeness.reasons[_].code

deny contains "q" if object.get(input.files[0].matches[0].captures, "ANY", input.change.base) == ""

deny contains "r" if object.get(input.change, "base", "") == ""
