package main

import rego.v1

deny_here contains {"msg": "here", "_loc": {"file": data.conftest.file.name, "line": 2}, "severity": "HIGH", "fix": 7} if input.a

deny_there contains {"msg": "there", "_loc": {"file": "elsewhere.txt", "line": 9}} if input.a
