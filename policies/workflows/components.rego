# METADATA
# title: What pipelines take from elsewhere, and whom they serve
# description: A pipeline runs with the rights of the repository. What it takes from elsewhere has these rights too, and so has what strangers can put into it.
# custom:
#   scope: document
#   files: ["templates/*.yml", "templates/*/template.yml"]
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.workflows.components

import data.portcullis.workflows.gitlab

# METADATA
# title: Component that does what a pipeline should not
# description: What a component takes from elsewhere, or runs, happens in every project that includes it. It is only advised because a folder `templates` may hold templates of another kind.
# related_resources:
#   - https://docs.gitlab.com/ci/components/#write-a-component
# custom:
#   id: workflows/gitlab-component
#   severity: warning
#   status: advisory
#   scope: document
#   since: "0.6"
#   fix: Pin what it takes from elsewhere, and keep words of strangers out of `eval` and `sh -c`.
#   examples:
#     bad: |
#       # templates/scan.yml
#       scan:
#         image: org/scan:latest
#     good: |
#       # templates/scan.yml
#       scan:
#         image: org/scan:1.4.2@sha256:...
warn_component contains finding if {
	some found in [
		gitlab.deny_floating_image,
		gitlab.deny_remote_include,
		gitlab.deny_moving_include,
		gitlab.deny_script_injection,
		gitlab.deny_token_printed,
	]
	some finding in found
}
