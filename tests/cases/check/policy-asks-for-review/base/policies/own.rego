# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

review contains {"msg": "settings changed", "layer": 2, "team": "platform", "count": 2} if {
	some file in input.files
	file.path == "a.yaml"
}
