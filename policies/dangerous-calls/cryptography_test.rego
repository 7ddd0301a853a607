package portcullis.dangerous_calls_cryptography_test

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

test_weak_cipher_fires if {
	results := data.portcullis.dangerous_calls.deny_weak_cipher with input as found("added", "weak-cipher")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_weak_cipher_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_weak_cipher) == 0 with input as found("kept", "weak-cipher")
}

test_short_key_fires if {
	results := data.portcullis.dangerous_calls.deny_short_key with input as found("added", "short-key")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_short_key_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_short_key) == 0 with input as found("kept", "short-key")
}

test_obsolete_tls_fires if {
	results := data.portcullis.dangerous_calls.deny_obsolete_tls with input as found("added", "obsolete-tls")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_obsolete_tls_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_obsolete_tls) == 0 with input as found("kept", "obsolete-tls")
}

test_unverified_token_fires if {
	results := data.portcullis.dangerous_calls.deny_unverified_token with input as found("added", "unverified-token")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_unverified_token_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_unverified_token) == 0 with input as found("kept", "unverified-token")
}

test_literal_key_fires if {
	results := data.portcullis.dangerous_calls.deny_literal_key with input as found("added", "literal-key")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_literal_key_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_literal_key) == 0 with input as found("kept", "literal-key")
}
