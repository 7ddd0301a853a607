# METADATA
# title: Tests that give way to the code
# description: A test that no longer fits the code is a question. Taking the question away is the shortest answer, and the one that a tool gives that was told to make the tests pass.
# custom:
#   scope: change
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.ai_hygiene.weakened

# Of so many assertions that a test loses at once somebody has thought; it is a rewrite.
most_lost := 10

# METADATA
# title: Weaker test beside the code that it tests
# description: The code changes, and in the same change its test asserts less, something less exact, is switched off, or goes. What the test held before is held by nothing now, and green says nothing about it.
# related_resources:
#   - https://google.github.io/eng-practices/review/reviewer/looking-for.html
# custom:
#   id: ai-hygiene/weakened-test
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Put the assertion back and mend the code, or say in the change why what it held need not hold any more.
#   examples:
#     bad: |
#       assert cart.total() == 7   ->   assert cart.total() is not None
#     good: |
#       assert cart.total() == 7   ->   assert cart.total() == Money(7, "EUR")
warn_weakened_test contains finding if {
	some file in test_files
	some test in file.tests
	test.change in {"body", "kept"}
	why := weaker(file, test)
	code_beside(file)
	finding := {
		"msg": sprintf("`%s` %s%s, and the code beside it changes", [shown(test.name), why, maker(file, test.start)]),
		"path": file.path,
		"line": test.start,
		"end_line": test.end,
		"symbol": test.name,
	}
}

warn_weakened_test contains finding if {
	some file in test_files
	file.status != "deleted"
	gone := {test.name |
		some test in file.tests
		test.change == "removed"
		not test.was_skipped
		not elsewhere[test.name]
	}
	count(gone) > 0
	count([test | some test in file.tests; test.change == "added"]) < count(gone)
	code_beside(file)
	not takes_away(file)
	finding := {
		"msg": sprintf("the tests %s go, and the code beside them stays", [listed(gone)]),
		"path": file.path,
	}
}

weaker(file, test) := "is switched off" if {
	test.skipped
	not test.was_skipped
} else := sprintf("asserts something less exact than `%s`", [shown(exact.text)]) if {
	some exact in test.lost
	exact.strength == "exact"
	count(of_strength(test.lost, "exact")) > count(of_strength(test.gained, "exact"))
	count(of_strength(test.gained, "loose")) > count(of_strength(test.lost, "loose"))
	exact == of_strength(test.lost, "exact")[0]
} else := sprintf("no longer asserts `%s`", [shown(test.lost[0].text)]) if {
	count(test.lost) > 0
	count(test.gained) == 0
	count(test.lost) <= most_lost
	not hands_over(file, test)
	not test.lost[0].text in lost_everywhere
	count([lost | some lost in test.lost; about_what_goes(lost)]) == 0
}

# What many tests lose at once has no place in the new code; somebody took it out of all of them.
lost_everywhere contains text if {
	some text, places in losing
	count(places) > 2
}

losing[assertion.text] contains [file.path, test.start] if {
	some file in test_files
	some test in file.tests
	some assertion in test.lost
}

# A new call of a function may assert what the test did itself.
hands_over(file, test) if {
	some call in file.calls
	call.change == "added"
	call.line >= test.start
	call.line <= test.end
	regex.match(`^((self|this|super\(\)|Self)(\.|::))?\w+!?$`, call.callee)
}

of_strength(assertions, strength) := [assertion | some assertion in assertions; assertion.strength == strength]

# What is taken away need not be asserted any more.
about_what_goes(assertion) if {
	some name in names_gone
	contains(assertion.text, name)
}

# A stand-in is not asked for a call that no code makes any more.
about_what_goes(assertion) if {
	regex.match(`\bverify\(`, assertion.text)
	some name in calls_gone
	regex.match(sprintf(`\)\s*\.%s\(`, [name]), assertion.text)
}

calls_gone := called({"removed"}) - called({"added", "kept", "moved"})

called(kinds) := {name |
	some file in input.files
	is_code(file)
	some call in file.calls
	call.change in kinds
	name := regex.replace(call.callee, `^.*[.:]`, "")
	regex.match(`^\w+$`, name)
}

