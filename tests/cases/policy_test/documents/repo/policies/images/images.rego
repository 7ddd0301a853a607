# METADATA
# title: Images have a version
# description: Nobody can say afterwards what ran.
# custom:
#   id: images/versions
#   scope: document
package images

deny contains msg if {
	some container in input.containers
	is_latest(container.image)
	msg := sprintf("%s is latest", [container.image])
}

is_latest(image) if endswith(image, ":latest")

is_latest(image) if not contains(image, ":")
