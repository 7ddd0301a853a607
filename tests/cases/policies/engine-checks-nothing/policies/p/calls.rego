package calls

import data.lib

deny contains "unknown function behind a false condition" if {
	1 == 2
	no_such_function(1)
}

deny contains "nearly a builtin" if {
	1 == 2
	spritnf("%s", ["x"])
}

deny contains "nearly an own function" if {
	1 == 2
	is_generatd("x")
}

deny contains "nearly an imported function" if lib.helpr("x")

deny contains "wrong arity of a builtin" if {
	1 == 2
	startswith("x")
}

deny contains "wrong arity of a function" if {
	1 == 2
	not is_generated("x", "y")
}

deny contains "wrong arity across packages" if {
	1 == 2
	data.lib.helper("x", "y", "z")
}

deny contains "a rule is no function" if limit(1) == 2

deny contains "answers may stand last" if {
	startswith("x", "y", answer)
	walk([1], [path, value])
	is_generated("x")
	lib.helper("x") == count(path)
	answer == value
}

is_generated(path) if startswith(path, "gen/")

limit := 1

clauses(x) := x

clauses(x, y) := x + y
