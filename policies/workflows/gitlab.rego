# METADATA
# title: What a GitLab pipeline takes from elsewhere, and what it runs
# description: A pipeline runs with the token of its job and the variables of the project. What it takes from elsewhere runs with them too.
# custom:
#   scope: document
#   files: ["**/*.gitlab-ci.yml", ".gitlab-ci.yml", ".gitlab-ci.d/**/*.{yml,yaml}", ".gitlab-ci/**/*.{yml,yaml}", ".gitlab/**/*.{yml,yaml}"]
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.workflows.gitlab

import data.portcullis.workflows.images
import data.portcullis.workflows.pipeline

# METADATA
# title: Image of a pipeline that moves
# description: An image without a tag, or with one that is made to move, is another program tomorrow, with the same token and variables.
# related_resources:
#   - https://docs.gitlab.com/ci/docker/using_docker_images/
# custom:
#   id: workflows/gitlab-floating-image
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Write the digest behind the tag, `name:1.2.3@sha256:...`.
#   examples:
#     bad: |
#       image: node:latest
#     good: |
#       image: node:22.9.0@sha256:cbe2d5f94110cea9817dd8c5809d05df49b4bd1aac5203f3594d88665ad37988
deny_floating_image contains finding if {
	some image in pipeline.images
	images.floating(image.what)
	finding := {"msg": sprintf("the image `%s` has no fixed version", [images.name(image.what)]), "_at": image.at}
}

# METADATA
# title: Image of a pipeline without a digest
# description: A tag of an image can be moved to other content at any time. A digest cannot.
# related_resources:
#   - https://docs.gitlab.com/ci/docker/using_docker_images/
# custom:
#   id: workflows/gitlab-tagged-image
#   severity: warning
#   status: advisory
#   scope: document
#   since: "0.6"
#   fix: Write the digest behind the tag, `name:1.2.3@sha256:...`.
#   examples:
#     bad: |
#       image: node:22.9.0
#     good: |
#       image: node:22.9.0@sha256:cbe2d5f94110cea9817dd8c5809d05df49b4bd1aac5203f3594d88665ad37988
warn_tagged_image contains finding if {
	some image in pipeline.images
	images.tagged(image.what)
	finding := {"msg": sprintf("the image `%s` is taken by a tag, which can be moved", [images.name(image.what)]), "_at": image.at}
}

# METADATA
# title: Pipeline from an address
# description: What stands at the address is read anew for every pipeline. Whoever answers there decides what runs, with the variables of the project.
# related_resources:
#   - https://docs.gitlab.com/ci/yaml/#includeintegrity
# custom:
#   id: workflows/gitlab-remote-include
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: "Write `integrity: sha256-...` beside it, or copy the file into the repository."
#   examples:
#     bad: |
#       include:
#         - remote: https://example.com/ci.yml
#     good: |
#       include:
#         - remote: https://example.com/ci.yml
#           integrity: sha256-L3/GAoKaw0Arw6hDCKeKQlV1QPEgHYxGBHsH4zG1IY8=
deny_remote_include contains finding if {
	some include in pipeline.includes
	address := include.entry.remote
	is_string(address)
	not include.entry.integrity
	finding := {"msg": sprintf("`%s` is run as it is found there", [address]), "_at": include.at}
}

# METADATA
# title: Pipeline or component that moves
# description: Without a version, or by the name of a branch, what is included is what its owner last wrote, with the variables of this project.
# related_resources:
#   - https://docs.gitlab.com/ci/yaml/#includeproject
#   - https://docs.gitlab.com/ci/components/#component-versions
# custom:
#   id: workflows/gitlab-moving-include
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Name a version or, better, a commit id.
#   examples:
#     bad: |
#       include:
#         - component: gitlab.com/org/scan/sast@~latest
#     good: |
#       include:
#         - component: gitlab.com/org/scan/sast@1.4.2
deny_moving_include contains finding if {
	some include in pipeline.includes
	project := include.entry.project
	is_string(project)
	moving(object.get(include.entry, "ref", ""))
	finding := {"msg": sprintf("the pipeline of `%s` is taken from a branch", [project]), "_at": include.at}
}

