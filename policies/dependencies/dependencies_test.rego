package portcullis.dependencies_test

manifest(patch) := object.union({"kind": "manifest", "reading": "ok", "old_reading": "ok", "ecosystem": "npm", "name": "", "message": "", "line": 0}, patch)

entry(patch) := object.union({"name": "left-pad", "version": "^1.3.0", "old_version": "", "source": "registry", "address": "", "direct": true, "scope": "runtime", "change": "added", "resembles": "", "line": 4}, patch)

file(path, kind, entries) := {"path": path, "status": "modified", "manifest": manifest({"kind": kind}), "dependencies": entries, "provenance": {"spans": []}}

test_new_names_version_and_place if {
	found := data.portcullis.dependencies.warn_new with input as {"files": [file("package.json", "manifest", [entry({"source": "git", "address": "github:a/b"})])]}
	some finding in found
	finding.msg == "new: `left-pad` ^1.3.0 from git, `github:a/b`"
	finding.line == 4
}

test_one_finding_names_a_few_and_counts_the_rest if {
	entries := [entry({"name": sprintf("p%d", [number])}) | some number in numbers.range(1, 8)]
	found := data.portcullis.dependencies.warn_new with input as {"files": [file("package.json", "manifest", entries)]}
	count(found) == 1
	some finding in found
	endswith(finding.msg, "and 3 more")
}

test_a_tool_that_added_it_is_told if {
	made := {"provenance": {"spans": [{"start": 3, "end": 5, "origin": "ai"}]}}
	found := data.portcullis.dependencies.warn_new with input as {"files": [object.union(file("package.json", "manifest", [entry({})]), made)]}
	some finding in found
	contains(finding.msg, "AI tool")
}

test_what_another_manifest_of_the_change_had_is_not_new if {
	files := [file("a/package.json", "manifest", [entry({})]), file("b/package.json", "manifest", [entry({"change": "removed"})])]
	count(data.portcullis.dependencies.warn_new) == 0 with input as {"files": files}
}

test_a_new_manifest_of_locked_packages_is_quiet if {
	added := object.union(file("a/package.json", "manifest", [entry({})]), {"status": "added"})
	lock := file("package-lock.json", "lock", [entry({"direct": false, "change": "kept"})])
	count(data.portcullis.dependencies.warn_new) == 0 with input as {"files": [added, lock]}
	brought := file("package-lock.json", "lock", [entry({"direct": false})])
	count(data.portcullis.dependencies.warn_new) == 1 with input as {"files": [added, brought]}
}

test_a_lock_file_that_does_not_have_it_excuses_nothing if {
	added := object.union(file("a/package.json", "manifest", [entry({})]), {"status": "added"})
	count(data.portcullis.dependencies.warn_new) == 1 with input as {"files": [added, file("package-lock.json", "lock", [])]}
}

test_a_package_that_the_lock_file_links_is_the_repositorys_own if {
	lock := file("package-lock.json", "lock", [entry({"direct": false, "change": "kept", "source": "workspace"})])
	count(data.portcullis.dependencies.warn_new) == 0 with input as {"files": [file("package.json", "manifest", [entry({})]), lock]}
}

test_the_repositorys_own_package_is_not_new if {
	own := object.union(file("a/package.json", "manifest", []), {"manifest": manifest({"name": "left-pad"})})
	count(data.portcullis.dependencies.warn_new) == 0 with input as {"files": [own, file("b/package.json", "manifest", [entry({})])]}
}

test_a_lookalike_in_lock_and_manifest_is_said_once if {
	twin := entry({"name": "expresss", "resembles": "express"})
	was := entry({"name": "left-pad", "change": "kept", "direct": false})
	files := [file("package.json", "manifest", [twin]), file("package-lock.json", "lock", [was, object.union(twin, {"direct": false})])]
	found := data.portcullis.dependencies.warn_lookalike with input as {"files": files}
	{finding.path | some finding in found} == {"package.json"}
}

test_a_usual_registry_is_known_and_what_only_begins_like_it_is_not if {
	home := concat(".", ["registry", "npmjs", "org"])
	data.portcullis.dependencies.sources.usual(sprintf("https://%s/", [home]))
	data.portcullis.dependencies.sources.usual(sprintf("sparse+https://%s", [concat(".", ["index", "crates", "io"])]))
	data.portcullis.dependencies.sources.usual(concat("", ["registry+https://github.com/rust-lang/", concat(".", ["crates", "io-index"])]))
	not data.portcullis.dependencies.sources.usual(sprintf("http://%s/", [home]))
	not data.portcullis.dependencies.sources.usual(sprintf("https://%s.evil.example/", [home]))
	not data.portcullis.dependencies.sources.usual(sprintf("https://%s@evil.example/", [home]))
}

test_a_name_that_was_put_together_and_is_spelt_out_now_is_not_new if {
	old := entry({"name": "org.mocks:$artifact", "change": "removed"})
	count(data.portcullis.dependencies.warn_new) == 0 with input as {"files": [file("gradle/dependencies.gradle", "manifest", [old, entry({"name": "org.mocks:core"})])]}
	count(data.portcullis.dependencies.warn_new) == 1 with input as {"files": [file("gradle/dependencies.gradle", "manifest", [old, entry({"name": "org.other:core"})])]}
	count(data.portcullis.dependencies.warn_new) == 1 with input as {"files": [file("gradle/dependencies.gradle", "manifest", [object.union(old, {"name": "$artifact"}), entry({"name": "org.mocks:core"})])]}
}

test_a_lock_file_that_is_new_for_the_most_part_is_not_searched_for_lookalikes if {
	twin := entry({"name": "expresss", "resembles": "express", "direct": false})
	was := entry({"name": "left-pad", "change": "kept", "direct": false})
	count(data.portcullis.dependencies.warn_lookalike) == 0 with input as {"files": [file("package-lock.json", "lock", [twin])]}
	count(data.portcullis.dependencies.warn_lookalike) == 1 with input as {"files": [file("package-lock.json", "lock", [twin, was])]}
}
