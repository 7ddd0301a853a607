# METADATA
# title: What is left behind
# description: Whoever writes fast leaves things behind, people and tools alike. A tool writes faster, and does not come back for them.
# custom:
#   scope: file
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.ai_hygiene

# METADATA
# title: Function that is still to be written
# description: A body that only says that it is not there yet passes every compiler, and most tests that somebody writes for it at the same time. The caller meets it in production.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/1071.html
# custom:
#   id: ai-hygiene/placeholder-body
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Write the body, or leave the function out until it has one.
#   examples:
#     bad: |
#       def refund(order):
#           # TODO: implement
#           pass
#     good: |
#       def refund(order):
#           return ledger.credit(order.customer, order.paid)
warn_placeholder_body contains finding if {
	is_source
	some match in input.file.matches
	match.change == "added"
	startswith(match.pattern, "ai-hygiene/placeholder-body-")
	symbol := innermost(match)
	symbol.change == "added"
	stands_for_nothing(match, symbol)
	not in_tests(match)
	finding := {
		"msg": sprintf("`%s` has no body yet%s", [symbol.qualified, maker(match.start)]),
		"path": input.file.path,
		"line": symbol.start,
		"end_line": symbol.end,
		"symbol": symbol.qualified,
	}
}

stands_for_nothing(match, _) if says_so(match)

says_so(_) if input.file.language != "python"

says_so(match) if regex.match(`(?i)\b(todo|fixme|placeholder)\b|implement me|yet\s+implemented|implemented\s+yet`, match.text)

# What does nothing is a hook as often as not: only a plain function that others are offered is none.
stands_for_nothing(match, symbol) if {
	not says_so(match)
	symbol.kind == "function"
	symbol.exported
	not contains(symbol.signature, "@")
	not contains(symbol.qualified, ".")
	not startswith(symbol.name, "_")
}

# The function that a place belongs to.
innermost(match) := symbol if {
	ends := [[candidate.start, candidate] |
		some candidate in input.file.symbols
		candidate.change != "removed"
		candidate.kind in {"constant", "field", "function", "method", "variable"}
		candidate.start <= match.start
		match.end <= candidate.end
	]
	count(ends) > 0
	symbol := max(ends)[1]
	not excused(symbol, match)
}

# Declared here, written elsewhere.
excused(symbol, _) if regex.match(`@(\w+\.)*(abstract\w*|overload|hookspec)\b|\babstract\b`, symbol.signature)

# The default of a trait: whoever needs it writes his own.
excused(symbol, match) if {
	input.file.language == "rust"
	contains(match.text, "unimplemented!")
	some container in input.file.symbols
	container.kind == "trait"
	container.start <= symbol.start
	symbol.end <= container.end
}

# METADATA
# title: Test without an assertion
# description: A test that asserts nothing passes as long as nothing is thrown. It counts as coverage, looks like care, and holds nothing in place.
# related_resources:
#   - https://rules.sonarsource.com/java/RSPEC-2699/
# custom:
#   id: ai-hygiene/test-without-assertion
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Assert what must come out; where "does not throw" is the point, say so in an assertion or in the name.
#   examples:
#     bad: |
#       def test_total():
#           cart = Cart([apple, pear])
#           cart.total()
#     good: |
#       def test_total():
#           cart = Cart([apple, pear])
#           assert cart.total() == 7
warn_test_without_assertion contains finding if {
	is_judged
	some test in input.file.tests
	test.assertions == 0
	not test.helped
	not test.skipped
	asserts_no_more(test)
	not regex.match(smoke, test.name)
	collected(input.file)
	finding := {
		"msg": sprintf("`%s` asserts nothing%s", [shown(test.name), maker(test.start)]),
		"path": input.file.path,
		"line": test.start,
		"end_line": test.end,
		"symbol": test.name,
	}
}

# METADATA
# title: Code in comments
# description: Code that is commented out is read by everybody who comes by, run by nobody, and no longer true after the next change. The history keeps it better.
# related_resources:
#   - https://rules.sonarsource.com/java/RSPEC-125/
# custom:
#   id: ai-hygiene/commented-out-code
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Delete it; the history has it. Where it is to come back, write in a sentence when.
#   examples:
#     bad: |
#       # total = sum(prices)
#       # if discount:
#       #     total = total - discount
#       total = price_of(cart)
#     good: |
#       # Discounts come back with the new price list.
#       total = price_of(cart)
warn_commented_out_code contains finding if {
	is_judged
	some block in input.file.commented
	finding := {
		"msg": sprintf("%d lines of code in comments: `%s`%s", [(block.end - block.start) + 1, shown(block.text), maker(block.start)]),
		"path": input.file.path,
		"line": block.start,
		"end_line": block.end,
	}
}

