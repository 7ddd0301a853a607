package portcullis.size_test

file(module, number, lines) := {
	"path": sprintf("%s/f%d.go", [module, number]),
	"module": module,
	"class": "source",
	"added": lines,
	"removed": 0,
}

files(module, wanted, lines) := [file(module, number, lines) | some number in numbers.range(1, wanted)]

test_many_files_fire_and_name_the_largest_module if {
	all := array.concat(files("cart", 40, 1), files("pay", 11, 1))
	found := data.portcullis.size.warn_too_many_files with input as {"files": all}
	count(found) == 1
	some finding in found
	contains(finding.msg, "51 files")
	contains(finding.msg, "`cart` (40 files), `pay` (11 files)")
}

test_as_many_files_as_allowed_are_quiet if {
	count(data.portcullis.size.warn_too_many_files) == 0 with input as {"files": files("cart", 50, 1)}
}

test_generated_files_do_not_count if {
	generated := [object.union(entry, {"class": "generated"}) | some entry in files("api", 60, 1)]
	count(data.portcullis.size.warn_too_many_files) == 0 with input as {"files": generated}
}

test_many_lines_fire if {
	all := array.concat(files("cart", 1, 900), files("pay", 1, 101))
	found := data.portcullis.size.warn_too_many_lines with input as {"files": all}
	some finding in found
	contains(finding.msg, "1001 added and removed lines")
	contains(finding.msg, "`cart` (900 lines), `pay` (101 lines)")
}

test_as_many_lines_as_allowed_are_quiet if {
	count(data.portcullis.size.warn_too_many_lines) == 0 with input as {"files": files("cart", 1, 1000)}
}

test_many_modules_fire if {
	all := [file(sprintf("m%d", [number]), 1, 1) | some number in numbers.range(1, 11)]
	count(data.portcullis.size.warn_too_many_modules) == 1 with input as {"files": all}
}

test_as_many_modules_as_allowed_are_quiet if {
	all := [file(sprintf("m%d", [number]), 1, 1) | some number in numbers.range(1, 10)]
	count(data.portcullis.size.warn_too_many_modules) == 0 with input as {"files": all}
}

test_the_root_module_has_a_name if {
	found := data.portcullis.size.warn_too_many_files with input as {"files": files("", 51, 1)}
	some finding in found
	contains(finding.msg, "`.` (51 files)")
}

test_files_that_only_go_or_move_do_not_count if {
	every patch in [
		{"status": "deleted"},
		{"status": "renamed", "binary": false, "added": 0},
		{"manifest": {"kind": "lock", "reading": "ok"}},
	] {
		quiet := [object.union(entry, patch) | some entry in files("api", 60, 50)]
		count(data.portcullis.size.warn_too_many_files) == 0 with input as {"files": quiet}
		count(data.portcullis.size.warn_too_many_lines) == 0 with input as {"files": quiet}
	}
}

test_files_that_move_and_change_count if {
	every patch in [
		{"status": "renamed", "binary": false, "added": 1},
		{"status": "renamed", "binary": true, "added": 0},
		{"manifest": {"kind": "lock", "reading": "unreadable"}},
	] {
		loud := [object.union(entry, patch) | some entry in files("api", 60, 1)]
		count(data.portcullis.size.warn_too_many_files) == 1 with input as {"files": loud}
	}
}

test_tests_and_manifests_are_no_modules if {
	every patch in [{"class": "test"}, {"path": "a/testdata/x.tf"}, {"path": "a/test_data/x.rs"}, {"manifest": {"kind": "manifest", "reading": "ok"}}] {
		all := [object.union(file(sprintf("m%d", [number]), 1, 1), patch) | some number in numbers.range(1, 12)]
		count(data.portcullis.size.warn_too_many_modules) == 0 with input as {"files": all}
	}
}
