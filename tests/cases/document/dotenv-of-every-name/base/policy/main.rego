package main

import rego.v1

deny_bad contains "found" if {
	input.URL == "http://a.example/x"
}
