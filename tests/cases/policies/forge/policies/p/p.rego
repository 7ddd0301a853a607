package p

import input.change as c

deny_alias contains "x" if {
	change := input.change
	change.title == ""
}

deny_alias_list contains "x" if {
	some label in input.change.labels
	label == "x"
}

deny_dynamic contains "x" if {
	some key in ["title"]
	input.change[key] == ""
}

deny_helper contains "x" if is_draft

deny_import contains "x" if c.url == ""

deny_iterates contains "x" if {
	some value in input.change
	value == "x"
}

deny_library contains "x" if data.lib.from_bot

deny_local contains "x" if {
	change := input.change
	change.totals.files > 3
	count(input.change.commits) > 1
	input.change.base != ""
}

deny_passes contains "x" if f(input.change)

deny_passes_all contains "x" if f(input)

deny_two contains input.change.author.login if input.change.source_branch == "main"

f(x) if x.title == ""

is_draft if input.change.draft
