# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

deny contains "x" if {
	print("::error::taken over\u001b[2J")
	count(input.files) > 900
}
