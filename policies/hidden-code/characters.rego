# METADATA
# title: Characters that make text read otherwise than it runs
# description: A reviewer approves what the screen shows; a compiler runs what the bytes say. Characters that nobody sees must not separate the two.
# related_resources:
#   - https://trojansource.codes/
#   - https://www.unicode.org/reports/tr55/
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.1"
package portcullis.hidden_code

# METADATA
# title: Bidirectional control character
# description: A bidirectional control makes an editor show code in another order than the compiler reads it, so that a check can look like a comment (CVE-2021-42574).
# related_resources:
#   - https://trojansource.codes/
#   - https://www.cve.org/CVERecord?id=CVE-2021-42574
# custom:
#   id: hidden-code/bidi
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Delete the character. Where a text really needs it, write it as an escape of the language.
#   examples:
#     bad: |
#       if role != "user\u{202E} \u{2066}// only for admins\u{2069} \u{2066}" {
#     good: |
#       if role != "user" { // only for admins
deny_bidi contains finding if {
	some place in by_line([entry | some entry in added("bidi"); bidi_deceives(entry)])
	finding := at(place, bidi_message(place))
}

# METADATA
# title: Invisible character
# description: A character without a glyph lets two names look equal, hides code in what seems to be white space, and carries instructions that only a machine reads.
# related_resources:
#   - https://www.unicode.org/reports/tr39/
#   - https://www.cve.org/CVERecord?id=CVE-2021-42694
# custom:
#   id: hidden-code/invisible
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Delete the character. Where a text really needs it, write it as an escape of the language.
#   examples:
#     bad: |
#       ad\u{200B}min = load_role()
#     good: |
#       admin = load_role()
deny_invisible contains finding if {
	some place in by_line([entry | some entry in added("invisible"); invisible_deceives(entry)])
	finding := at(place, characters_message("invisible", place))
}

# METADATA
# title: Name that looks like another one
# description: A letter of another alphabet that looks like a Latin one makes two different names read as one (CVE-2021-42694).
# related_resources:
#   - https://www.unicode.org/reports/tr39/
#   - https://www.cve.org/CVERecord?id=CVE-2021-42694
# custom:
#   id: hidden-code/lookalike
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Type the name again with the letters of one alphabet.
#   examples:
#     bad: |
#       if \u{0430}dmin:   # the first letter is Cyrillic
#     good: |
#       if admin:
deny_lookalike contains finding if {
	not prose
	some place in by_line([entry | some kind in ["homoglyph", "mixed-script"]; some entry in added(kind)])
	finding := at(place, lookalike_message(place))
}

# METADATA
# title: Control character
# description: Terminals and editors act on control characters instead of showing them, so that a diff on the screen is not the diff in the file.
# related_resources:
#   - https://www.unicode.org/reports/tr55/
# custom:
#   id: hidden-code/control
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Delete the character, or write it as an escape of the language.
#   examples:
#     bad: |
#       print("done\u{0008}\u{0008}\u{0008}\u{0008}failed")
#     good: |
#       print("failed")
deny_control contains finding if {
	some place in by_line([entry | some entry in added("control"); control_deceives(entry)])
	finding := at(place, characters_message("control", place))
}

added(kind) := [entry |
	some entry in input.file.hidden
	entry.kind == kind
	entry.change == "added"
]

# One finding a line: it stands at the first place and names all. The sort makes every line one run of neighbours, so
# that a file full of such characters costs no square of their number.
by_line(entries) := [place |
	ordered := sort([[entry.line, entry.column, entry.detail] | some entry in entries])
	starts := [index | some index, [line, _, _] in ordered; starts_a_line(ordered, index, line)]
	some number, start in starts
	here := array.slice(ordered, start, end_of_run(starts, number, count(ordered)))
	[line, column, _] := ordered[start]
	place := {
		"line": line,
		"column": column,
		"count": count(here),
		"details": {detail | some [_, _, detail] in here},
	}
]

end_of_run(starts, number, _) := starts[number + 1] if number + 1 < count(starts)

end_of_run(starts, number, all) := all if number + 1 >= count(starts)

