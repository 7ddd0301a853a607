package main

import rego.v1

deny_bad contains "found" if {
	some plugin in input.project.plugins.plugin
	plugin["-name"] == "maven"
	plugin["#content"] == "3.6.0"
}