names_gone contains symbol.name if {
	some file in input.files
	is_code(file)
	some symbol in file.symbols
	symbol.change == "removed"
	count(symbol.name) > 2
}

# Tests of the same name that are new in some file: moved there.
elsewhere contains test.name if {
	some file in input.files
	some test in file.tests
	test.change == "added"
}

test_files contains file if {
	some file in input.files
	count(file.tests) > 0
	not made(file.path)
}

# Code that the tests of a file are about changes too: in the file itself, ...
code_beside(file) if {
	file.language == "rust"
	some symbol in file.symbols
	changes(symbol)
	not within_tests(file, symbol)
}

# ... in the same part of the repository, ...
code_beside(file) if parts[part(file.path)]

# ... with its name in that of the test, ...
code_beside(file) if {
	some stem in stems
	contains(lower(file.path), stem)
}

# ... or by import.
code_beside(file) if {
	some entry in file.imports
	words := split(regex.replace(entry.raw, `::|/`, "."), ".")
	lower(words[count(words) - 1]) in stems
}

within_tests(file, symbol) if {
	some container in file.symbols
	container.kind == "module"
	regex.match(`^tests?$`, container.name)
	container.start <= symbol.start
	symbol.end <= container.end
}

changes(symbol) if {
	symbol.change in {"body", "signature"}
	symbol.kind in {"function", "method", "macro"}
}

is_code(file) if {
	file.class == "source"
	file.language != "unknown"
	not made(file.path)
	not testing(file.path)
}

changed_code contains file.path if {
	some file in input.files
	is_code(file)
	some symbol in file.symbols
	changes(symbol)
	not within_tests(file, symbol)
}

parts contains part(path) if some path in changed_code

stems contains stem if {
	some path in changed_code
	stem := lower(regex.replace(regex.replace(path, `^.*/`, ""), `\.[^.]*$`, ""))
	count(stem) > 3
}

# Code goes with its tests.
takes_away(file) if {
	some other in input.files
	is_code(other)
	other.language == file.language
	some symbol in other.symbols
	symbol.change == "removed"
	symbol.kind in {"class", "enum", "function", "interface", "method", "struct", "trait", "type"}
}

takes_away(_) if {
	code := [file | some file in input.files; file.path in changed_code]
	sum([file.removed | some file in code]) > sum([file.added | some file in code])
}

# The part of the repository that a path stands in: what stands before its sources or tests.
part(path) := concat("/", array.slice(folders, 0, min(array.concat(ends, [count(folders)])))) if {
	words := split(path, "/")
	folders := array.slice(words, 0, count(words) - 1)
	ends := [index | some index, folder in folders; regex.match(`^(src|main|lib|tests?|__tests__|spec|testdata|units?|integration)$`, folder)]
}

# Made by a program, by the look of its name, where base does not say so.
made(path) if regex.match(`(\.pb(\.gw)?\.go|_pb2(_grpc)?\.pyi?|([._-]|/zz_)(gen|generated)(\.[a-z]+)+|(^|/)generated/.*)$`, path)

testing(path) if regex.match(`(?i)(^|/)((tests?|testing|testutils?|mocks?|fakes?|stubs?)\.[a-z]+|(mock|fake|stub)_[^/]*|[^/]*[_-](mock|fake|stub)s?\.[a-z]+|(testing|testutils?|testdata|mocks?|fakes?|stubs?|__mocks__|e2e|test-[a-z]+)/.*)$`, path)

# Who wrote the line, where there is evidence.
maker(file, line) := sprintf(" (AI-assisted: %s)", [tool]) if {
	tools := {span.tool | some span in file.provenance.spans; span.start <= line; line <= span.end; span.tool != ""}
	tool := concat(", ", tools)
	tool != ""
} else := ""

shown(name) := name if count(name) <= 80

shown(name) := sprintf("%s...", [substring(name, 0, 77)]) if count(name) > 80

listed(names) := concat(", ", quoted(names)) if count(names) <= 3

listed(names) := sprintf("%s and %d more", [concat(", ", array.slice(quoted(names), 0, 3)), count(names) - 3]) if count(names) > 3

quoted(names) := sort([sprintf("`%s`", [shown(name)]) | some name in names])
