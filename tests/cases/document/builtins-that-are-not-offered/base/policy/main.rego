package main

import rego.v1

deny_old contains "old" if time.now_ns() > input.expires

deny_open contains "open" if http.send({"method": "get", "url": input.url}).status_code == 200

deny_token contains "token" if io.jwt.decode(input.token)[1].sub == "root"

deny_env contains "env" if opa.runtime().env.HOME == "/"

deny_any contains "any" if any([input.a, input.b])
