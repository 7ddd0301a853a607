# METADATA
# title: Changes that are too large to review
# description: Reviewers find fewer faults the more lines they are shown at once; a large change is approved, not read.
# custom:
#   scope: change
#   severity: warning
#   status: advisory
#   since: "0.1"
package portcullis.size

# The limits: what a person reads in one sitting.
max_files := 50

max_lines := 1000

max_modules := 10

# How many of the largest parts a message names.
named := 3

# METADATA
# title: Too many files
# description: A change over many files mixes several purposes; each deserves a review of its own.
# related_resources:
#   - https://google.github.io/eng-practices/review/developer/small-cls.html
# custom:
#   id: size/too-many-files
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.1"
#   fix: Split the change by purpose, or by the modules that the message names.
#   examples:
#     bad: |
#       60 files: a rename in 55 of them, and a new feature in 5
#     good: |
#       one change for the rename, one for the feature
warn_too_many_files contains finding if {
	count(governed) > max_files
	finding := {"msg": sprintf("this change has %d files to review; more than %d are seldom read. Largest parts: %s", [count(governed), max_files, largest_by_files])}
}

# METADATA
# title: Too many lines
# description: Past a few hundred lines a reviewer skims; the faults are in the lines that nobody reads.
# related_resources:
#   - https://google.github.io/eng-practices/review/developer/small-cls.html
# custom:
#   id: size/too-many-lines
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.1"
#   fix: Split the change by purpose, or by the modules that the message names.
#   examples:
#     bad: |
#       1,400 added and removed lines in one change
#     good: |
#       four changes of 350 lines, each of which can be merged alone
warn_too_many_lines contains finding if {
	lines := sum([changed_lines(file) | some file in governed])
	lines > max_lines
	finding := {"msg": sprintf("this change has %d added and removed lines to review; more than %d are seldom read. Largest parts: %s", [lines, max_lines, largest_by_lines])}
}

# METADATA
# title: Too many modules
# description: A change over many modules needs a reviewer who knows them all, and is hard to undo in one of them.
# related_resources:
#   - https://google.github.io/eng-practices/review/developer/small-cls.html
# custom:
#   id: size/too-many-modules
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.1"
#   fix: Split the change by the modules that the message names.
#   examples:
#     bad: |
#       a new logging call in 14 modules, together with a fix in one of them
#     good: |
#       the fix first; then the logging, module by module
warn_too_many_modules contains finding if {
	count(touched) > max_modules
	largest_touched := largest({[count(paths), module] | some module, paths in touched}, "files")
	finding := {"msg": sprintf("this change touches %d modules; more than %d are hard to review together. Largest parts: %s", [count(touched), max_modules, largest_touched])}
}

# What others wrote, or a program made, is not read line by line; nor is what only goes, or only moves.
governed := [file |
	some file in input.files
	not file.class in {"generated", "vendored"}
	not file.status == "deleted"
	not moved(file)
	not locked(file)
]

moved(file) if {
	file.status == "renamed"
	not file.binary
	changed_lines(file) == 0
}

# Tools read lock files; the pack `dependencies` says what is new in them.
locked(file) if {
	file.manifest.kind == "lock"
	file.manifest.reading == "ok"
}

# One pass over the files each: a nested loop over modules and files does not finish on thousands of files.
sizes[file.module] contains [file.path, changed_lines(file)] if {
	some file in governed
}

# A module needs its own reviewer where its code or configuration changes. Folders of tests and their data belong to
# the module that they test, and one version is written into the manifests of all.
touched[file.module] contains file.path if {
	some file in input.files
	not file.class in {"generated", "test", "vendored"}
	not moved(file)
	not regex.match(`(^|/)(__snapshots__|__tests__|fixtures|test[_-]?data|testing|tests?)/`, file.path)
	not declares(file)
}

declares(file) if {
	file.manifest.kind in {"lock", "manifest"}
	file.manifest.reading == "ok"
}

changed_lines(file) := file.added + file.removed

largest_by_files := largest({[count(files), module] | some module, files in sizes}, "files")

largest_by_lines := largest({[lines, module] |
	some module, files in sizes
	lines := sum([number | some [_, number] in files])
}, "lines")

# A set of [number, module] is sorted by number, smallest first.
largest(parts, unit) := concat(", ", [text |
	ordered := [part | some part in parts]
	some back in numbers.range(1, min([named, count(ordered)]))
	[number, module] := ordered[count(ordered) - back]
	text := sprintf("`%s` (%d %s)", [shown(module), number, unit])
])

shown(module) := "." if module == ""

shown(module) := module if module != ""
