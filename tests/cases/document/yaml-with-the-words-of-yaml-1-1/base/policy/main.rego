package main

import rego.v1

deny_bad contains "found" if {
	input.spec.open == true
	input.spec.port == 22
}
