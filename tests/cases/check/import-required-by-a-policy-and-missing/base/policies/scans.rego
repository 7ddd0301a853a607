package scans

import rego.v1

# METADATA
# title: Python changes come with a scan
# custom: {id: scans/python, status: enforced}
deny contains {"msg": "no scan of Semgrep looked at this change"} if {
	some file in input.files
	endswith(file.path, ".py")
	not scanned
}

scanned if {
	some entry in input.imports
	entry.tool == "semgrep"
	entry.ran
	entry.successful
}
