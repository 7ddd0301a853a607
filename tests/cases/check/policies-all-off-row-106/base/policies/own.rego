# METADATA
# title: A rule
# custom:
#   id: own/rule
#   status: draft
package own

deny contains "x" if {
	count(input.files) > 900
}
