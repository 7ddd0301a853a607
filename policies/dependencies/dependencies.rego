# METADATA
# title: What a change makes the project depend on
# description: A new package is code that nobody here wrote, with all the rights of the program, and somebody has to answer for it from now on.
# custom:
#   scope: change
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.dependencies

import data.portcullis.dependencies.manifests
import data.portcullis.dependencies.manifests.judged
import data.portcullis.dependencies.manifests.present
import data.portcullis.dependencies.manifests.written

# METADATA
# title: New direct dependency
# description: A package that is asked for by name is code that nobody here wrote, with all the rights of the program. Somebody should have looked at it, and keeps looking at it from now on.
# related_resources:
#   - https://slsa.dev/spec/v1.0/threats
#   - https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse
# custom:
#   id: dependencies/new
#   severity: warning
#   status: advisory
#   scope: change
#   controls: ["SOC2 CC9.2"]
#   since: "0.6"
#   fix: Say in the description of the change what it is needed for, who looked at it, and why nothing that is there would do.
#   examples:
#     bad: |
#       # Cargo.toml
#       [dependencies]
#       leftpad = "1"
#     good: |
#       # Cargo.toml: the version of what is there goes up
#       [dependencies]
#       serde = "1.0.219"
warn_new contains finding if {
	some file in written
	fresh := [entry | some entry in file.dependencies; is_new(file, entry)]
	count(fresh) > 0
	finding := {
		"msg": sprintf("new: %s%s", [manifests.listed([manifests.told(entry) | some entry in fresh]), maker(file, fresh)]),
		"path": file.path,
		"line": min([entry.line | some entry in fresh]),
	}
}

is_new(file, entry) if {
	entry.change == "added"
	entry.direct
	not entry.scope in {"constraint"}
	not entry.source in {"path", "workspace"}
	not manifests.was_asked(file, entry)
	not manifests.own(file, entry)
	not brought_along(file, entry)
	not spelt_out(file, entry)
}

# Its name was put together by the build file, and is written there now.
spelt_out(file, entry) if {
	some old in file.dependencies
	old.change == "removed"
	[known, _] := split(old.name, "$")
	count(known) > 1
	startswith(entry.name, known)
}

# A new manifest beside others, of packages that the lock file has already.
brought_along(file, entry) if {
	file.status == "added"
	manifests.was_locked(file, entry)
}

maker(file, fresh) := "; added with an AI tool, which can make names up: see that each is the one that is meant" if {
	some entry in fresh
	manifests.assisted(file, entry.line)
}

maker(file, fresh) := "" if {
	every entry in fresh { not manifests.assisted(file, entry.line) }
}

# METADATA
# title: Name that looks like a well-known one
# description: Who imitates a well-known package waits for somebody to mistype its name, or for a tool to make one up. What is installed then runs with all the rights of the program.
# related_resources:
#   - https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse
# custom:
#   id: dependencies/lookalike
#   severity: warning
#   status: advisory
#   scope: change
#   controls: ["SOC2 CC9.2"]
#   since: "0.6"
#   fix: Look at the page of the package in its registry, its age, its owner and its source, and write the name that is meant.
#   examples:
#     bad: |
#       # requirements.txt
#       reqeusts==2.32.0
#     good: |
#       # requirements.txt
#       requests==2.32.0
warn_lookalike contains finding if {
	some file in present
	some entry in file.dependencies
	entry.resembles != ""
	known_before(file)
	not entry.source in {"path", "workspace"}
	not manifests.was_asked(file, entry)
	not manifests.was_locked(file, entry)
	not manifests.own(file, entry)
	not said_by_manifest(file, entry)
	finding := {
		"msg": sprintf("`%s` is not `%s`, and looks like it", [entry.name, entry.resembles]),
		"path": file.path,
		"line": entry.line,
	}
}

# A lock file that is new as a whole, or for the most part, brings names by the thousand, which nobody here chose.
known_before(file) if file.manifest.kind != "lock"

known_before(file) if {
	file.manifest.old_reading == "ok"
	before := [entry | some entry in file.dependencies; entry.change in {"changed", "kept", "removed"}]
	new := [entry | some entry in file.dependencies; entry.change == "added"]
	count(new) <= count(before)
}

# What the manifest says is not said again for its lock file.
said_by_manifest(file, entry) if {
	file.manifest.kind == "lock"
	some other in written
	other.manifest.ecosystem == file.manifest.ecosystem
	some declared in other.dependencies
	declared.name == entry.name
	declared.change == "added"
}

# METADATA
# title: Any version will do
# description: Where any version is taken, whoever publishes the next one decides what runs here, today and after every mistake in the package's accounts.
# related_resources:
#   - https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html
# custom:
#   id: dependencies/any-version
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Write the range that was tried, such as `^1.4.2`.
#   examples:
#     bad: |
#       "left-pad": "latest"
#     good: |
#       "left-pad": "^1.3.0"
warn_any_version contains finding if {
	some file in written
	some entry in file.dependencies
	entry.direct
	entry.source == "registry"
	entry.scope != "peer"
	any_version(entry.version)
	not manifests.own(file, entry)
	opened(entry)
	finding := {
		"msg": sprintf("`%s` is taken in any version (`%s`)", [entry.name, entry.version]),
		"path": file.path,
		"line": entry.line,
	}
}

any_version(version) if lower(version) in {"*", "latest", "latest.release", "latest.integration", "x", "+", ">=0", ">=0.0.0", ">= 0", "next", "release", "dev-master", "dev-main"}

opened(entry) if entry.change == "added"

opened(entry) if {
	entry.change == "changed"
	not any_version(entry.old_version)
}

# METADATA
# title: Manifest that cannot be read
# description: What nobody can read says nothing, neither good nor bad. The package manager may read it all the same.
# related_resources:
#   - https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse
# custom:
#   id: dependencies/unreadable
#   severity: warning
#   status: advisory
#   scope: change
#   since: "0.6"
#   fix: Mend the file, or declare it under `paths.generated` or `paths.vendored` in .portcullis.yaml where it is no manifest of this project.
#   examples:
#     bad: |
#       {"dependencies": {"express": "^4"
#     good: |
#       {"dependencies": {"express": "^4"}}
warn_unreadable contains finding if {
	some file in judged
	file.manifest.reading in {"unreadable", "too_large"}
	finding := {
		"msg": sprintf("what it depends on is not known: %s", [file.manifest.message]),
		"path": file.path,
		"line": max([1, file.manifest.line]),
	}
}
