package p

# METADATA
# title: t
# description: d
# custom: {id: p/one, scope: file}
deny contains {"msg": match.text, "line": match.start} if {
	some match in input.file.matches
	match.pattern == "policies/eval-python"
}
