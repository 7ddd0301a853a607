# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   status: enforcd
package own

deny contains "x" if {
	count(input.files) > 900
}
