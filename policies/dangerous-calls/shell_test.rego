package portcullis.dangerous_calls_shell_test

found(change, rule) := {
	"file": {
		"path": "src/app.py",
		"class": "source",
		"language": "python",
		"imports": [],
		"matches": [{
			"pattern": sprintf("dangerous-calls/%s-python", [rule]),
			"start": 4,
			"column": 5,
			"end": 4,
			"end_column": 15,
			"text": "call(text)",
			"captures": {},
			"change": change,
		}],
	},
	"change": {},
}

test_shell_from_variable_fires if {
	results := data.portcullis.dangerous_calls.warn_shell_from_variable with input as found("added", "shell-from-variable")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_shell_from_variable_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_shell_from_variable) == 0 with input as found("kept", "shell-from-variable")
}

test_what_shell_interpolation_says_is_not_said_twice if {
	one := found("added", "shell-from-variable")
	other := object.union(one.file.matches[0], {"pattern": "dangerous-calls/shell-interpolation-python"})
	both := object.union(one, {"file": object.union(one.file, {"matches": array.concat(one.file.matches, [other])})})
	count(data.portcullis.dangerous_calls.warn_shell_from_variable) == 0 with input as both
}
