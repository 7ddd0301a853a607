# METADATA
# title: Errors that nobody sees
# description: An error that is dropped comes back later, somewhere else, as a wrong number or a missing file, and nothing says where it began.
# custom:
#   scope: file
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.error_handling

# METADATA
# title: Error that is caught and dropped
# description: A handler that does nothing turns a failure into silence. The program goes on with what it does not have, and the log says nothing about it.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/390.html
# custom:
#   id: error-handling/swallowed-error
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Handle the error, pass it on, or write into the handler why it may be dropped.
#   examples:
#     bad: |
#       try { save(order) } catch {}
#     good: |
#       try { save(order) } catch (error) { log.error("order not saved", error); throw error }
warn_swallowed_error contains finding if {
	some match in introduced("swallowed-error")
	finding := at(match, "this drops the error", "swallowed-error")
}

# METADATA
# title: Handler that catches everything
# description: A bare `except` also catches the interrupt from the keyboard, the end of the program and every misspelt name, and hides all of them.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/396.html
# custom:
#   id: error-handling/bare-except
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Name the exceptions that can happen here, or `Exception`; raise again what is not meant.
#   examples:
#     bad: |
#       except:
#           price = None
#     good: |
#       except KeyError:
#           price = None
warn_bare_except contains finding if {
	some match in introduced("bare-except")
	finding := at(match, "this catches everything, the end of the program too", "bare-except")
}

# METADATA
# title: Result that nobody looks at
# description: Some calls say only by their result that they failed. Where it is thrown away, the next lines work on a file that was not written or a number that was not read.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/252.html
# custom:
#   id: error-handling/ignored-result
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Look at the result, or write beside the call why it does not matter.
#   examples:
#     bad: |
#       count, _ := strconv.Atoi(text)
#     good: |
#       count, err := strconv.Atoi(text)
#       if err != nil { return err }
warn_ignored_result contains finding if {
	some match in introduced("ignored-result")
	finding := at(match, "nobody looks at whether this worked", "ignored-result")
}

# METADATA
# title: Jump out of `finally`
# description: A `return`, `break` or `continue` in a `finally` block throws away the error that is on its way out, and the value that was to be returned.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/584.html
# custom:
#   id: error-handling/return-in-finally
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Leave `finally` to clean up, and return after it.
#   examples:
#     bad: |
#       finally { return total; }
#     good: |
#       finally { connection.close(); }
#       return total;
warn_return_in_finally contains finding if {
	some match in introduced("return-in-finally")
	finding := at(match, "this throws away an error that is on its way out", "return-in-finally")
}

# METADATA
# title: Error found and no error returned
# description: A function that sees an error and returns `nil` in its place tells its callers that all went well.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/391.html
# custom:
#   id: error-handling/error-becomes-nil
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Return the error with what was being done, or write beside it why it is none.
#   examples:
#     bad: |
#       if err != nil { return nil }
#     good: |
#       if err != nil { return fmt.Errorf("reading %s: %w", path, err) }
warn_error_becomes_nil contains finding if {
	some match in introduced("error-becomes-nil")
	finding := at(match, "here an error becomes `nil`", "error-becomes-nil")
}

# In tests and examples an error that is dropped harms nobody; what others wrote is judged where it comes from.
judged if {
	input.file.class == "source"
	not made(input.file.path)
	not testing(input.file.path)
	not regex.match(`(^|/)(examples?|samples?|demos?|fixtures?|benches|benchmarks?)/`, input.file.path)
}

# Made by a program, by the look of its name, where base does not say so.
made(path) if regex.match(`(\.pb(\.gw)?\.go|_pb2(_grpc)?\.pyi?|([._-]|/zz_)(gen|generated)(\.[a-z]+)+|(^|/)generated/.*)$`, path)

# Helpers and stand-ins of tests, by the look of their names.
testing(path) if regex.match(`(?i)(^|/)((tests?|testing|testutils?|mocks?)\.[a-z]+|mock_[^/]*|[^/]*[_-]mock\.[a-z]+|(testing|testutils?|mocks?|__mocks__|e2e|test-[a-z]+)/.*)$`, path)

introduced(rule) := [match |
	judged
	some match in input.file.matches
	match.change == "added"
	startswith(match.pattern, sprintf("error-handling/%s-", [rule]))
	not in_tests(match)

	# What stands so far to the right was written by a packer.
	match.column < 1000
]

# Rust keeps unit tests in the file itself.
in_tests(match) if {
	input.file.language == "rust"
	some symbol in input.file.symbols
	symbol.kind == "module"
	regex.match(`^tests?$`, symbol.name)
	symbol.change != "removed"
	symbol.start <= match.start
	match.end <= symbol.end
}

at(match, message, rule) := {
	"msg": sprintf("%s: `%s`", [message, shown(match.text)]),
	"path": input.file.path,
	"line": match.start,
	"column": match.column,
	"end_line": match.end,
	"end_column": match.end_column,
	"fix": fix(rule),
}

# The place on one line, short enough for a message.
shown(text) := line if {
	line := one_line(text)
	count(line) <= 80
}

shown(text) := sprintf("%s...", [substring(line, 0, 77)]) if {
	line := one_line(text)
	count(line) > 80
}

one_line(text) := regex.replace(substring(text, 0, 400), `\s+`, " ")

fix(rule) := object.get(fixes[rule], dialect, fixes[rule].any)

dialect := "javascript" if input.file.language in {"javascript", "tsx", "typescript"}

dialect := input.file.language if not input.file.language in {"javascript", "tsx", "typescript"}

fixes := {
	"bare-except": {"any": "Name the exceptions that can happen here, or `Exception`; raise again what is not meant."},
	"error-becomes-nil": {"any": "Return fmt.Errorf(\"...: %w\", err), or write beside it why this is no error."},
	"ignored-result": {
		"any": "Look at the result, or write beside the call why it does not matter.",
		"go": "Take the error and return it, or write beside the call why it cannot happen.",
		"java": "Use java.nio.file.Files, which throws, or look at the answer.",
		"javascript": "Await the promise, or give the callback a body that looks at its error.",
		"python": "Add check=True, or look at the return code.",
		"rust": "Use `?`, or write beside the call why the error does not matter.",
	},
	"return-in-finally": {"any": "Leave `finally` to clean up, and return after it."},
	"swallowed-error": {
		"any": "Handle the error, pass it on, or write into the handler why it may be dropped.",
		"python": "Catch the exceptions that can happen, log them, or write into the handler why they may be dropped.",
	},
}
