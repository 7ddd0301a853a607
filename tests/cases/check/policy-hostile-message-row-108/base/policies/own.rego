# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

deny contains {"msg": "::error::x\n```\n@org/team <script>", "path": file.path} if {
	some file in input.files
	file.path == "a.yaml"
}
