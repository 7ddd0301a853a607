# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

f(x) := f(x + 1)

deny contains "x" if {
	f(1) > 3
}
