# METADATA
# title: A rule of the repository
# custom:
#   id: own/rule
#   scope: change
package own

deny contains "x" if {
	opa.runtime()
}
