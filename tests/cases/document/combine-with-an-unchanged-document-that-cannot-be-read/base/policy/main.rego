package main

import rego.v1

deny_no_service contains msg if {
	some deployment in input
	deployment.contents.kind == "Deployment"
	services := {service.contents.app | some service in input; service.contents.kind == "Service"}
	not deployment.contents.app in services
	msg := sprintf("%s has no service", [deployment.contents.app])
}
