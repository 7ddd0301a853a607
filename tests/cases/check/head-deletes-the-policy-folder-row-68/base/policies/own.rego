# METADATA
# title: Nobody touches a.py
# custom:
#   id: own/rule
package own

warn contains {"msg": "x", "path": file.path} if {
	some file in input.files
	file.path == "a.py"
}
