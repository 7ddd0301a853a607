# Names of container images: which version an image is taken by.
package portcullis.workflows.images

# The name without tag and digest; a port of a registry is no tag.
name(image) := regex.replace(bare(image), `:[^/:]*$`, "")

bare(image) := split(trim_space(image), "@")[0]

# What a variable or an expression stands for is not known here.
known(image) if {
	trim_space(image) != ""
	not contains(image, "$")
}

pinned(image) if regex.match(`@sha(256:[0-9a-fA-F]{64}|512:[0-9a-fA-F]{128})$`, trim_space(image))

tag(image) := trim_prefix(trim_prefix(bare(image), name(image)), ":")

# Without a tag it is the newest; these tags are made to move.
floating(image) if {
	known(image)
	not pinned(image)
	regex.match(`^(|latest|stable|main|master|trunk|edge|nightly|dev|develop|next|rolling|unstable|canary|current)$`, lower(tag(image)))
}

tagged(image) if {
	known(image)
	not pinned(image)
	not floating(image)
}
