# METADATA
# title: New code that does not say what it is for
# description: Whoever calls a function reads its description, and whoever changes a module reads what it is for. The one who writes it is the one who knows.
# custom:
#   scope: change
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.docs

# A file documents what it exports when so many of so many do.
least_documented := 4

documented_percent := 80

# A module of fewer lines explains itself.
least_module := 30

# METADATA
# title: Exported and not documented
# description: Where a file documents what it exports, people rely on it. What is exported without a word is guessed at, by people and by tools, and guessed wrong.
# related_resources:
#   - https://google.github.io/eng-practices/review/reviewer/looking-for.html
# custom:
#   id: docs/undocumented-export
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Write above it, in a sentence, what it is for and what it needs.
#   examples:
#     bad: |
#       // beside five documented functions
#       func Total(cart Cart) int {
#     good: |
#       // Total returns the price of the cart in cents, taxes included.
#       func Total(cart Cart) int {
warn_undocumented_export contains finding if {
	judged(input.file)
	some symbol in input.file.symbols

	# The cheap questions first: most symbols of most files end here.
	symbol.change == "added"
	symbol.documented == false
	symbol.exported
	symbol.kind in well_documented
	symbol.kind in usual_kinds
	not explained_elsewhere(symbol)
	not renamed(symbol)
	finding := {
		"msg": sprintf("`%s` is exported and not documented; most of this file is", [symbol.qualified]),
		"path": input.file.path,
		"line": symbol.start,
		"end_line": symbol.start,
		"symbol": symbol.qualified,
	}
}

judged(file) if {
	file.class == "source"
	file.language != "unknown"
	not made(file.path)
}

# Made by a program, by the look of its name, where base does not say so.
made(path) if regex.match(`(\.pb(\.gw)?\.go|_pb2(_grpc)?\.pyi?|([._-]|/zz_)(gen|generated)(\.[a-z]+)+|(^|/)generated/.*)$`, path)

speaks_to_others(symbol) if {
	symbol.exported
	symbol.kind in told
}

# Kinds that need a word about what they are for.
told := {"class", "enum", "function", "interface", "macro", "method", "struct", "trait", "type"}

# What overrides says what the overridden one says; short accessors, constructors and the language's own names say it by their names.
explained_elsewhere(symbol) if regex.match(`@(Override|override|overload|typing\.overload|property|\w+\.(setter|getter|deleter))\b`, symbol.signature)

explained_elsewhere(symbol) if regex.match(`^(__\w+__|constructor|toString|equals|hashCode|String|Error|Unwrap|main)$`, symbol.name)

explained_elsewhere(symbol) if {
	symbol.kind == "method"
	symbol.end - symbol.start <= 3
}

# Another method of the name is there to describe both: one of an interface, or another overload.
explained_elsewhere(symbol) if {
	symbol.kind == "method"
	count(methods[symbol.name]) > 1
}

methods[symbol.name] contains index if {
	some index, symbol in input.file.symbols
	symbol.kind == "method"
	symbol.change != "removed"
}

# A constructor has the name of its class.
explained_elsewhere(symbol) if endswith(symbol.qualified, sprintf("%s.%s", [symbol.name, symbol.name]))

renamed(symbol) if nameless(symbol) in gone

gone contains nameless(symbol) if {
	some symbol in input.file.symbols
	symbol.change == "removed"
}

# The same declaration and length under any name.
nameless(symbol) := sprintf("%s %d %s", [symbol.kind, symbol.end - symbol.start, replace(symbol.signature, symbol.name, "_")])

# Kinds of which so many are documented that it is worth a look at the others.
well_documented contains kind if {
	some kind in {symbol.kind | some symbol in input.file.symbols; symbol.documented}
	kind in told
	count([symbol | some symbol in input.file.symbols; symbol.documented; symbol.kind == kind; symbol.change != "removed"]) >= least_documented
}

# Kinds of which most of what the file exports is documented.
usual_kinds contains kind if {
	some kind in well_documented
	answers := [symbol.documented |
		some symbol in input.file.symbols
		symbol.kind == kind
		symbol.change != "removed"
		symbol.exported
		not accounted(symbol)
	]
	documented := count([answer | some answer in answers; answer])
	documented >= least_documented
	documented * 100 >= count(answers) * documented_percent
}

# The symbols in question do not speak for or against themselves.
accounted(symbol) if {
	symbol.change == "added"
	not symbol.documented
}

accounted(symbol) if explained_elsewhere(symbol)

# METADATA
# title: AI-assisted module without a description
# description: A module that a tool wrote has nobody who remembers why. One sentence at its top says what it is for, and what it is not, to the people who answer for it now.
# related_resources:
#   - https://google.github.io/eng-practices/review/reviewer/looking-for.html
# custom:
#   id: docs/undescribed-ai-module
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Begin the file with a sentence that says what it is for, or put a README beside it.
#   examples:
#     bad: |
#       // refunds.ts, new, from a commit with `Assisted-by: a-tool`
#       import { Order } from "./order";
#     good: |
#       // Refunds: who gets how much back, and when. Must not talk to the bank; `payments` does.
#       import { Order } from "./order";
warn_undescribed_ai_module contains finding if {
	some file in input.files
	file.status == "added"
	file.provenance.ai_lines * 2 > file.added
	file.added >= least_module
	judged(file)
	begins_a_module(file)
	not described(file)
	finding := {
		"msg": sprintf("`%s` is new, mostly AI-assisted, and does not say what it is for", [file.path]),
		"path": file.path,
	}
}

# Something in it is for others.
begins_a_module(file) if {
	file.language != "go"
	some symbol in file.symbols
	speaks_to_others(symbol)
}

# A package of Go is described once, in any of its files: only the file with the name of its folder is asked.
begins_a_module(file) if {
	file.language == "go"
	folders := split(file.path, "/")
	count(folders) > 1
	folders[count(folders) - 1] == sprintf("%s.go", [folders[count(folders) - 2]])
}

described(file) if {
	some match in file.matches
	startswith(match.pattern, "docs/undescribed-ai-module-")
}

# Documented by the class or function that the file is named after.
described(file) if {
	some symbol in file.symbols
	symbol.documented
	lower(replace(symbol.name, "_", "")) == squeezed(file.path)
}

# The only thing that it exports says it for the file.
described(file) if {
	spoken := [symbol | some symbol in file.symbols; speaks_to_others(symbol); not contains(symbol.qualified, ".")]
	count(spoken) > 0
	every symbol in spoken { symbol.documented }
}

described(file) if readmes[folder(file.path)]

# `mod refunds;` is documented where it stands.
described(file) if {
	file.language == "rust"
	squeezed(file.path) in documented_modules
}

documented_modules contains lower(replace(symbol.name, "_", "")) if {
	some file in input.files
	file.language == "rust"
	some symbol in file.symbols
	symbol.kind == "module"
	symbol.documented
}

readmes contains folder(file.path) if {
	some file in input.files
	regex.match(`(?i)(^|/)(README(\.[a-z]+)?|doc\.go|package-info\.java)$`, file.path)
	file.status != "deleted"
}

folder(path) := concat("/", array.slice(parts, 0, count(parts) - 1)) if parts := split(path, "/")

squeezed(path) := lower(regex.replace(regex.replace(regex.replace(path, `^.*/`, ""), `\.[^.]*$`, ""), `[_-]`, ""))
