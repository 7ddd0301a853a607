package portcullis.workflows.images_test

import data.portcullis.workflows.images

digest := "sha256:cbe2d5f94110cea9817dd8c5809d05df49b4bd1aac5203f3594d88665ad37988"

test_names_have_neither_tag_nor_digest if {
	images.name("node") == "node"
	images.name("registry.example:5000/a/b") == "registry.example:5000/a/b"
	images.name("registry.example:5000/a/b:1.2") == "registry.example:5000/a/b"
	images.name(sprintf("a/b:1@%s", [digest])) == "a/b"
}

test_without_a_tag_or_with_one_that_moves_it_floats if {
	every image in ["node", "registry.example:5000/node", "node:latest", "node:Stable"] {
		images.floating(image)
		not images.tagged(image)
	}
}

test_a_version_is_a_tag if {
	every image in ["node:22", "ghcr.io/org/node:22-alpine", "node:22@sha256:short"] {
		images.tagged(image)
		not images.floating(image)
	}
}

test_a_digest_or_what_is_not_known_is_neither if {
	every image in [sprintf("node@%s", [digest]), sprintf("node:latest@%s", [digest]), "$IMAGE", "${{ matrix.image }}", ""] {
		not images.tagged(image)
		not images.floating(image)
	}
}
