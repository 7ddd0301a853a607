# METADATA
# title: Code that changes without its tests
# description: A test that changes with the code says what the change was meant to do, and goes on saying it.
# custom:
#   scope: change
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.tests

# A change of fewer lines than this, in bodies alone, is left to the tests that are there.
least_lines := 5

# What is only replaced, line by line, is held by the tests that are there.
least_growth := 3

# A change of more files than this is told in one finding.
most_files := 10

# How many symbols, or files, a message names.
named := 3

# METADATA
# title: Exported code changed, and no test of it
# description: Other code relies on what is exported. Where it changes and no test does, nobody has written down what it does now, and the next change can undo it unseen.
# related_resources:
#   - https://google.github.io/eng-practices/review/reviewer/looking-for.html
# custom:
#   id: tests/untested-change
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Add or change a test that fails without this change.
#   examples:
#     bad: |
#       src/cart.py: total() now rounds up, and no test file changes
#     good: |
#       src/cart.py: total() now rounds up, and tests/test_cart.py says so
warn_untested_change contains finding if {
	count(untested) <= most_files
	some path, symbols in untested
	finding := {
		"msg": sprintf("%s changed here, and no test near it does", [listed({symbol.qualified | some symbol in symbols})]),
		"path": path,
		"line": min([symbol.start | some symbol in symbols]),
	}
}

# What was changed everywhere at once is said once.
warn_untested_change contains finding if {
	count(untested) > most_files
	finding := {"msg": sprintf("exported code changed in %d files, and no test near them does: %s", [count(untested), listed(object.keys(untested))])}
}

# The exported symbols that changed, by file, where no test did.
untested[file.path] := symbols if {
	some file in candidates
	not may_be_covered(file)
	symbols := changed_symbols(file)
	worth_a_test(file, symbols)
}

candidates := [file |
	some file in input.files
	file.class == "source"
	file.language != "unknown"
	file.status != "deleted"
	not made(file.path)
	not aside(file.path)
	not testing(file.path)
]

# Made by a program, by the look of its name, where base does not say so.
made(path) if regex.match(`(\.pb(\.gw)?\.go|_pb2(_grpc)?\.pyi?|([._-]|/zz_)(gen|generated)(\.[a-z]+)+|(^|/)generated/.*)$`, path)

# Code that is run by hand, shown, or declares what is elsewhere.
aside(path) if regex.match(`(^|/)(\.?scripts?|([a-z0-9_-]+-)?(benches|bench|benchmarks?)|buildSrc|demos?|docs?|examples?|hack|migrations|packaging|release|samples?|tools?|xtask)/`, path)

aside(path) if regex.match(`(\.d\.[cm]?ts|\.pyi|\.config\.[cm]?[jt]s|(^|/)(setup|noxfile|conftest|manage)\.py|(^|/)build\.rs|(^|/)(package|module)-info\.java)$`, path)

# Test code by the look of its path, whatever its class: also stubs, snapshots, fixtures and helpers of tests.
testing(path) if regex.match(`(?i)(^|/)(([a-z0-9-]+[_-])?tests?|testdata|test[_-][a-z0-9_-]+|testing|__tests__|__mocks__|mocks?|specs?|e2e|fixtures|__snapshots__|snapshots|testfixtures|integration-?test)/`, path)

testing(path) if regex.match(`(^|/)(tests?\.rs|test_[^/]*\.py|[^/]*(_test|_tests)\.[a-z]+|[^/]*[.-](test|spec|tests)\.[cm]?[jt]sx?|[^/]*(Test|Tests|IT|TestCase|TestUtils?)\.(java|kt|scala|groovy)|[^/]*\.snap|mock_[^/]*|[^/]*_mock\.go|Mock[A-Z][^/]*\.java)$`, path)

# What others call, and what this change does to it. A move and a new name are no new behaviour.
changed_symbols(file) := symbols if {
	gone := {nameless(symbol) | some symbol in file.symbols; symbol.change == "removed"}
	symbols := [symbol |
		some symbol in file.symbols
		symbol.change in {"added", "body", "signature"}
		symbol.exported
		symbol.kind in {"function", "method", "macro"}
		not excused(file, symbol, gone)
	]
}

# JavaScript has methods for the class itself only by their name.
excused(file, symbol, _) if {
	file.language in {"javascript", "tsx", "typescript"}
	startswith(symbol.name, "_")
}

excused(file, symbol, _) if {
	file.language == "rust"
	regex.match(`(^|\.)tests?\.`, symbol.qualified)
}

# A new name for what was there.
excused(_, symbol, gone) if {
	count(gone) > 0
	symbol.change == "added"
	gone[nameless(symbol)]
}

# A new place for what was there.
excused(_, symbol, _) if {
	count(taken_away) > 0
	symbol.change == "added"
	taken_away[outline(symbol)]
}

