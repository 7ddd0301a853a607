package p

# METADATA
# title: t
# description: d
# custom: {id: p/one, scope: file}
deny contains {"msg": sprintf("`%s` is called", [call.callee]), "line": call.line} if {
	some call in input.file.calls
	call.change == "added"
	call.callee == "eval"
}

# METADATA
# title: t
# description: d
# custom: {id: p/asks, scope: review, layer: 3}
review contains "a boundary is crossed" if count(input.impact.new_edges) > 0
