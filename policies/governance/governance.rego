# METADATA
# title: Changes to what guards the code
# description: Whoever changes the gate, or what surrounds it, decides what all later changes may do. Such a change needs the eyes of those who answer for the rules.
# custom:
#   scope: change
#   severity: error
#   status: enforced
#   since: "0.1"
package portcullis.governance

# METADATA
# title: The gate lets more through
# description: A change that loosens the gate's own rules, or that cannot be shown not to, holds for every change after it.
# related_resources:
#   - https://owasp.org/www-project-top-10-ci-cd-security-risks/
# custom:
#   id: governance/loosened
#   severity: error
#   status: enforced
#   scope: change
#   layer: 3
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Ask the architecture reviewers, and say in the change why the rule may be loosened; or take this part out.
#   examples:
#     bad: |
#       # .portcullis.yaml
#       -packs: [hidden-code, dangerous-calls, size, governance]
#       +packs: [size]
#     good: |
#       # .portcullis.yaml
#       -packs: [hidden-code, dangerous-calls, governance]
#       +packs: [hidden-code, dangerous-calls, size, governance]
review_loosened contains request if {
	some entry in input.governance.changed
	entry.loosens
	request := {
		"msg": sprintf("%s `%s` lets more through, or may: %s", [title(entry.what), entry.path, entry.why]),
		"path": entry.path,
		"layer": 3,
	}
}

# METADATA
# title: The gate, or what surrounds it, changes
# description: A change to policies, owners, workflows or agent instructions shapes how later changes are made and judged, even where it lets nothing more through. Where the specification says who answers for what changes, those teams are asked.
# related_resources:
#   - https://owasp.org/www-project-top-10-ci-cd-security-risks/
# custom:
#   id: governance/touched
#   severity: warning
#   status: enforced
#   scope: change
#   layer: 2
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Ask somebody of the team that owns the file.
#   examples:
#     bad: |
#       a change to AGENTS.md that rides along with a feature, unread by whoever owns it
#     good: |
#       the change to AGENTS.md, approved by one of its owners
review_touched contains request if {
	some entry in input.governance.changed
	not entry.loosens
	some team in asked(entry)
	request := {
		"msg": sprintf("%s `%s` %s: %s", [title(entry.what), entry.path, does(entry), entry.why]),
		"path": entry.path,
		"layer": 2,
		"team": team,
	}
}

# METADATA
# title: Submodule added or moved
# description: A submodule brings in code of another repository as one line of a diff; what that line stands for is not shown.
# related_resources:
#   - https://git-scm.com/docs/gitsubmodules
# custom:
#   id: governance/submodule
#   severity: warning
#   status: enforced
#   scope: change
#   layer: 2
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Review the commits of the other repository between the two ids.
#   examples:
#     bad: |
#       -Subproject commit 1f0c3a9
#       +Subproject commit 8d27be4
#     good: |
#       the new sources as files of this repository; or the move, approved by somebody who has read the commits between
review_submodule contains request if {
	some file in input.files
	file.kind == "submodule"
	request := {
		"msg": sprintf("the submodule `%s` is %s; its commits are not part of this diff", [file.path, moved[file.status]]),
		"path": file.path,
		"layer": 2,
	}
}

# METADATA
# title: Governed file becomes something else
# description: A rule, workflow or owners file that turns into a link or a submodule is from then on written by whoever writes the target.
# related_resources:
#   - https://git-scm.com/docs/gitglossary
# custom:
#   id: governance/type-change
#   severity: error
#   status: enforced
#   scope: change
#   layer: 3
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Keep the file a regular file.
#   examples:
#     bad: |
#       policies/shop.rego becomes a link to ../shared/shop.rego
#     good: |
#       policies/shop.rego stays a file; what is shared is copied into it by a reviewed change
review_type_change contains request if {
	some file in input.files
	file.kind in {"submodule", "symlink"}
	file.status != "deleted"
	some entry in input.governance.changed
	entry.path in {file.old_path, file.path}
	request := {
		"msg": sprintf("`%s` is a %s now; whoever writes its target writes the rules", [file.path, file.kind]),
		"path": file.path,
		"layer": 3,
	}
}

# METADATA
# title: File becomes a link or a submodule
# description: A file whose content another place decides from now on has left this review.
# related_resources:
#   - https://git-scm.com/docs/gitglossary
# custom:
#   id: governance/swapped
#   severity: warning
#   status: enforced
#   scope: change
#   layer: 2
#   since: "0.1"
#   fix: Keep the file a regular file, or say why its content comes from elsewhere.
#   examples:
#     bad: |
#       src/billing.py becomes a link to /srv/common/billing.py
#     good: |
#       src/billing.py stays a file, and imports what it shares
review_swapped contains request if {
	some file in input.files
	file.status == "typechanged"
	file.kind in {"submodule", "symlink"}
	not file.path in governed
	request := {
		"msg": sprintf("`%s` is a %s now; its content is decided elsewhere", [file.path, file.kind]),
		"path": file.path,
		"layer": 2,
	}
}

# METADATA
# title: Symbolic link added or changed
# description: A link makes a tool read another file than the path says, also outside the repository.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/59.html
# custom:
#   id: governance/symlink
#   severity: warning
#   status: enforced
#   scope: change
#   since: "0.1"
#   fix: Use a regular file, or make sure that the link stays inside the repository.
#   examples:
#     bad: |
#       config/secrets.yaml -> /etc/secrets.yaml
#     good: |
#       config/secrets.example.yaml, a regular file without secrets
warn_symlink contains finding if {
	some file in input.files
	file.kind == "symlink"
	file.status != "deleted"
	finding := {
		"msg": sprintf("`%s` is a symbolic link; what is read there depends on its target", [file.path]),
		"path": file.path,
	}
}

# METADATA
# title: File becomes executable
# description: A file with the executable bit is a program; data and prose have no need of it.
# related_resources:
#   - https://git-scm.com/docs/git-update-index
# custom:
#   id: governance/executable
#   severity: warning
#   status: observe
#   scope: change
#   since: "0.1"
#   fix: Take the executable bit away where the file is not meant to be run.
#   examples:
#     bad: |
#       src/orders.py: mode 100644 -> 100755
#     good: |
#       scripts/release.sh: mode 100755 from its first commit on, reviewed as a script
warn_executable contains finding if {
	some file in input.files
	file.kind == "executable"
	endswith(file.mode_change, "100755")
	finding := {
		"msg": sprintf("`%s` becomes executable (%s)", [file.path, file.mode_change]),
		"path": file.path,
	}
}

governed contains entry.path if {
	some entry in input.governance.changed
}

# Without owners anyone who may approve the layer is asked.
asked(entry) := {team | some team in entry.owners} if count(entry.owners) > 0

asked(entry) := {""} if count(entry.owners) == 0

does(entry) := "lets less through" if entry.effect == "tightening"

does(entry) := "changes" if entry.effect != "tightening"

moved := {
	"added": "added",
	"deleted": "removed",
	"modified": "moved to another commit",
	"renamed": "renamed",
	"typechanged": "put in place of something else",
}

titles := {
	"agent-instructions": "The agent instructions",
	"attributes": "The attributes file",
	"baseline": "The baseline",
	"codeowners": "The owners file",
	"configuration": "The gate's configuration",
	"lock": "The lock file",
	"policy": "The policy file",
	"specification": "The specification file",
	"submodules": "The list of submodules",
	"waiver": "The waiver file",
	"workflow": "The CI workflow",
}

title(what) := object.get(titles, what, "The governed file")