# The same declaration and length under any name.
nameless(symbol) := sprintf("%s %d %s", [symbol.kind, symbol.end - symbol.start, replace(symbol.signature, symbol.name, "_")])

# Declarations that this change removes somewhere.
taken_away contains outline(symbol) if {
	some file in input.files
	some symbol in file.symbols
	symbol.change == "removed"
}

outline(symbol) := sprintf("%d %s", [symbol.end - symbol.start, symbol.signature])

worth_a_test(_, symbols) if {
	some symbol in symbols
	symbol.change == "added"
	symbol.end - symbol.start >= least_lines
}

worth_a_test(file, symbols) if {
	file.added - file.removed >= least_growth
	lines := sum([touched(hunk, symbol) |
		some symbol in symbols
		symbol.change != "added"
		some hunk in file.hunks
	])
	lines >= least_lines
	acts(file)
}

# Lines of a hunk within a symbol; where lines were only taken away, one.
touched(hunk, symbol) := max([0, (last - first) + 1]) if {
	first := max([hunk.start, symbol.start])
	last := min([max([hunk.start, hunk.end]), symbol.end])
}

# Other words in a comment, or another layout, neither add nor remove a call.
acts(file) if {
	some call in file.calls
	call.change in {"added", "removed"}
}

may_be_covered(file) if {
	count(test_paths) > 0
	covered(file)
}

# A changed test that plausibly covers the file: in the same part of the repository, ...
covered(file) if parts[part(file.path)]

# ... in a folder of tests at the root, which may cover anything, ...
covered(_) if parts[""]

# ... with the file's name in its own, ...
covered(file) if {
	stem := stem_of(file.path)
	count(stem) > 3
	contains(test_names, stem)
}

# ... in another language of the same machine, whose imports are not read, ...
covered(file) if {
	file.language == "java"
	tests_unread
}

# ... that imports it, ...
covered(file) if imported_by_tests[file.path]

covered(file) if {
	file.module != ""
	imported_by_tests[file.module]
}

covered(file) if {
	stem := stem_of(file.path)
	count(stem) > 3
	imported_words[stem]
}

# A package of Go is imported by its folder.
covered(file) if {
	file.language == "go"
	folders := split(lower(file.path), "/")
	count(folders) > 1
	imported_words[folders[count(folders) - 2]]
}

test_paths contains file.path if {
	some file in input.files
	file.status != "deleted"
	file.added + file.removed > 0
	is_test(file)
}

# Rust keeps unit tests in the file itself.
test_paths contains file.path if {
	some file in input.files
	file.language == "rust"
	some symbol in file.symbols
	symbol.kind == "module"
	regex.match(`^tests?$`, symbol.name)
	symbol.change in {"added", "body", "signature"}
}

is_test(file) if file.class == "test"

is_test(file) if testing(file.path)

tests_unread if {
	some path in test_paths
	regex.match(`\.(clj|groovy|kts?|scala)$`, path)
}

# One text, so that a file is looked for once, not once in each test.
test_names := lower(concat("\n", test_paths))

parts contains part(path) if some path in test_paths

imported_by_tests contains place if {
	some file in input.files
	is_test(file)
	some entry in file.imports
	some place in [entry.target, entry.module]
	place != ""
}

# The last two words of what a test imports: a class or its file, a name or its module.
imported_words contains lower(word) if {
	some file in input.files
	is_test(file)
	some entry in file.imports
	entry.change != "removed"
	words := split(regex.replace(entry.raw, `::|/`, "."), ".")
	some word in array.slice(words, max([0, count(words) - 2]), count(words))
}

# The part of the repository that a path stands in: what stands before its sources or tests, at most two folders deep
# where the first one only collects parts. A folder of tests at the root belongs to all.
part(path) := concat("/", array.slice(folders, 0, depth)) if {
	folders := array.slice(split(path, "/"), 0, count(split(path, "/")) - 1)
	ends := [index | some index, folder in folders; ends_part(folder)]
	end := min(array.concat(ends, [count(folders)]))
	depth := min([end, deepest(folders)])
}

ends_part(folder) if folder in {"src", "main"}

ends_part(folder) if testing(sprintf("%s/", [folder]))

deepest(folders) := 2 if folders[0] in {"apps", "libs", "modules", "packages", "plugins", "projects", "services"}

deepest(folders) := 1 if not folders[0] in {"apps", "libs", "modules", "packages", "plugins", "projects", "services"}

stem_of(path) := lower(regex.replace(regex.replace(path, `^.*/`, ""), `\.[^.]*$`, ""))

listed(names) := concat(", ", quoted(names)) if count(names) <= named

listed(names) := sprintf("%s and %d more", [concat(", ", array.slice(quoted(names), 0, named)), count(names) - named]) if {
	count(names) > named
}

quoted(names) := sort([sprintf("`%s`", [name]) | some name in names])
