# METADATA
# title: Where packages come from
# description: A registry keeps what was published, under a name that belongs to somebody. What comes from elsewhere can be another program tomorrow.
# custom:
#   scope: change
#   severity: warning
#   status: advisory
#   since: "0.6"
package portcullis.dependencies.sources

import data.portcullis.dependencies.manifests
import data.portcullis.dependencies.manifests.locked
import data.portcullis.dependencies.manifests.present
import data.portcullis.dependencies.manifests.written

# METADATA
# title: Package from an unusual place
# description: A branch, an archive, a folder outside of the repository or another registry can hold something else tomorrow, and no list of known holes names what it holds. Two registries for one name let the wrong one win.
# related_resources:
#   - https://doc.rust-lang.org/cargo/reference/overriding-dependencies.html
#   - https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url
#   - https://go.dev/ref/mod#go-mod-file-replace
# custom:
#   id: dependencies/odd-source
#   severity: warning
#   status: advisory
#   scope: change
#   controls: ["SOC2 CC9.2"]
#   since: "0.6"
#   fix: Take the published package. Where a fork is needed for a while, pin its full commit id and write down until when.
#   examples:
#     bad: |
#       # Cargo.toml
#       log = { git = "https://example.org/somebody/log" }
#     good: |
#       # Cargo.toml
#       log = "0.4"
warn_odd_source contains finding if {
	some file in written
	odd := [entry | some entry in file.dependencies; turned(entry); strange(entry)]
	count(odd) <= most
	some entry in odd
	finding := {"msg": said(entry), "path": file.path, "line": entry.line}
}

# One finding a file where it is about many.
warn_odd_source contains finding if {
	some file in written
	odd := [entry | some entry in file.dependencies; turned(entry); strange(entry)]
	count(odd) > most
	finding := {
		"msg": sprintf("%d packages come from unusual places: %s", [count(odd), manifests.listed([manifests.told(entry) | some entry in odd])]),
		"path": file.path,
		"line": odd[0].line,
	}
}

most := 10

# The change is where it comes from.
turned(entry) if entry.change == "added"

turned(entry) if {
	entry.change == "changed"
	entry.address != entry.old_address
}

strange(entry) if entry.source in {"git", "outside", "url"}

strange(entry) if startswith(lower(entry.address), "http://")

strange(entry) if {
	entry.source == "registry"
	entry.direct
	entry.address != ""
}

said(entry) := sprintf("`%s` comes from git, `%s`%s", [entry.name, entry.address, moving(entry)]) if entry.source == "git"

said(entry) := sprintf("`%s` comes from outside of the repository, `%s`", [entry.name, entry.address]) if entry.source == "outside"

said(entry) := sprintf("`%s` comes from an address, `%s`", [entry.name, entry.address]) if entry.source == "url"

said(entry) := sprintf("`%s` comes from another registry, `%s`", [entry.name, entry.address]) if entry.source in {"path", "registry", "workspace"}

moving(entry) := "" if regex.match(`^[0-9a-f]{7,64}$|^v[0-9]+\.[0-9]+\.[0-9]+-.*[0-9a-f]{12}$`, entry.version)

moving(entry) := ", which can move" if not regex.match(`^[0-9a-f]{7,64}$|^v[0-9]+\.[0-9]+\.[0-9]+-.*[0-9a-f]{12}$`, entry.version)

# Another registry, beside or instead of the usual one.
warn_odd_source contains finding if {
	some file in present
	some registry in file.manifest.registries
	registry.change == "added"
	not usual(registry.address)
	finding := {
		"msg": sprintf("packages are taken from `%s` too", [registry.address]),
		"path": file.path,
		"line": registry.line,
	}
}

# The registries that each package manager has by itself: their names, each part by itself.
homes := {concat(".", parts) | some parts in [
	["registry", "npmjs", "org"],
	["registry", "yarnpkg", "com"],
	["index", "crates", "io"],
	["pypi", "org"],
	["pypi", "python", "org"],
	["files", "pythonhosted", "org"],
	["repo1", "maven", "org"],
	["repo", "maven", "apache", "org"],
	["plugins", "gradle", "org"],
	["maven", "google", "com"],
	["dl", "google", "com"],
	["api", "nuget", "org"],
	["rubygems", "org"],
	["www", "rubygems", "org"],
	["packagist", "org"],
	["repo", "packagist", "org"],
]}

# The index of Rust's registry lies on a forge.
index := concat("/", ["https://github.com", "rust-lang", concat(".", ["crates", "io-index"])])

usual(address) if {
	plain := trim_prefix(trim_prefix(address, "sparse+"), "registry+")
	startswith(plain, "https://")
	split(trim_prefix(plain, "https://"), "/")[0] in homes
}

usual(address) if {
	plain := trim_prefix(address, "registry+")
	some tail in ["", "/"]
	plain == concat("", [index, tail])
}

usual(address) if address in {"crates-io", "vendored-sources", "vendor", concat(".", ["nuget", "org"])}

