package portcullis.dependencies.sources_test

entry(patch) := object.union(
	{
		"name": "a-package", "version": "1.0.0", "old_version": "1.0.0", "source": "registry", "address": "", "old_address": "", "host": "",
		"direct": false, "scope": "runtime", "change": "changed", "integrity": "kept", "line": 2,
	},
	patch,
)

lock(entries) := {"path": "package-lock.json", "manifest": {"kind": "lock", "ecosystem": "npm", "reading": "ok", "old_reading": "ok", "hosts": ["host.example"], "registries": []}, "dependencies": entries}

test_another_digest_of_the_same_version_fires if {
	count(data.portcullis.dependencies.sources.warn_lock_without_manifest) == 1 with input as {"files": [lock([entry({"integrity": "changed"})])]}
}

test_another_digest_of_another_version_is_quiet if {
	moved := entry({"integrity": "changed", "old_version": "0.9.0"})
	count(data.portcullis.dependencies.sources.warn_lock_without_manifest) == 0 with input as {"files": [lock([moved])]}
}

test_the_same_version_from_another_host_fires_twice_by_rule if {
	moved := entry({"address": "https://other.example/a", "old_address": "https://host.example/a", "host": "other.example"})
	count(data.portcullis.dependencies.sources.warn_lock_without_manifest) == 1 with input as {"files": [lock([moved])]}
	count(data.portcullis.dependencies.sources.warn_odd_source) == 1 with input as {"files": [lock([moved])]}
}

test_an_update_may_bring_packages if {
	entries := [entry({"version": "1.1.0"}), entry({"name": "b-package", "change": "added", "old_version": ""})]
	count(data.portcullis.dependencies.sources.warn_lock_without_manifest) == 0 with input as {"files": [lock(entries)]}
}

test_branches_can_move_and_commits_cannot if {
	manifest := {"path": "Cargo.toml", "manifest": {"kind": "manifest", "ecosystem": "cargo", "reading": "ok", "registries": []}}
	git := entry({"change": "added", "direct": true, "source": "git", "address": "https://host.example/a"})
	said := {finding.msg | some finding in data.portcullis.dependencies.sources.warn_odd_source with input as {"files": [
		object.union(manifest, {"dependencies": [object.union(git, {"version": "main"})]}),
		object.union(manifest, {"dependencies": [object.union(git, {"version": "0123456789abcdef"})]}),
	]}}
	count({msg | some msg in said; endswith(msg, "can move")}) == 1
	count(said) == 2
}

test_a_digest_that_went_fires if {
	found := data.portcullis.dependencies.sources.warn_lock_without_manifest with input as {"files": [lock([entry({"integrity": "removed"})])]}
	some finding in found
	contains(finding.msg, "no digest any more")
}
