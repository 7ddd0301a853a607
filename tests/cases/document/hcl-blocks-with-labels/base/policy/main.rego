package main

import rego.v1

deny_bad contains "found" if {
	input.resource.aws_alb_listener.web[0].protocol == "HTTP"
	input.resource.aws_alb_listener.web[0].port == "${var.port}"
}
