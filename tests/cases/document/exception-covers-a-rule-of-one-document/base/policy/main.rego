package main

import rego.v1

deny_run_as_root contains msg if {
	input.kind == "Deployment"
	not input.spec.runAsNonRoot
	msg := sprintf("%s runs as root", [input.metadata.name])
}

deny_labels contains "no labels" if not input.metadata.labels

exception contains rules if {
	input.metadata.name == "may-run-as-root"
	rules := ["run_as_root"]
}
