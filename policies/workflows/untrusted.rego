# METADATA
# title: What strangers can reach from a workflow
# description: Titles, texts, branch names and the code of a pull request come from anybody. A workflow that runs them with the rights of the repository gives anybody these rights.
# custom:
#   scope: document
#   files: [".github/workflows/*.{yml,yaml}", "**/action.{yml,yaml}"]
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.workflows.untrusted

import data.portcullis.workflows.expressions
import data.portcullis.workflows.workflow

# METADATA
# title: Words of a stranger become part of a script
# description: An expression is put into the script as text before the shell reads it. A title such as `$(curl ... | sh)` then is a command.
# related_resources:
#   - https://docs.github.com/en/actions/concepts/security/script-injections
#   - https://docs.zizmor.sh/audits/#template-injection
# custom:
#   id: workflows/script-injection
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: "Hand it over as a variable: `env: {TITLE: ${{ ... }}}`, and write `\"$TITLE\"` in the script."
#   examples:
#     bad: |
#       - run: echo "${{ github.event.pull_request.title }}"
#     good: |
#       - run: echo "$TITLE"
#         env:
#           TITLE: ${{ github.event.pull_request.title }}
deny_script_injection contains finding if {
	some script in workflow.scripts
	some expression in expressions.of(script.text)
	carried := expressions.carried(expression.plain)
	spoken(script.entry, carried)
	not vouched(script.entry, carried)
	finding := {
		"msg": sprintf("`%s` becomes part of a script, and anybody can write what it stands for", [shown(expression.shown)]),
		"_at": array.concat(script.at, [expression.line]),
	}
}

spoken(_, carried) if regex.match(expressions.untrusted, carried)

# Whole contexts hold all of it.
spoken(_, carried) if regex.match(`\btojson\{github(\.event(\.(issue|pull_request|comment|review|discussion|head_commit|commits(\.\*)?|workflow_run))?)?\}`, carried)

# A variable that holds it, put in as an expression, is no variable any more.
spoken(entry, carried) if {
	some [_, name] in regex.find_all_string_submatch_n(`\benv\.([a-z0-9_-]+)`, carried, -1)
	some environment in workflow.environments
	environment.job in {"*", entry.job}
	environment.step in {"*", entry.index}
	some key, value in environment.env
	lower(key) == name
	is_string(value)
	some expression in expressions.of(value)
	regex.match(expressions.untrusted, expressions.carried(expression.plain))
}

# Words of a pull request alone, in a job or step for pull requests of one account or of those who can write.
vouched(entry, carried) if {
	some condition in conditions(entry)
	no_other_reason(condition)
	regex.match(`github\.event\.pull_request\.user\.login==['"][^'"]+['"]|github\.event\.pull_request\.head\.repo\.full_name==github\.repository\b|!github\.event\.pull_request\.head\.repo\.fork\b|github\.event\.pull_request\.head\.repo\.fork==false`, condition)
	others := regex.replace(carried, `\bgithub\.(head_ref\b|event\.pull_request\.(title|body|head\.[a-z_.]+))`, "")
	not spoken(entry, others)
}

conditions(entry) := {tight |
	some condition in array.concat([workflow.jobs[entry.job]["if"] | true], [entry.step["if"] | true])
	is_string(condition)
	tight := regex.replace(lower(condition), `\s+|\$\{\{|\}\}`, "")
}

# A condition with one of these may hold for other reasons.
no_other_reason(condition) if {
	not contains(condition, "||")
	not contains(condition, "!(")
}

shown(expression) := regex.replace(trim_space(expression), `\s+`, " ")

# METADATA
# title: Input becomes part of a script
# description: Who calls a reusable workflow or an action may hand over words of a stranger. What is put into the script as text is a command then.
# related_resources:
#   - https://docs.zizmor.sh/audits/#template-injection
# custom:
#   id: workflows/input-in-script
#   severity: warning
#   status: advisory
#   scope: document
#   since: "0.6"
#   fix: "Hand it over as a variable: `env: {NAME: ${{ inputs.name }}}`, and write `\"$NAME\"` in the script."
#   examples:
#     bad: |
#       - run: deploy ${{ inputs.name }}
#     good: |
#       - run: deploy "$NAME"
#         env:
#           NAME: ${{ inputs.name }}
warn_input_in_script contains finding if {
	some script in workflow.scripts
	some expression in expressions.of(script.text)
	some [_, name] in regex.find_all_string_submatch_n(`\binputs\.([a-z0-9_-]+)`, expressions.carried(expression.plain), -1)
	name in texts
	finding := {
		"msg": sprintf("`%s` becomes part of a script; who calls it may hand over anybody's words", [shown(expression.shown)]),
		"_at": array.concat(script.at, [expression.line]),
	}
}

# Inputs that may be any text. Only those who can write start a workflow by hand, so its own inputs are not meant.
texts contains lower(name) if {
	is_object(workflow.on.workflow_call.inputs)
	some name, body in workflow.on.workflow_call.inputs
	body.type == "string"
}

