# METADATA
# title: No dynamic evaluation
# custom:
#   id: own/eval
#   scope: file
package own

deny contains {"msg": "eval", "path": input.file.path, "line": call.line} if {
	some call in input.file.calls
	call.callee == "eval"
	call.change == "added"
}
