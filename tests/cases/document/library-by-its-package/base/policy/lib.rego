package kubernetes

import rego.v1

is_service if input.kind == "Service"