deny_moving_include contains finding if {
	some include in pipeline.includes
	component := include.entry.component
	is_string(component)
	parts := split(component, "@")
	moving(concat("@", array.slice(parts, 1, count(parts))))
	finding := {"msg": sprintf("the component `%s` is taken by a version that moves", [parts[0]]), "_at": include.at}
}

moving(ref) if {
	is_string(ref)
	regex.match(`^(|~latest|head|main|master|trunk|develop|development|dev|stable|latest|next|staging)$`, lower(trim_space(ref)))
}

# METADATA
# title: Words of a stranger are read as a command
# description: The shell puts a variable in as data, but `eval` and `sh -c "..."` read the result once more, as a command. Titles, messages and names of branches come from whoever opens a merge request.
# related_resources:
#   - https://docs.gitlab.com/ci/variables/#security
# custom:
#   id: workflows/gitlab-script-injection
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: "Take it as an argument: `sh -c 'echo \"$1\"' sh \"$CI_COMMIT_TITLE\"`, or leave `eval` out."
#   examples:
#     bad: |
#       script:
#         - bash -c "echo $CI_COMMIT_TITLE"
#     good: |
#       script:
#         - echo "$CI_COMMIT_TITLE"
deny_script_injection contains finding if {
	some line in pipeline.lines
	some [_, name] in regex.find_all_string_submatch_n(read_again, line.text, -1)
	finding := {"msg": sprintf("`$%s` is read as a command, and anybody can write what it stands for", [name]), "_at": line.at}
}

# A variable behind `eval`, or in double quotes behind the option of an interpreter that takes a program.
read_again := concat("", [
	`^(?:[^#']|'[^']*')*`,
	`(?:\beval\s+(?:[^'\\;&|#]|\\.)*`,
	`|\b(?:(?:ba|da|k|z)?sh|su|python3?|node|perl|ruby|ssh)\s(?:[^"'#;&|]*\s)?-(?:[a-z]*c|e)\s+"(?:[^"\\]|\\.)*)`,
	`\$\{?(CI_(?:COMMIT_(?:AUTHOR|BRANCH|DESCRIPTION|MESSAGE|REF_NAME|TAG|TAG_MESSAGE|TITLE)|EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME|MERGE_REQUEST_(?:DESCRIPTION|SOURCE_BRANCH_NAME|TITLE)))\b`,
])

# METADATA
# title: Token in the log
# description: Who reads the log of the job, which of a public project is everybody, has the token. The log masks it only where it stands as it is.
# related_resources:
#   - https://docs.gitlab.com/ci/jobs/ci_job_token/
# custom:
#   id: workflows/gitlab-token-printed
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC6.1"]
#   since: "0.6"
#   fix: Leave it out. To see whether it is set, print its length.
#   examples:
#     bad: |
#       script:
#         - echo "$CI_JOB_TOKEN" | base64
#     good: |
#       script:
#         - echo "${#CI_JOB_TOKEN}"
deny_token_printed contains finding if {
	some line in pipeline.lines
	some [_, name] in regex.find_all_string_submatch_n(`^[^#]*\b(?:echo|printf)\s[^|>&;<]*\$\{?(CI_JOB_TOKEN|CI_REGISTRY_PASSWORD|CI_DEPLOY_PASSWORD|CI_DEPENDENCY_PROXY_PASSWORD)\b[^|>&;]*(?:\|\s*(?:base64|rev|xxd|od|hexdump)\b[^|>&;]*)?$`, line.text, -1)

	# What a command takes in is not printed.
	not regex.match(`\$\(\s*(echo|printf)\b`, line.text)
	finding := {"msg": sprintf("`%s` is printed into the log", [name]), "_at": line.at}
}
