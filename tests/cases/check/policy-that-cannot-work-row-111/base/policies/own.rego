# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: file
package own

deny contains "x" if {
	to_number(input.file.path) > 1
}
