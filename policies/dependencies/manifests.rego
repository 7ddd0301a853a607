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

# Names that another entry of the change had before it, by ecosystem.
had[file.manifest.ecosystem] contains entry.name if {
	some file in judged
	some entry in file.dependencies
	entry.change in {"changed", "kept", "removed"}
}

was_there(file, entry) if entry.name in had[file.manifest.ecosystem]

# Whether a lock file of the ecosystem that this change touches brings the package for the first time: by ecosystem.
comes[file.manifest.ecosystem] contains entry.name if {
	some file in locked
	some entry in file.dependencies
	entry.change == "added"
}

# A lock file was there before, changes with this change, and does not bring the package: it had it already.
locked_before(file, entry) if {
	some lock in locked
	lock.manifest.ecosystem == file.manifest.ecosystem
	lock.manifest.ecosystem != "go"
	lock.manifest.old_reading == "ok"
	not entry.name in comes[file.manifest.ecosystem]
}

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
