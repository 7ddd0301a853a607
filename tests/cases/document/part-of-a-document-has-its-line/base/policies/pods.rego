# METADATA
# title: Pods
# custom:
#   scope: document
#   files: ["pods/*.yaml"]
package pods

# METADATA
# title: No privileged container
# description: A privileged container is root on the machine.
# custom:
#   id: pods/privileged
deny contains {"msg": "a privileged container", "_at": ["spec", "containers", index, "privileged"]} if {
	some index, container in input.spec.containers
	container.privileged
}

# METADATA
# title: No plain http
# description: It can be read on the way.
# custom:
#   id: pods/http
deny_http contains {"msg": "an address without encryption", "_at": ["spec", "containers", index, "run", number]} if {
	some index, container in input.spec.containers
	some number, line in split(container.run, "\n")
	contains(line, "http://")
}
