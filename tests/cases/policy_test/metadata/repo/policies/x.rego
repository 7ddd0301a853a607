# METADATA
# title: The whole tree
# scope: subpackages
# organizations: [Acme]
# custom:
#   owner: platform
package org.x

# METADATA
# title: Own title
# description: Why
# authors: ["Ann <ann@example.org>", {name: Bob}]
# related_resources: ["https://example.org", {ref: "https://example.org/b", description: b}]
# custom:
#   id: x/own
#   scope: change
deny contains finding if {
	input.change.draft; meta := rego.metadata.rule(); finding := {"msg": meta.title, "fix": meta.custom.id}
}

# METADATA
# scope: document
# title: Of all clauses
links contains rego.metadata.chain()

links contains rego.metadata.rule().title if 1 == 2

unsaid := rego.metadata.rule()
