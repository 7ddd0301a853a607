# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

deny contains {"path": file.path} if {
	some file in input.files
}
