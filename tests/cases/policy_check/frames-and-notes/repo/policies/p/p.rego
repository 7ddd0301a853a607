package p

import data.q

# METADATA
# title: t
# custom:
#   id: p/one
#   scope: change
deny contains msg if {
	unused := 1
	some file in input.files
	file.paht == "x"
	msg := wide(file)
}

wide(file) := sprintf("%-5s", [file.path])

deny_two contains "x" if {
	input.change.drafty
