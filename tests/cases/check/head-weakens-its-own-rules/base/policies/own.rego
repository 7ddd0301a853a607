# METADATA
# title: A rule
# custom:
#   id: own/rule
package own

deny contains "x" if {
	count(input.files) > 0
}
