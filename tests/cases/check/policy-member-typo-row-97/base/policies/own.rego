# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

deny contains "x" if {
	some file in input.files
	file.paht == "a"
}
