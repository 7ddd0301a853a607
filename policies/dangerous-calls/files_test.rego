package portcullis.dangerous_calls_files_test

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

test_unsafe_extraction_fires if {
	results := data.portcullis.dangerous_calls.deny_unsafe_extraction with input as found("added", "unsafe-extraction")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_unsafe_extraction_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_unsafe_extraction) == 0 with input as found("kept", "unsafe-extraction")
}

test_predictable_temporary_file_fires if {
	results := data.portcullis.dangerous_calls.warn_predictable_temporary_file with input as found("added", "predictable-temporary-file")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_predictable_temporary_file_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_predictable_temporary_file) == 0 with input as found("kept", "predictable-temporary-file")
}

test_world_writable_fires if {
	results := data.portcullis.dangerous_calls.deny_world_writable with input as found("added", "world-writable")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_world_writable_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_world_writable) == 0 with input as found("kept", "world-writable")
}
