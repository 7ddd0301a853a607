# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

denny contains "x" if {
	count(input.files) > 0
}
