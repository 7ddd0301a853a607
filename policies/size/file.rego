# METADATA
# title: Files that are too large to review
# description: A file that arrives whole with thousands of lines is approved, not read.
# custom:
#   scope: file
#   severity: warning
#   status: advisory
#   since: "0.1"
package portcullis.size.file

# The limit of added lines in one file.
max_added := 800

# METADATA
# title: Very large addition to one file
# description: A file that grows by many hundred lines at once is skimmed, and has more than one reason to change from then on.
# related_resources:
#   - https://google.github.io/eng-practices/review/developer/small-cls.html
# custom:
#   id: size/large-addition
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.1"
#   fix: Split the file by purpose. Where a program wrote it, declare it under `paths.generated` in .portcullis.yaml.
#   examples:
#     bad: |
#       src/orders.py grows by 950 lines in one change
#     good: |
#       src/orders/cart.py, src/orders/prices.py and src/orders/refunds.py with 300 lines each, in three changes
warn_large_addition contains finding if {
	not input.file.class in {"config", "docs", "generated", "vendored"}
	input.file.added > max_added
	finding := {
		"msg": sprintf("this file grows by %d lines in one change; more than %d are seldom read%s", [input.file.added, max_added, parts]),
		"path": input.file.path,
	}
}

# The largest new definitions: where the file could be split.
parts := sprintf(". Largest parts: %s", [concat(", ", names)]) if {
	count(names) > 0
}

parts := "" if count(names) == 0

names := [text |
	ordered := [entry | some entry in added_types]
	some back in numbers.range(1, min([3, count(ordered)]))
	[lines, name] := ordered[count(ordered) - back]
	text := sprintf("`%s` (%d lines)", [name, lines])
]

added_types := {[(symbol.end - symbol.start) + 1, symbol.qualified] |
	some symbol in input.file.symbols
	symbol.change == "added"
	symbol.end - symbol.start >= 30
}
