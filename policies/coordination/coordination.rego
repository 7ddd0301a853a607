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

# METADATA
# title: Opposite decisions
# description: One change accepts or edits a decision that another one rejects, replaces or writes otherwise. Whichever is merged second silently wins, or both stand.
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
	some key, paths in files

	# What is nearer was told already.
	not nearer[key]
	finding := {
		"msg": sprintf("%s in %s too%s", [list_paths(paths), who(key), unknown_parts(key)]),
		"path": paths[0],
		"symbol": sprintf("%s", [key.label]),
	}
}

# Overlaps in symbols by other change, in the order of the document.
symbols[key] := overlaps if {
	some overlap in input.change.overlaps
	overlap.kind == "symbol"
	key := overlap.change
	overlaps := [other | some other in input.change.overlaps; other.kind == "symbol"; other.change == key]
}

# Files that another change touches too.
files[key] := paths if {
	some overlap in input.change.overlaps
	overlap.kind == "module"
	key := overlap.change
	paths := sort({path |
		some other in input.change.overlaps
		other.kind == "module"
		other.change == key
		some path in other.paths
	})
	count(paths) > 0
}

nearer contains overlap.change if {
	some overlap in input.change.overlaps
	overlap.kind in {"contract", "decision", "symbol"}
}

unknown_parts(key) := "; which parts there is not known" if key in unknown

unknown_parts(key) := ", in other parts" if not key in unknown

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

list_paths(paths) := sprintf("%s changes", [paths[0]]) if count(paths) == 1

list_paths(paths) := sprintf("%s change", [concat(", ", paths)]) if {
	count(paths) > 1
	count(paths) <= named
}

list_paths(paths) := sprintf("%s and %d more files change", [concat(", ", array.slice(paths, 0, named)), count(paths) - named]) if {
	count(paths) > named
}
