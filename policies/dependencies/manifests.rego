# The manifests and lock files of a change, and what is told of their entries.
package portcullis.dependencies.manifests

# How many entries a message names.
named := 5

# Files about packages that this repository uses, and not only shows.
judged := [file |
	some file in input.files
	file.manifest.kind != "none"
	not shown(file.path)
]

# What tests, examples and templates hold is data, or a project of its own.
shown(path) if regex.match(`(?i)(^|/)(fixtures?|__fixtures__|test[_-]?fixtures|test[_-]?data|testdata|test[_-]?projects?|test[_-]?cases|__tests__|__mocks__|mocks?|assets|corpus|examples?|samples?|demos?|templates?|tutorials?|snapshots|e2e-projects)/`, path)

# Read on the head side, and not gone.
present := [file | some file in judged; file.manifest.reading == "ok"]

written := [file | some file in present; file.manifest.kind == "manifest"]

locked := [file | some file in present; file.manifest.kind == "lock"]

# Names that a manifest of the change had before it, by ecosystem.
asked_before[file.manifest.ecosystem] contains entry.name if {
	some file in judged
	file.manifest.kind == "manifest"
	some entry in file.dependencies
	entry.change in {"changed", "kept", "removed"}
}

# Names that a lock file of the change had before it, by ecosystem.
locked_before[file.manifest.ecosystem] contains entry.name if {
	some file in judged
	file.manifest.kind == "lock"
	some entry in file.dependencies
	entry.change in {"changed", "kept", "removed"}
}

# Packages of the repository itself, as far as the change shows them.
of_the_repository[file.manifest.ecosystem] contains file.manifest.name if some file in judged

of_the_repository[file.manifest.ecosystem] contains entry.name if {
	some file in judged
	some entry in file.dependencies
	entry.source in {"path", "workspace"}
}

was_asked(file, entry) if entry.name in asked_before[file.manifest.ecosystem]

was_locked(file, entry) if entry.name in locked_before[file.manifest.ecosystem]

own(file, entry) if entry.name in of_the_repository[file.manifest.ecosystem]

# Evidence of an AI tool at the line.
assisted(file, line) if {
	some span in file.provenance.spans
	span.origin == "ai"
	span.start <= line
	line <= span.end
}

# An entry in a few words: name, version, and where it comes from if that is not the registry.
told(entry) := sprintf("`%s`%s%s", [entry.name, version(entry), place(entry)])

version(entry) := "" if entry.version == ""

version(entry) := sprintf(" %s", [entry.version]) if entry.version != ""

place(entry) := "" if {
	entry.source == "registry"
	entry.address == ""
}

place(entry) := "" if {
	entry.source == "registry"
	entry.address != ""
	not entry.direct
}

place(entry) := sprintf(" from the registry `%s`", [entry.address]) if {
	entry.source == "registry"
	entry.address != ""
	entry.direct
}

place(entry) := sprintf(" from git, `%s`", [entry.address]) if entry.source == "git"

place(entry) := sprintf(" from `%s`", [entry.address]) if entry.source in {"outside", "path", "url"}

place(entry) := " of the workspace" if entry.source == "workspace"

listed(texts) := concat(", ", texts) if count(texts) <= named

listed(texts) := sprintf("%s and %d more", [concat(", ", array.slice(texts, 0, named)), count(texts) - named]) if {
	count(texts) > named
}
