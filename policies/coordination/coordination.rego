# METADATA
# title: Other open changes do something to the same
# description: Two changes that are each right can be wrong together. Git sees lines that meet, and nothing else; who talks before the merge spares a revert after it.
# custom:
#   scope: change
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.coordination

# How many names a message tells.
named := 3

# How many files that others change too are told one by one.
most_files := 10

# METADATA
# title: Opposite decisions
# description: One change accepts or edits a decision that another one rejects, replaces or writes otherwise. Whichever is merged second silently wins, or both stand.
# related_resources:
#   - https://adr.github.io/madr/
# custom:
#   id: coordination/opposite-decisions
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Settle the decision with whoever opened the other change before either is merged; then let one of the two follow.
#   examples:
#     bad: |
#       this change accepts ADR-0007, while open change #12 supersedes it by ADR-0009
#     good: |
#       this change waits for #12, or #12 is closed
warn_opposite_decisions contains finding if {
	some overlap in input.change.overlaps
	overlap.kind == "decision"
	finding := {
		"msg": sprintf("%s is not the same in %s: %s", [overlap.name, who(overlap.change), overlap.note]),
		"path": overlap.paths[0],
		"symbol": sprintf("%s %s", [overlap.name, overlap.change.label]),
	}
}

# METADATA
# title: The same contract
# description: Consumers see the sum of both changes; each was compared with the contract as it is, and neither with the other.
# related_resources:
#   - https://martinfowler.com/articles/consumerDrivenContracts.html
# custom:
#   id: coordination/same-contract
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Agree with whoever opened the other change on the order, and check the second one again once the first is merged.
#   examples:
#     bad: |
#       two open changes edit api/openapi.yaml, each compatible with what is published
#     good: |
#       one change is merged, the other is rebased and checked again
warn_same_contract contains finding if {
	some overlap in input.change.overlaps
	overlap.kind == "contract"
	finding := {
		"msg": sprintf("the source of %s changes in %s too", [overlap.name, who(overlap.change)]),
		"path": overlap.paths[0],
		"symbol": sprintf("%s %s", [overlap.name, overlap.change.label]),
	}
}

# METADATA
# title: The same symbols
# description: A function that two open changes edit ends as neither of them tested it; where one changes a signature that the other relies on, git merges both without a conflict.
# related_resources:
#   - https://martinfowler.com/bliki/SemanticConflict.html
# custom:
#   id: coordination/same-symbol
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Talk to whoever opened the other change; one of the two rebases on the other.
#   examples:
#     bad: |
#       this change rewrites `Cart.total`, while open change #12 gives it another signature
#     good: |
#       #12 is merged, and this change is rebased on it
warn_same_symbol contains finding if {
	some key, overlaps in symbols
	first := overlaps[0]
	finding := {
		"msg": sprintf("%s in %s too%s", [list(overlaps), who(key), notes(overlaps)]),
		"path": first.paths[0],
		"line": first.line,
		"symbol": sprintf("%s %s", [first.name, key.label]),
	}
}

# METADATA
# title: The same files
# description: Other parts of the same files change in another open change. That is no fault; whoever is merged second may have to rebase.
# related_resources:
#   - https://martinfowler.com/bliki/SemanticConflict.html
# custom:
#   id: coordination/same-module
#   severity: info
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Nothing, or ask whoever opened the other change who goes first.
#   examples:
#     bad: |
#       this change edits `Cart.add` in cart.py, while open change #12 edits `Cart.total` there
#     good: |
#       each change is in files of its own
warn_same_module contains finding if {
	some path in array.slice(sort(object.keys(files)), 0, most_files)
	others := files[path]
	finding := {
		"msg": sprintf("%s changes in %s too%s", [path, list_changes(others), unknown_parts(others)]),
		"path": path,
		"symbol": path,
	}
}

# Overlaps in symbols by other change, in the order of the document.
symbols[key] := overlaps if {
	some overlap in input.change.overlaps
	overlap.kind == "symbol"
	key := overlap.change
	overlaps := [other | some other in input.change.overlaps; other.kind == "symbol"; other.change == key]
}

# Other changes by the files that they touch too, without those of which something nearer was told.
files[path] := others if {
	some overlap in input.change.overlaps
	overlap.kind == "module"
	some path in overlap.paths
	others := [other.change |
		some other in input.change.overlaps
		other.kind == "module"
		path in other.paths
		not other.change in nearer
	]
	count(others) > 0
}

nearer contains overlap.change if {
	some overlap in input.change.overlaps
	overlap.kind in {"contract", "decision", "symbol"}
}

unknown_parts(others) := "; which parts there is not known" if {
	some other in others
	other in unknown
}

unknown_parts(others) := ", in other parts" if {
	every other in others {
		not other in unknown
	}
}

unknown contains overlap.change if {
	some overlap in input.change.overlaps
	overlap.theirs == "unknown"
}

who(change) := sprintf("%s \"%s\" (%s, draft)", [change.label, change.title, change.author]) if change.draft

who(change) := sprintf("%s \"%s\" (%s)", [change.label, change.title, change.author]) if not change.draft

notes(overlaps) := sprintf(": %s", [overlaps[0].note]) if count(overlaps) == 1

notes(overlaps) := "" if count(overlaps) > 1

list(overlaps) := sprintf("`%s` changes", [overlaps[0].name]) if count(overlaps) == 1

list(overlaps) := sprintf("%s change", [concat(", ", [sprintf("`%s`", [overlap.name]) | some overlap in overlaps])]) if {
	count(overlaps) > 1
	count(overlaps) <= named
}

list(overlaps) := sprintf("%s and %d more change", [concat(", ", [sprintf("`%s`", [overlap.name]) | some overlap in array.slice(overlaps, 0, named)]), count(overlaps) - named]) if {
	count(overlaps) > named
}

list_changes(others) := concat(", ", [who(other) | some other in others]) if count(others) <= named

list_changes(others) := sprintf("%s and %d more", [concat(", ", [who(other) | some other in array.slice(others, 0, named)]), count(others) - named]) if {
	count(others) > named
}
