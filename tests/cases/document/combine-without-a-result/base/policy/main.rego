package main

import rego.v1

deny_unknown_member contains msg if {
	some team in input
	team.contents.kind == "team"
	known := {user.contents.email | some user in input; user.contents.kind == "user"}
	some member in team.contents.members
	not member in known
	msg := sprintf("%s: %s is nobody", [team.path, member])
}