texts contains lower(name) if {
	is_array(input.runs.steps)
	is_object(input.inputs)
	some name, _ in input.inputs
}

# METADATA
# title: Code of a stranger with the rights of the repository
# description: Such a workflow has a token that may write and all secrets. Code of the pull request that is checked out there is run by the next build, test or install step, or by a hook of it.
# related_resources:
#   - https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
#   - https://docs.zizmor.sh/audits/#dangerous-triggers
# custom:
#   id: workflows/untrusted-checkout
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Build and test on `pull_request`. What needs rights goes into another workflow that does not check out the change.
#   examples:
#     bad: |
#       on: pull_request_target
#       jobs:
#         test:
#           steps:
#             - uses: actions/checkout@...
#               with:
#                 ref: ${{ github.event.pull_request.head.sha }}
#     good: |
#       on: pull_request
#       jobs:
#         test:
#           steps:
#             - uses: actions/checkout@...
deny_untrusted_checkout contains finding if {
	some checkout in checkouts
	finding := {
		"msg": sprintf("%s in a workflow on `%s`, which has the rights of the repository", [checkout.what, min(workflow.privileged)]),
		"_at": checkout.at,
	}
}

checkouts contains {"at": array.concat(entry.at, ["with", name]), "job": entry.job, "what": sprintf("`%s` checks out code of a stranger", [shown(value)])} if {
	count(workflow.privileged) > 0
	some entry in workflow.steps
	workflow.action(entry.step) == "actions/checkout"
	not guarded(entry)
	some name, pattern in {"ref": foreign_commit, "repository": foreign_repository}
	value := entry.step["with"][name]
	is_string(value)
	foreign(value, pattern)
}

checkouts contains {"at": array.concat(script.at, [number]), "job": script.entry.job, "what": "`gh pr checkout` checks out code of a stranger"} if {
	count(workflow.privileged) > 0
	some script in workflow.scripts
	not guarded(script.entry)
	some number, line in split(script.text, "\n")
	regex.match(`^[^#]*\b(gh|hub)\s+pr\s+checkout\b`, line)
}

checkouts contains {"at": array.concat(script.at, [number]), "job": script.entry.job, "what": "`git` checks out code of a stranger"} if {
	count(workflow.privileged) > 0
	some script in workflow.scripts
	not guarded(script.entry)

	# Who only fetches it may want to compare it.
	regex.match(`(?m)^[^#\n]*\bgit\s+(-C\s+\S+\s+)?(checkout|switch|merge|rebase|reset|worktree|cherry-pick|pull)\b`, script.text)
	some number, line in split(script.text, "\n")
	regex.match(`^[^#]*\bgit\s+(-C\s+\S+\s+)?(fetch|pull)\b.*\bpull/`, line)
}

# The name of a branch alone is looked up in the repository itself, where no stranger's is; a commit is found there too.
foreign_commit := `\bgithub\.event\.(pull_request\.(head\.sha|merge_commit_sha)|workflow_run\.(head_sha|head_commit\.id))\b`

foreign_repository := `\bgithub\.event\.(pull_request\.head\.repo|workflow_run\.head_repository)\.(full_name|owner\.login|name)\b`

foreign(value, pattern) if {
	some expression in expressions.of(value)
	regex.match(pattern, expressions.carried(expression.plain))
}

foreign(value, pattern) if {
	pattern == foreign_commit
	regex.match(`^\s*refs/pull/.*/(head|merge)\s*$`, value)
}

# Whether the job, or the step, runs for branches of the repository only, or for an event that has no such rights. A
# condition with `||` may hold for other reasons.
guarded(entry) if {
	some condition in conditions(entry)
	no_other_reason(condition)
	regex.match(`github\.event_name==['"](pull_request|push|schedule|merge_group|workflow_dispatch)['"]|github\.event\.(pull_request\.head\.repo|workflow_run\.head_repository)\.full_name==github\.repository\b|github\.repository==github\.event\.(pull_request\.head\.repo|workflow_run\.head_repository)\.full_name\b|github\.event\.workflow_run\.event==['"](push|schedule|merge_group|release|workflow_dispatch)['"]|(!github\.event\.pull_request\.head\.repo\.fork\b|github\.event\.pull_request\.head\.repo\.fork==false)`, condition)
}

# METADATA
# title: Secret beside the code of a stranger
# description: The job has checked out code that anybody can write. Whatever of it runs can read this secret, from its environment, its memory or from files that steps leave behind.
# related_resources:
#   - https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
# custom:
#   id: workflows/secret-beside-head
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC6.1"]
#   since: "0.6"
#   fix: Use the secret in a job, or in a workflow, that does not check out the change.
#   examples:
#     bad: |
#       on: pull_request_target
#       jobs:
#         test:
#           steps:
#             - uses: actions/checkout@...
#               with: {ref: "${{ github.event.pull_request.head.sha }}"}
#             - run: npm test
#               env: {KEY: "${{ secrets.KEY }}"}
#     good: |
#       on: pull_request
#       jobs:
#         test:
#           steps:
#             - uses: actions/checkout@...
#             - run: npm test
deny_secret_beside_head contains finding if {
	some checkout in checkouts
	some found in secret_texts
	found.job in {"*", checkout.job}
	some expression in expressions.of(found.text)
	some [_, name] in regex.find_all_string_submatch_n(`\bsecrets\.([a-z0-9_-]+)`, expression.plain, -1)
	name != "github_token"
	finding := {"msg": sprintf("the secret `%s` is in a job that checks out code of a stranger", [upper(name)]), "_at": found.at}
}