# METADATA
# title: The same block once more
# description: Ten lines that stand twice are mended once. A tool that does not know the repository writes again what is there, and a reviewer who does not know it either sees nothing but new lines.
# related_resources:
#   - https://rules.sonarsource.com/java/RSPEC-4144/
# custom:
#   id: ai-hygiene/duplicated-block
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Call what is there, or give both places a function of their own.
#   examples:
#     bad: |
#       refunds.py, new: the same fourteen lines that read prices as in orders.py
#     good: |
#       from shop.prices import read_prices
warn_duplicated_block contains finding if {
	is_source
	some twin in input.file.twins
	not in_tests(twin)
	finding := {
		"msg": sprintf("%d lines that stand in `%s` from line %d on already%s", [twin.lines, twin.path, twin.at, maker(twin.start)]),
		"path": input.file.path,
		"line": twin.start,
		"end_line": twin.end,
	}
}

# METADATA
# title: Package that no manifest names
# description: A tool that is asked for code names packages that sound right. Where nobody has ever published one, somebody may, and waits for whoever installs what the tool named.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/1357.html
# custom:
#   id: ai-hygiene/unknown-import
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Look the package up, and add it to the manifest; or use one that is there.
#   examples:
#     bad: |
#       import fast_json_schema   # pyproject.toml has jsonschema
#     good: |
#       import jsonschema
warn_unknown_import contains finding if {
	is_judged
	some unknown in input.file.unknown
	unknown.kind == "package"
	finding := {
		"msg": sprintf("`%s` is no module of this repository, and `%s` does not name it%s", [shown(unknown.name), unknown.from, maker(unknown.line)]),
		"path": input.file.path,
		"line": unknown.line,
		"end_line": unknown.line,
	}
}

# METADATA
# title: Name that its module does not hold
# description: A tool remembers a function that was never there, or is called otherwise here. Where nothing runs the line before it ships, it fails for the first customer who comes by.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/1068.html
# custom:
#   id: ai-hygiene/unknown-name
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Import what the module holds, or add the name to it.
#   examples:
#     bad: |
#       from shop.cart import totals   # shop/cart.py has total
#     good: |
#       from shop.cart import total
warn_unknown_name contains finding if {
	is_judged
	some unknown in input.file.unknown
	unknown.kind == "name"
	finding := {
		"msg": sprintf("`%s` holds no `%s`%s", [unknown.from, shown(unknown.name), maker(unknown.line)]),
		"path": input.file.path,
		"line": unknown.line,
		"end_line": unknown.line,
	}
}

# That it runs through is all that such a test wants to know, and it says so.
smoke := `(?i)smoke|(not|never|without|n't|no)[ _]?(a[ _]|an[ _]|any[ _])?(throw|raise|fail|panic|crash|error|hang|leak|deadlock|exception|blow|warn|recurse|overflow)|compiles|can[ _]?be[ _]?(called|constructed|imported|created)|\bruns?\b|does ?n.?t`

# pytest looks into files of these names only.
collected(file) if file.language != "python"

collected(file) if regex.match(`(^|/)(test_[^/]*|[^/]*_tests?|tests?)\.py$`, file.path)

asserts_no_more(test) if test.change == "added"

asserts_no_more(test) if {
	test.change == "body"
	count(test.lost) > 0
}

is_judged if {
	input.file.class in {"source", "test"}
	not made(input.file.path)
}

is_source if {
	input.file.class == "source"
	not made(input.file.path)
	not aside(input.file.path)
	not testing(input.file.path)
}

# Made by a program, by the look of its name, where base does not say so.
made(path) if regex.match(`(\.pb(\.gw)?\.go|_pb2(_grpc)?\.pyi?|([._-]|/zz_)(gen|generated)(\.[a-z]+)+|(^|/)generated/.*)$`, path)

# Shown or declared, and written elsewhere.
aside(path) if regex.match(`(^|/)(docs?|examples?|samples?|demos?|fixtures?|templates?|benches|benchmarks?)/|\.pyi$|\.d\.[cm]?ts$`, path)

# Helpers and stand-ins of tests, by the look of their names.
testing(path) if regex.match(`(?i)(^|/)((tests?|testing|testutils?|mocks?|fakes?|stubs?)\.[a-z]+|(mock|fake|stub)_[^/]*|[^/]*[_-](mock|fake|stub)s?\.[a-z]+|(testing|testutils?|testdata|mocks?|fakes?|stubs?|__mocks__|e2e|test-[a-z]+)/.*)$`, path)

# Rust keeps unit tests in the file itself.
in_tests(place) if {
	input.file.language == "rust"
	some symbol in input.file.symbols
	symbol.kind == "module"
	regex.match(`^tests?$`, symbol.name)
	symbol.change != "removed"
	symbol.start <= place.start
	place.end <= symbol.end
}

# Who wrote the line, where there is evidence.
maker(line) := sprintf(" (AI-assisted: %s)", [tool]) if {
	tools := {span.tool | some span in input.file.provenance.spans; span.start <= line; line <= span.end; span.tool != ""}
	tool := concat(", ", tools)
	tool != ""
} else := ""

shown(name) := name if count(name) <= 80

shown(name) := sprintf("%s...", [substring(name, 0, 77)]) if count(name) > 80
