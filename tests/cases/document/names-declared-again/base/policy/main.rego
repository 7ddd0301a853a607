package main

import rego.v1

deny_twice contains msg if {
	name := input.names[_]
	occurrences := [name | some i; input.names[i] == name; name := i]
	count(occurrences) > 1
	msg := sprintf("%s stands twice", [name])
}
