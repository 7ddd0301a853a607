# METADATA
# title: A rule of one
# custom:
#   id: own/rule
#   scope: change
package own.one

deny contains "x" if {
	count(input.files) > 900
}
