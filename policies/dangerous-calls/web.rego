# METADATA
# title: Servers that are more open than they need be
# description: Each of these is right somewhere. Where it is, a person decided so; the rules only advise.
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.dangerous_calls

# METADATA
# title: Pages of any site are let in
# description: A page of any site can read the answers, or hear the message, with the visitor's browser.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/942.html
# custom:
#   id: dangerous-calls/any-origin
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Name the origins that may.
#   examples:
#     bad: |
#       CORSMiddleware(app, allow_origins=["*"])
#     good: |
#       CORSMiddleware(app, allow_origins=["https://shop.example"])
warn_any_origin contains finding if {
	some match in introduced("any-origin")
	finding := at(match, "pages of any site may read this", "any-origin")
}

# METADATA
# title: Server on every interface
# description: A server that was meant for this machine, or for one network, answers on all of them.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/605.html
# custom:
#   id: dangerous-calls/every-interface
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Listen on 127.0.0.1, or take the address from the configuration.
#   examples:
#     bad: |
#       app.run(host="0.0.0.0")
#     good: |
#       app.run(host=settings.host)
warn_every_interface contains finding if {
	some match in introduced("every-interface")
	finding := at(match, "this listens on every interface of the machine", "every-interface")
}

# METADATA
# title: Debugger or profiler that visitors reach
# description: A debugger runs code for whoever finds it; a profiler shows memory and paths.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/489.html
# custom:
#   id: dangerous-calls/debugger-exposed
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Switch it on from the environment, on a port of its own.
#   examples:
#     bad: |
#       app.run(debug=True)
#     good: |
#       app.run(debug=settings.debug)
warn_debugger_exposed contains finding if {
	some match in introduced("debugger-exposed")
	finding := at(match, "visitors may reach this debugger or profiler", "debugger-exposed")
}

# METADATA
# title: Forms of other sites are taken
# description: Without the check another site can send forms in the name of a visitor who is logged in.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/352.html
# custom:
#   id: dangerous-calls/csrf-off
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Leave the check on; where tokens take the place of cookies, say so beside it.
#   examples:
#     bad: |
#       @csrf_exempt
#     good: |
#       @csrf_protect
warn_csrf_off contains finding if {
	some match in introduced("csrf-off")
	finding := at(match, "other sites may send this in a visitor's name", "csrf-off")
}

# METADATA
# title: Cookie without protection
# description: A script of the page, or whoever listens on the way, can take a cookie without HttpOnly or Secure.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/1004.html
# custom:
#   id: dangerous-calls/open-cookie
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Leave Secure and HttpOnly on.
#   examples:
#     bad: |
#       response.set_cookie("session", value, httponly=False)
#     good: |
#       response.set_cookie("session", value, httponly=True, secure=True)
warn_open_cookie contains finding if {
	some match in introduced("open-cookie")
	finding := at(match, "a script, or somebody on the way, can take this cookie", "open-cookie")
}

# METADATA
# title: Connection without encryption
# description: Whoever sits between can read and change everything.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/319.html
# custom:
#   id: dangerous-calls/unencrypted-connection
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: 'Use TLS: https, wss, FTPS or SSH.'
#   examples:
#     bad: |
#       requests.get("http://prices.example.org/today")
#     good: |
#       requests.get("https://prices.example.org/today")
warn_unencrypted_connection contains finding if {
	some match in introduced("unencrypted-connection")
	finding := at(match, "everybody on the way can read and change this", "unencrypted-connection")
}
