# METADATA
# title: A rule
# custom:
#   id: own/rule
#   scope: change
package own

deny contains "x" if {
	count(input.files) > 900
}
