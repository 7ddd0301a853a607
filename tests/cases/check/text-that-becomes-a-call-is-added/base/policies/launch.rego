# METADATA
# title: No new launch
# custom:
#   id: shop/launch
#   scope: file
package shop.launch

deny contains finding if {
	some call in input.file.calls
	call.change == "added"
	call.callee == "launch"
	finding := {"msg": "a new launch", "path": input.file.path, "line": call.line}
}
