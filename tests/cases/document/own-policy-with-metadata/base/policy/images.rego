# METADATA
# title: Images have a version
# custom:
#   scope: document
package images

# METADATA
# title: An image has a version
# custom:
#   id: images/version
#   severity: warning
#   fix: name a version
deny contains msg if {
	endswith(input.image, ":latest")
	msg := sprintf("%s has no version", [input.image])
}
