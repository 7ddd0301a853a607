# METADATA
# title: What a workflow takes from elsewhere, and what it may do
# description: A workflow runs with a token of the repository. What it takes from elsewhere runs with that token, and what the token may do is the damage that it can do.
# custom:
#   scope: document
#   files: [".github/workflows/*.{yml,yaml}", "**/action.{yml,yaml}"]
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.workflows.github

import data.portcullis.workflows.images
import data.portcullis.workflows.workflow

# METADATA
# title: Action that is not pinned
# description: A tag or a branch of an action can be moved to other code at any time, by its owner or by whoever took over the account. Only a full commit id is the code that somebody read.
# related_resources:
#   - https://docs.github.com/en/actions/security-for-github-actions/security-guides/security-hardening-for-github-actions#using-third-party-actions
#   - https://docs.zizmor.sh/audits/#unpinned-uses
# custom:
#   id: workflows/unpinned-action
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Write the full commit id behind `@`, and the version in a comment behind it; a bot such as Dependabot keeps both current.
#   examples:
#     bad: |
#       - uses: actions/checkout@v4
#     good: |
#       - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
deny_unpinned_action contains finding if {
	some use in workflow.uses
	not own(use.what)
	not startswith(use.what, "docker://")
	name := split(use.what, "@")[0]
	version := trim_prefix(use.what, name)
	not regex.match(`^@([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$`, version)

	# The version is no part of the message: who raises it leaves things as they were.
	finding := {"msg": sprintf("`%s` is taken %s; only a full commit id is always the same code", [name, by(version)]), "_at": use.at}
}

# Actions of the repository itself are part of the change.
own(what) if regex.match(`^\.{1,2}(/|$)`, what)

by(version) := "without a version" if version in {"", "@"}

by(version) := "by a shortened commit id, which can come to mean another commit" if {
	regex.match(`^@[0-9a-f]{7,39}$`, version)
	regex.match(`[a-f]`, version)
}

by(version) := "by a version tag, which can be moved" if regex.match(`^@(releases?/)?v?[0-9]+(\.[0-9x]+)*([-+.][0-9A-Za-z.-]+)?$`, version)

by(version) := "by a name, which can be moved" if {
	not version in {"", "@"}
	not regex.match(`^@[0-9a-f]{7,39}$`, version)
	not regex.match(`^@(releases?/)?v?[0-9]+(\.[0-9x]+)*([-+.][0-9A-Za-z.-]+)?$`, version)
}

# METADATA
# title: Image that moves
# description: An image without a tag, or with one that is made to move, is another program tomorrow, with the same rights.
# related_resources:
#   - https://docs.zizmor.sh/audits/#unpinned-images
# custom:
#   id: workflows/floating-image
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Write the digest behind the tag, `name:1.2.3@sha256:...`.
#   examples:
#     bad: |
#       container: node:latest
#     good: |
#       container: node:22.9.0@sha256:cbe2d5f94110cea9817dd8c5809d05df49b4bd1aac5203f3594d88665ad37988
deny_floating_image contains finding if {
	some image in workflow.images
	images.floating(image.what)
	finding := {"msg": sprintf("the image `%s` has no fixed version", [images.name(image.what)]), "_at": image.at}
}

# METADATA
# title: Image without a digest
# description: A tag of an image can be moved to other content at any time. A digest cannot.
# related_resources:
#   - https://docs.zizmor.sh/audits/#unpinned-images
# custom:
#   id: workflows/tagged-image
#   severity: warning
#   status: advisory
#   scope: document
#   since: "0.6"
#   fix: Write the digest behind the tag, `name:1.2.3@sha256:...`.
#   examples:
#     bad: |
#       container: node:22.9.0
#     good: |
#       container: node:22.9.0@sha256:cbe2d5f94110cea9817dd8c5809d05df49b4bd1aac5203f3594d88665ad37988
warn_tagged_image contains finding if {
	some image in workflow.images
	images.tagged(image.what)
	finding := {"msg": sprintf("the image `%s` is taken by a tag, which can be moved", [images.name(image.what)]), "_at": image.at}
}

