package portcullis.dangerous_calls_web_test

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

test_any_origin_fires if {
	results := data.portcullis.dangerous_calls.warn_any_origin with input as found("added", "any-origin")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_any_origin_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_any_origin) == 0 with input as found("kept", "any-origin")
}

test_every_interface_fires if {
	results := data.portcullis.dangerous_calls.warn_every_interface with input as found("added", "every-interface")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_every_interface_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_every_interface) == 0 with input as found("kept", "every-interface")
}

test_debugger_exposed_fires if {
	results := data.portcullis.dangerous_calls.warn_debugger_exposed with input as found("added", "debugger-exposed")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_debugger_exposed_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_debugger_exposed) == 0 with input as found("kept", "debugger-exposed")
}

test_csrf_off_fires if {
	results := data.portcullis.dangerous_calls.warn_csrf_off with input as found("added", "csrf-off")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_csrf_off_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_csrf_off) == 0 with input as found("kept", "csrf-off")
}

test_open_cookie_fires if {
	results := data.portcullis.dangerous_calls.warn_open_cookie with input as found("added", "open-cookie")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_open_cookie_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_open_cookie) == 0 with input as found("kept", "open-cookie")
}

test_unencrypted_connection_fires if {
	results := data.portcullis.dangerous_calls.warn_unencrypted_connection with input as found("added", "unencrypted-connection")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_unencrypted_connection_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_unencrypted_connection) == 0 with input as found("kept", "unencrypted-connection")
}
