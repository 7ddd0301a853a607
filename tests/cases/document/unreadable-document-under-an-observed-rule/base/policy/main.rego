package main

import rego.v1

deny_root contains msg if {
	input.kind == "Deployment"
	not input.spec.runAsNonRoot
	msg := sprintf("%s runs as root", [input.metadata.name])
}

deny_generic contains "runs as root" if {
	input.kind == "Deployment"
	not input.spec.runAsNonRoot
}
