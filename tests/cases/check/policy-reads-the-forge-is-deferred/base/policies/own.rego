# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

deny contains "needs a label" if {
	not "ok" in input.change.labels
}