starts_a_line(_, index, _) if index == 0

starts_a_line(ordered, index, line) if {
	index > 0
	ordered[index - 1][0] != line
}

at(place, message) := {
	"msg": message,
	"path": input.file.path,
	"line": place.line,
	"column": place.column,
	"end_line": place.line,
	"end_column": place.column + 1,
}

bidi_message(place) := sprintf("the bidirectional control character %s changes the order in which this line is shown", [named(place)]) if place.count == 1

bidi_message(place) := sprintf("%d bidirectional control characters (%s) change the order in which this line is shown", [place.count, named(place)]) if place.count > 1

characters_message(kind, place) := sprintf("the %s character %s stands here", [kind, named(place)]) if place.count == 1

characters_message(kind, place) := sprintf("%d %s characters (%s) stand on this line", [place.count, kind, named(place)]) if place.count > 1

lookalike_message(place) := sprintf("`%s` mixes alphabets, and reads like another name", [named(place)]) if count(place.details) == 1

lookalike_message(place) := sprintf("%d names mix alphabets, and read like others: %s", [count(place.details), named(place)]) if count(place.details) > 1

# A line can hold hundreds of different ones.
named(place) := concat(", ", place.details) if count(place.details) <= 8

named(place) := sprintf("%s and %d more", [concat(", ", array.slice(sort(place.details), 0, 8)), count(place.details) - 8]) if count(place.details) > 8

# Prose may be written in any script. Files that instruct an agent are no prose: a machine obeys what nobody sees.
prose if {
	input.file.class == "docs"
	not instructs_an_agent
}

agent_instructions := {
	".aider.conf.yml",
	".clinerules",
	".cursorrules",
	".windsurfrules",
	"agents.md",
	"claude.local.md",
	"claude.md",
	"conventions.md",
	"copilot-instructions.md",
	"gemini.md",
}

instructs_an_agent if lower(file_name) in agent_instructions

instructs_an_agent if {
	some folder in {".claude", ".clinerules", ".cursor", ".github/instructions", ".github/prompts", ".windsurf"}
	contains(sprintf("/%s", [lower(input.file.path)]), sprintf("/%s/", [folder]))
}

file_name := regex.replace(input.file.path, `^.*/`, "")

# Texts that people read: documentation, data, and configuration such as translation catalogues.
holds_text if prose

holds_text if input.file.class == "config"

holds_text if {
	not runs
	not instructs_an_agent
}

# Something that a machine compiles or runs.
runs if is_source

runs if input.file.kind == "executable"

bidi_marks := {"U+061C", "U+200E", "U+200F"}

bidi_overrides := {"U+202D", "U+202E"}

bidi_embeddings := {"U+202A", "U+202B"}

bidi_isolates := {"U+2066", "U+2067", "U+2068"}

bidi_deceives(_) if not holds_text

bidi_deceives(entry) if {
	holds_text
	entry.detail in bidi_overrides
}

bidi_deceives(entry) if {
	holds_text
	entry.detail in bidi_embeddings
	on_line(entry.line, bidi_embeddings) > on_line(entry.line, {"U+202C"})
}

bidi_deceives(entry) if {
	holds_text
	entry.detail in bidi_isolates
	on_line(entry.line, bidi_isolates) > on_line(entry.line, {"U+2069"})
}

on_line(line, details) := count([entry |
	some entry in input.file.hidden
	entry.line == line
	entry.detail in details
	entry.change != "removed"
])

# Joiners, and breaks of words and lines, belong to the spelling of many languages.
spelling := {"U+00AD", "U+034F", "U+180E", "U+200B", "U+200C", "U+200D", "U+2060", "U+FE0E", "U+FE0F", "U+FEFF"}

invisible_deceives(_) if not holds_text

invisible_deceives(entry) if {
	holds_text
	not entry.detail in spelling
}

control_deceives(_) if runs

# In data, bytes above 127 of an old encoding look like the second set of controls.
control_deceives(entry) if {
	not runs
	not regex.match(`^U\+00[89]`, entry.detail)
}