# Entries of a lock file from another place than the rest of it, which no manifest of the change asks for.
warn_odd_source contains finding if {
	some file in locked
	odd := [entry | some entry in file.dependencies; turned(entry); stray(file, entry); not asked(file, entry)]
	count(odd) > 0
	finding := {
		"msg": sprintf("the lock file takes packages from another place than the rest: %s", [manifests.listed([located(entry) | some entry in odd])]),
		"path": file.path,
		"line": min([entry.line | some entry in odd]),
	}
}

located(entry) := sprintf("`%s` from `%s`", [entry.name, entry.address])

stray(_, entry) if entry.source in {"git", "url"}

stray(_, entry) if startswith(lower(entry.address), "http://")

stray(file, entry) if {
	entry.source == "registry"
	entry.host != ""
	count(file.manifest.hosts) > 0
	not entry.host in file.manifest.hosts
	not usual(entry.address)
}

# The manifest says it, and this rule says it there.
asked(file, entry) if {
	some other in written
	other.manifest.ecosystem == file.manifest.ecosystem
	some declared in other.dependencies
	declared.name == entry.name
	strange(declared)
}

# METADATA
# title: Lock file that changed by itself
# description: A lock file is written by a tool, after what a manifest asks for. Where it says something new that nothing asked for, and above all where the same version has another digest or place, somebody may have written it by hand.
# related_resources:
#   - https://slsa.dev/spec/v1.0/threats
#   - https://snyk.io/blog/why-npm-lockfiles-can-be-a-security-blindspot-for-injecting-malicious-modules/
# custom:
#   id: dependencies/lock-without-manifest
#   severity: warning
#   status: advisory
#   scope: change
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Make the lock file anew with the package manager, and commit what it writes.
#   examples:
#     bad: |
#       "node_modules/left-pad": {
#         "version": "1.3.0",
#         "integrity": "sha512-another"
#     good: |
#       "node_modules/left-pad": {
#         "version": "1.3.1",
#         "integrity": "sha512-of-1.3.1"
warn_lock_without_manifest contains finding if {
	some file in locked
	file.manifest.old_reading == "ok"
	other := [entry | some entry in file.dependencies; replaced(entry)]
	count(other) > 0
	finding := {
		"msg": sprintf("the same version is another package now: %s", [manifests.listed([sprintf("`%s` %s", [entry.name, entry.version]) | some entry in other])]),
		"path": file.path,
		"line": min([entry.line | some entry in other]),
	}
}

# Without a digest whatever comes is taken.
warn_lock_without_manifest contains finding if {
	some file in locked
	bare := [entry | some entry in file.dependencies; lost_digest(entry)]
	count(bare) > 0
	finding := {
		"msg": sprintf("the same version has no digest any more: %s", [manifests.listed([sprintf("`%s` %s", [entry.name, entry.version]) | some entry in bare])]),
		"path": file.path,
		"line": min([entry.line | some entry in bare]),
	}
}

lost_digest(entry) if {
	entry.change == "changed"
	entry.version == entry.old_version
	entry.version != ""
	entry.source in {"registry", "url"}
	entry.integrity == "removed"
}

# New packages, and neither a manifest nor an update that could have brought them. A sum of Go chooses nothing.
warn_lock_without_manifest contains finding if {
	some file in locked
	file.manifest.ecosystem != "go"
	file.manifest.old_reading == "ok"
	fresh := [entry | some entry in file.dependencies; entry.change == "added"; entry.source != "workspace"]
	count(fresh) > 0
	not updated(file)
	not explained(file)
	finding := {
		"msg": sprintf("new in the lock file, and no manifest asks for it: %s", [manifests.listed([sprintf("`%s` %s", [entry.name, entry.version]) | some entry in fresh])]),
		"path": file.path,
		"line": min([entry.line | some entry in fresh]),
	}
}

# The same version with another digest, or from another host.
replaced(entry) if {
	entry.change == "changed"
	entry.version == entry.old_version
	entry.version != ""
	entry.source in {"registry", "url"}
	entry.integrity == "changed"
}

replaced(entry) if {
	entry.change == "changed"
	entry.version == entry.old_version
	entry.source in {"registry", "url"}
	entry.address != entry.old_address
	entry.host != ""
	host(entry.old_address) != ""
	entry.host != host(entry.old_address)
	not usual(entry.address)
}

host(address) := regex.replace(address, `^[a-z+]+://([^/@]*@)?([^/:]+).*$`, "$2") if contains(address, "://")

host(address) := "" if not contains(address, "://")

updated(file) if {
	some entry in file.dependencies
	entry.change in {"changed", "removed"}
	entry.version != entry.old_version
}

updated(file) if {
	some entry in file.dependencies
	entry.change == "removed"
}

# Any manifest or setting of the ecosystem, and the tool's own version, can ask for it.
explained(file) if {
	some other in input.files
	other.manifest.ecosystem == file.manifest.ecosystem
	other.manifest.kind in {"manifest", "settings"}
}
