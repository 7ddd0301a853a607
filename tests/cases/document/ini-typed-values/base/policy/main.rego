package main

import rego.v1

deny_bad contains "found" if {
	input.users.allow_sign_up == true
	input.users["max logins"] == 5
}
