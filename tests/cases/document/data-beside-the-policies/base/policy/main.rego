package main

import rego.v1

import data.services

deny_port contains msg if {
	some port in services.ports
	port in input.ports
	msg := sprintf("port %d", [port])
}