# METADATA
# title: Workflow that may write everything
# description: "`write-all` gives every step, and every action that it takes, the right to change code, releases, packages and settings."
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
#   - https://docs.zizmor.sh/audits/#excessive-permissions
# custom:
#   id: workflows/write-all
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC6.3"]
#   since: "0.6"
#   fix: Name what is needed, in the job that needs it.
#   examples:
#     bad: |
#       permissions: write-all
#     good: |
#       permissions:
#         contents: read
deny_write_all contains finding if {
	some grant in grants
	grant.permissions == "write-all"
	finding := {"msg": sprintf("`permissions: write-all` %s", [grant.of]), "_at": grant.at}
}

# METADATA
# title: Workflow that does not say what it may do
# description: Without `permissions` the token has what the settings of the repository or the organisation give, which no review of this file shows, and which is everything where they are old.
# related_resources:
#   - https://docs.zizmor.sh/audits/#excessive-permissions
# custom:
#   id: workflows/permissions-missing
#   severity: warning
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC6.3"]
#   since: "0.6"
#   fix: "Begin with `permissions: {}` or `contents: read` at the top, and give each job what it needs besides."
#   examples:
#     bad: |
#       on: push
#       jobs:
#         test:
#           runs-on: ubuntu-24.04
#     good: |
#       on: push
#       permissions: {}
#       jobs:
#         test:
#           runs-on: ubuntu-24.04
deny_permissions_missing contains finding if {
	not input.permissions

	# What is only called has at most what its caller gives it.
	workflow.triggers != {"workflow_call"}
	silent := {name | some name, job in workflow.jobs; not job.permissions}
	count(silent) > 0
	finding := {"msg": "this workflow has jobs that do not say what their token may do", "_at": ["jobs", min(silent)]}
}

# METADATA
# title: Workflow that may write more
# description: Each right to write is one that a bad action, a bad package or an injected script then has. Somebody else should see why it is needed.
# related_resources:
#   - https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
#   - https://docs.zizmor.sh/audits/#excessive-permissions
# custom:
#   id: workflows/write-scope
#   severity: warning
#   status: enforced
#   scope: document
#   layer: 2
#   controls: ["SOC2 CC6.3"]
#   since: "0.6"
#   fix: Leave the right out, or give it to the one job that needs it, and say in the change what for.
#   examples:
#     bad: |
#       permissions:
#         contents: write
#       jobs: {test: ..., release: ...}
#     good: |
#       permissions: {}
#       jobs:
#         test: ...
#         release:
#           permissions:
#             contents: write
review_write_scope contains request if {
	some grant in grants
	is_object(grant.permissions)
	some scope, "write" in grant.permissions
	request := {"msg": sprintf("`%s: write` %s", [scope, grant.of]), "layer": 2}
}

grants contains {"at": ["permissions"], "of": "for the whole workflow", "permissions": input.permissions} if {
	input.permissions
	is_object(input.jobs)
}

grants contains {"at": ["jobs", name, "permissions"], "of": sprintf("for the job `%s`", [name]), "permissions": job.permissions} if {
	some name, job in workflow.jobs
	job.permissions
}

# METADATA
# title: Commands in the log switched on again
# description: With `ACTIONS_ALLOW_UNSECURE_COMMANDS` every line that a step prints can set variables and the search path of the steps after it, whoever wrote the line.
# related_resources:
#   - https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/
#   - https://docs.zizmor.sh/audits/#insecure-commands
# custom:
#   id: workflows/unsecure-commands
#   severity: error
#   status: enforced
#   scope: document
#   since: "0.6"
#   fix: Write to the files `$GITHUB_ENV` and `$GITHUB_PATH` instead.
#   examples:
#     bad: |
#       env:
#         ACTIONS_ALLOW_UNSECURE_COMMANDS: true
#     good: |
#       run: echo "VERSION=1.2.3" >> "$GITHUB_ENV"
deny_unsecure_commands contains finding if {
	some environment in workflow.environments
	some name, value in environment.env
	lower(name) == "actions_allow_unsecure_commands"
	value in {true, "true"}
	finding := {"msg": "`ACTIONS_ALLOW_UNSECURE_COMMANDS` lets what a step prints change the steps after it", "_at": array.concat(environment.at, [name])}
}