secret_texts contains {"at": array.concat(environment.at, [name]), "job": environment.job, "text": value} if {
	some environment in workflow.environments
	some name, value in environment.env
	is_string(value)
}

secret_texts contains {"at": array.concat(entry.at, ["with", name]), "job": entry.job, "text": value} if {
	some entry in workflow.steps
	is_object(entry.step["with"])
	some name, value in entry.step["with"]
	is_string(value)
}

secret_texts contains {"at": script.at, "job": script.entry.job, "text": script.text} if {
	some script in workflow.scripts
}

# METADATA
# title: All secrets for a workflow of somebody else
# description: "`secrets: inherit` hands every secret of the repository, and those that come later, to a workflow that others write."
# related_resources:
#   - https://docs.zizmor.sh/audits/#secrets-inherit
# custom:
#   id: workflows/secrets-inherit
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC6.1"]
#   since: "0.6"
#   fix: Name the secrets that it needs.
#   examples:
#     bad: |
#       uses: org/shared/.github/workflows/release.yml@...
#       secrets: inherit
#     good: |
#       uses: org/shared/.github/workflows/release.yml@...
#       secrets:
#         token: ${{ secrets.RELEASE_TOKEN }}
deny_secrets_inherit contains finding if {
	some name, job in workflow.jobs
	is_string(job.uses)
	not startswith(trim_space(job.uses), "./")
	job.secrets == "inherit"
	finding := {"msg": sprintf("`%s` is handed every secret of the repository", [split(trim_space(job.uses), "@")[0]]), "_at": ["jobs", name, "secrets"]}
}

# METADATA
# title: All secrets at once
# description: "`toJSON(secrets)` puts every secret of the repository into one step, and those of the organisation; the log masks none of them in that form."
# related_resources:
#   - https://docs.zizmor.sh/audits/#overprovisioned-secrets
# custom:
#   id: workflows/all-secrets
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC6.1"]
#   since: "0.6"
#   fix: Name the secrets that the step needs.
#   examples:
#     bad: |
#       env:
#         ALL: ${{ toJSON(secrets) }}
#     good: |
#       env:
#         KEY: ${{ secrets.DEPLOY_KEY }}
deny_all_secrets contains finding if {
	some found in secret_texts
	some expression in expressions.of(found.text)
	regex.match(`\btojson\(secrets\)`, expression.plain)
	finding := {"msg": "every secret of the repository is handed over at once", "_at": array.concat(found.at, [expression.line])}
}

# METADATA
# title: Files of an untrusted run become the environment
# description: A run of a pull request may put anything into its artifacts. A line break in such a file sets any variable, `LD_PRELOAD` and `NODE_OPTIONS` too, for the steps after it, which have the rights of the repository.
# related_resources:
#   - https://docs.zizmor.sh/audits/#github-env
# custom:
#   id: workflows/artifact-into-environment
#   severity: error
#   status: enforced
#   scope: document
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Read the file in the step that needs it, and check that it holds what it should, such as a number.
#   examples:
#     bad: |
#       on: workflow_run
#       ...
#       - run: echo "PR=$(cat pr.txt)" >> "$GITHUB_ENV"
#     good: |
#       - run: |
#           pr=$(cat pr.txt)
#           [[ "$pr" =~ ^[0-9]+$ ]] && echo "PR=$pr" >> "$GITHUB_OUTPUT"
deny_artifact_into_environment contains finding if {
	"workflow_run" in workflow.triggers
	some script in workflow.scripts
	brings_artifacts(script.entry)
	some number, line in split(script.text, "\n")
	regex.match(`^[^#]*(\$\(\s*(cat\s|<)|\bcat\s+[^|<$]).*>>\s*["']?\$\{?GITHUB_(ENV|PATH)\b`, line)
	finding := {"msg": "a file that an untrusted run may have written becomes part of the environment", "_at": array.concat(script.at, [number])}
}

brings_artifacts(entry) if {
	some other in workflow.steps
	other.job == entry.job
	other.index < entry.index
	other.step["with"]["run-id"]
	workflow.action(other.step) == "actions/download-artifact"
}

brings_artifacts(entry) if {
	some other in workflow.steps
	other.job == entry.job
	other.index < entry.index
	workflow.action(other.step) == "dawidd6/action-download-artifact"
}

brings_artifacts(entry) if {
	some script in workflow.scripts
	script.entry.job == entry.job
	script.entry.index <= entry.index
	regex.match(`\bdownloadArtifact\b|\bgh\s+run\s+download\b|/actions/artifacts/`, script.text)
}
