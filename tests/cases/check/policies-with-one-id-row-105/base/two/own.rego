# METADATA
# title: A rule of two
# custom:
#   id: own/rule
#   scope: change
package own.two

deny contains "x" if {
	count(input.files) > 900
}
