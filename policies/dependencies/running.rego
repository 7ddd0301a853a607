# METADATA
# title: What runs by itself, and under which licence
# description: Some packages run a program when they are installed or built, and every package comes with terms. Both are easily overlooked, and hard to take back.
# custom:
#   scope: change
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.dependencies.running

import data.portcullis.dependencies.manifests
import data.portcullis.dependencies.manifests.locked
import data.portcullis.dependencies.manifests.present
import data.portcullis.dependencies.manifests.written

# METADATA
# title: Program that runs on install or build
# description: What a package manager runs by itself runs on every developer's machine and in every pipeline, with their secrets, before anybody has looked at what it brought.
# related_resources:
#   - https://docs.npmjs.com/cli/using-npm/scripts
#   - https://doc.rust-lang.org/cargo/reference/build-scripts.html
# custom:
#   id: dependencies/install-script
#   severity: warning
#   status: advisory
#   scope: change
#   controls: ["SOC2 CC6.8"]
#   since: "0.6"
#   fix: Do without it, or say what it does. Where a dependency brings it, look at what it runs, and keep `ignore-scripts` on where that works.
#   examples:
#     bad: |
#       "scripts": {"postinstall": "node setup.js"}
#     good: |
#       "scripts": {"setup": "node setup.js"}
warn_install_script contains finding if {
	some file in present
	some script in file.manifest.scripts
	script.change in {"added", "changed"}
	finding := {
		"msg": sprintf("`%s` %s: `%s`", [script.name, turn[script.change], script.command]),
		"path": file.path,
		"line": script.line,
	}
}

turn := {"added": "runs by itself from now on", "changed": "runs something else now"}

warn_install_script contains finding if {
	some file in locked
	running := [entry | some entry in file.dependencies; entry.install_script == "added"]
	count(running) > 0
	finding := {
		"msg": sprintf("runs a program when it is installed: %s", [manifests.listed([sprintf("`%s` %s", [entry.name, entry.version]) | some entry in running])]),
		"path": file.path,
		"line": min([entry.line | some entry in running]),
	}
}

# Cargo runs it without being told.
warn_install_script contains finding if {
	some file in input.files
	file.status == "added"
	regex.match(`(^|/)build\.rs$`, file.path)
	not regex.match(`(^|/)(src|tests|examples|benches)/`, file.path)
	not manifests.shown(file.path)
	finding := {
		"msg": "this build script runs wherever the package is built",
		"path": file.path,
	}
}

# METADATA
# title: Licence changed or missing
# description: The licence says who may use this, and what they owe. To change it needs the word of everybody who holds a right in it, and without one nobody may use it at all.
# related_resources:
#   - https://choosealicense.com/no-permission/
#   - https://spdx.org/licenses/
# custom:
#   id: dependencies/licence
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Ask whoever answers for licences here. In a new package, name the licence by its SPDX identifier.
#   examples:
#     bad: |
#       "license": "MIT" becomes "license": "UNLICENSED"
#     good: |
#       a new package.json with "license": "MIT"
warn_licence contains finding if {
	some file in written
	file.status != "added"
	file.manifest.old_licence != ""
	file.manifest.licence != file.manifest.old_licence
	finding := {
		"msg": sprintf("the licence was `%s` and is %s", [file.manifest.old_licence, now(file.manifest.licence)]),
		"path": file.path,
		"line": max([1, file.manifest.licence_line]),
	}
}

now(licence) := "gone" if licence == ""

now(licence) := sprintf("`%s` now", [licence]) if licence != ""

# A new package that others can get.
warn_licence contains finding if {
	some file in written
	file.status == "added"
	file.class != "test"
	file.manifest.publishes
	file.manifest.licence == ""
	not beside_licence(file)
	finding := {
		"msg": sprintf("`%s` can be published and names no licence", [file.manifest.name]),
		"path": file.path,
	}
}

beside_licence(file) if {
	some other in input.files
	is_licence(other.path)
	folder(other.path) == folder(file.path)
}

# The text itself. A line or two are a year or a name.
warn_licence contains finding if {
	some file in input.files
	is_licence(file.old_path)
	not manifests.shown(file.old_path)
	not regex.match(`(^|/)(third[_-]?party|vendor(ed)?|external|deps|node_modules|licenses|LICENSES)/`, file.old_path)
	file.class != "vendored"
	gone_or_other(file)
	finding := {"msg": sprintf("the text of the licence %s", [fate(file)]), "path": file.path}
}

gone_or_other(file) if {
	file.status == "deleted"
	not went_along(file)
}

gone_or_other(file) if {
	file.status in {"modified", "renamed"}
	file.removed > few
}

# The package itself is gone too.
went_along(file) if {
	some other in input.files
	other.manifest.kind == "manifest"
	other.status == "deleted"
	folder(other.old_path) == folder(file.old_path)
}

few := 3

fate(file) := "is gone" if file.status == "deleted"

fate(file) := "is another now" if file.status != "deleted"

# Not the lists of what others are under, `LICENSE-binary` and its like.
is_licence(path) if regex.match(`(?i)(^|/)(licen[cs]e|copying|unlicense)([.-](apache|bsd|gpl|isc|lesser|lgpl|mit|mpl|unlicense|zlib)[0-9.-]*)?(\.(adoc|md|rst|txt))?$`, path)

folder(path) := regex.replace(path, `[^/]*$`, "")
