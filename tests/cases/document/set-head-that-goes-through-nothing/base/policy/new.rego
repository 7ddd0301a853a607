package main.new

import rego.v1

volumes contains input.spec.volumes[_] if {
	input.kind == "Pod"
}

deny_path contains msg if {
	some volume in volumes
	volume.hostPath
	msg := volume.name
}
