# METADATA
# title: Big files
# description: A file that grows much is hard to review.
# custom:
#   id: size/big
#   severity: warning
#   fix: Split the file.
package size

deny contains {"msg": msg, "path": f.path, "line": 1} if {
	some f in input.files
	f.added > data.size.limits.lines
	msg := sprintf("%s is big", [f.path])
}
