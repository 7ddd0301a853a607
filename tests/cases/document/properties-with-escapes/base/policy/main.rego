package main

import rego.v1

deny_bad contains "found" if {
	input["db.password"] == "a b"
}
