package main

import rego.v1

import data.kubernetes

violation := [{"msg": msg, "details": {}}] if {
	kubernetes.is_service
	msg := "no services"
}
