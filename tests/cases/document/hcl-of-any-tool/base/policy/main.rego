package main

import rego.v1

deny_bad contains "found" if {
	input.listener[0].tcp[0].tls_disable
}
