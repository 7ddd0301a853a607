package main

import rego.v1

deny_bad contains "found" if {
	some i
	input[i].Cmd == "from"
	endswith(input[i].Value[0], ":latest")
}
