package portcullis.hidden_code_test

source := {
	"path": "src/auth.py",
	"old_path": "src/auth.py",
	"status": "modified",
	"kind": "file",
	"class": "source",
	"language": "python",
	"binary": false,
	"lfs_pointer": false,
	"hidden": [],
}

change(patch) := {"file": object.union(source, patch), "change": {}}

holding(patch, entries) := change(object.union(patch, {"hidden": entries}))

entry(kind, detail) := {"kind": kind, "line": 3, "column": 5, "detail": detail, "change": "added"}

old(kind, detail) := object.union(entry(kind, detail), {"change": "kept"})

docs := {"class": "docs", "path": "docs/guide.md", "language": "unknown"}

instructions := {"class": "docs", "path": "service/AGENTS.md", "language": "unknown"}

test_bidi_in_source_fires if {
	found := data.portcullis.hidden_code.deny_bidi with input as holding({}, [entry("bidi", "U+202E")])
	count(found) == 1
	some finding in found
	finding.line == 3
	finding.column == 5
	finding.end_column == 6
	contains(finding.msg, "U+202E")
}

standing(detail, line, column) := object.union(entry("bidi", detail), {"line": line, "column": column})

test_one_line_is_one_finding_at_the_first_place_that_names_all if {
	entries := [standing("U+202E", 3, 9), standing("U+2066", 3, 20), standing("U+202E", 3, 31), standing("U+2069", 4, 2)]
	found := data.portcullis.hidden_code.deny_bidi with input as holding({}, entries)
	{[place.line, place.column] | some place in found} == {[3, 9], [4, 2]}
	some first in found
	first.line == 3
	contains(first.msg, "3 bidirectional control characters (U+202E, U+2066)")
}

test_a_line_of_many_names_eight_and_counts_the_rest if {
	details := [sprintf("U+%d", [200 + number]) | some number in numbers.range(1, 12)]
	entries := [object.union(entry("invisible", detail), {"column": index + 1}) | some index, detail in details]
	found := data.portcullis.hidden_code.deny_invisible with input as holding({}, entries)
	count(found) == 1
	some only in found
	contains(only.msg, "12 invisible characters")
	contains(only.msg, "U+208 and 4 more")
}

test_two_kinds_of_lookalikes_on_one_line_are_one_finding if {
	entries := [entry("homoglyph", "p\\u{430}y"), object.union(entry("mixed-script", "\\u{441}ab"), {"column": 30})]
	count(data.portcullis.hidden_code.deny_lookalike) == 1 with input as holding({}, entries)
}

test_bidi_that_was_there_before_is_quiet if {
	count(data.portcullis.hidden_code.deny_bidi) == 0 with input as holding({}, [old("bidi", "U+202E")])
}

test_balanced_isolate_in_docs_is_quiet if {
	count(data.portcullis.hidden_code.deny_bidi) == 0 with input as holding(docs, [entry("bidi", "U+2067"), entry("bidi", "U+2069")])
}

test_unbalanced_isolate_in_docs_fires if {
	count(data.portcullis.hidden_code.deny_bidi) == 1 with input as holding(docs, [entry("bidi", "U+2067")])
}

test_override_in_docs_fires if {
	count(data.portcullis.hidden_code.deny_bidi) == 1 with input as holding(docs, [entry("bidi", "U+202E"), entry("bidi", "U+202C")])
}

test_direction_mark_in_docs_is_quiet if {
	count(data.portcullis.hidden_code.deny_bidi) == 0 with input as holding(docs, [entry("bidi", "U+200F")])
}

test_unbalanced_embedding_in_docs_fires if {
	count(data.portcullis.hidden_code.deny_bidi) == 1 with input as holding(docs, [entry("bidi", "U+202B")])
}

test_zero_width_space_in_source_fires if {
	count(data.portcullis.hidden_code.deny_invisible) == 1 with input as holding({}, [entry("invisible", "U+200B")])
}

test_joiner_in_docs_is_quiet if {
	count(data.portcullis.hidden_code.deny_invisible) == 0 with input as holding(docs, [entry("invisible", "U+200D")])
}

test_tag_character_in_docs_fires if {
	count(data.portcullis.hidden_code.deny_invisible) == 1 with input as holding(docs, [entry("invisible", "U+E0041")])
}

test_joiner_in_agent_instructions_fires if {
	count(data.portcullis.hidden_code.deny_invisible) == 1 with input as holding(instructions, [entry("invisible", "U+200D")])
}

test_joiner_in_rules_of_an_agent_fires if {
	rules := {"class": "docs", "path": ".cursor/rules/style.mdc", "language": "unknown"}
	count(data.portcullis.hidden_code.deny_invisible) == 1 with input as holding(rules, [entry("invisible", "U+200B")])
}

test_lookalike_in_source_fires if {
	every kind in {"homoglyph", "mixed-script"} {
		count(data.portcullis.hidden_code.deny_lookalike) == 1 with input as holding({}, [entry(kind, "p\\u{430}ypal")])
	}
}

test_lookalike_in_docs_is_quiet if {
	count(data.portcullis.hidden_code.deny_lookalike) == 0 with input as holding(docs, [entry("homoglyph", "p\\u{430}ypal")])
}

test_control_character_fires if {
	count(data.portcullis.hidden_code.deny_control) == 1 with input as holding({}, [entry("control", "U+001B")])
}

test_control_character_that_was_there_before_is_quiet if {
	count(data.portcullis.hidden_code.deny_control) == 0 with input as holding({}, [old("control", "U+001B")])
}

test_declared_encoding_fires if {
	count(data.portcullis.hidden_code.deny_encoding) == 1 with input as holding({}, [entry("declared-encoding", "utf-7")])
}

test_undecodable_bytes_fire if {
	count(data.portcullis.hidden_code.deny_encoding) == 1 with input as holding({}, [entry("encoding", "utf-16le")])
}

test_encoding_that_was_there_before_is_quiet if {
	count(data.portcullis.hidden_code.deny_encoding) == 0 with input as holding({}, [old("encoding", "utf-16le")])
}

test_byte_order_mark_fires if {
	count(data.portcullis.hidden_code.deny_byte_order_mark) == 1 with input as holding({}, [entry("bom", "U+FEFF")])
}

test_byte_order_mark_that_was_there_before_is_quiet if {
	count(data.portcullis.hidden_code.deny_byte_order_mark) == 0 with input as holding({}, [old("bom", "U+FEFF")])
}

test_nul_byte_fires if {
	count(data.portcullis.hidden_code.deny_nul_byte) == 1 with input as holding({}, [entry("nul", "U+0000")])
}

test_nul_byte_that_was_there_before_is_quiet if {
	count(data.portcullis.hidden_code.deny_nul_byte) == 0 with input as holding({}, [old("nul", "U+0000")])
}

test_comment_escapes_fire if {
	entries := [entry("lone-cr", "U+000D"), object.union(entry("unicode-escape", "U+000A"), {"line": 4})]
	count(data.portcullis.hidden_code.deny_comment_escape) == 2 with input as holding({}, entries)
}

test_lone_carriage_return_in_docs_is_quiet if {
	count(data.portcullis.hidden_code.deny_comment_escape) == 0 with input as holding(docs, [entry("lone-cr", "U+000D")])
}

test_bidi_in_a_file_name_fires if {
	every name in {"src/a\u202Eyp.py", "src/a\u200B.py", "src/a\u001B.py", "docs/\u2066x.md"} {
		count(data.portcullis.hidden_code.deny_file_name) == 1 with input as change({"path": name})
	}
}

test_names_that_windows_reads_otherwise_fire if {
	every name in {"CON", "src/aux.rs", "nul.tar.gz", "lib./a.py", "a.py.", "b.py ", "LPT9.py"} {
		count(data.portcullis.hidden_code.deny_file_name) == 1 with input as change({"path": name})
	}
}

test_names_that_begin_like_a_device_are_quiet if {
	every name in {"console.py", "src/auxiliary.rs", "nullable.py", "com10.py", "a.con", "..a.py"} {
		count(data.portcullis.hidden_code.deny_file_name) == 0 with input as change({"path": name})
	}
}

test_names_in_other_scripts_are_quiet if {
	every name in {"docs/\u05D0\u05D1.md", "docs/caf\u00E9.md", "docs/\u65E5\u672C.md", "a b.py"} {
		count(data.portcullis.hidden_code.deny_file_name) == 0 with input as change({"path": name})
	}
}

test_deleted_file_with_a_deceiving_name_is_quiet if {
	count(data.portcullis.hidden_code.deny_file_name) == 0 with input as change({"path": "a\u202E.py", "status": "deleted"})
}

test_binary_source_fires if {
	count(data.portcullis.hidden_code.deny_binary_source) == 1 with input as change({"binary": true})
}

test_binary_data_is_quiet if {
	count(data.portcullis.hidden_code.deny_binary_source) == 0 with input as change({"binary": true, "language": "unknown", "path": "logo.png"})
}

test_lfs_pointer_in_place_of_source_fires if {
	count(data.portcullis.hidden_code.deny_lfs_pointer) == 1 with input as change({"lfs_pointer": true})
}

test_lfs_pointer_for_data_is_quiet if {
	count(data.portcullis.hidden_code.deny_lfs_pointer) == 0 with input as change({"lfs_pointer": true, "language": "unknown", "path": "model.bin"})
}

data_file := {"path": "data/names.txt2", "language": "unknown"}

test_old_encoding_in_data_is_quiet if {
	count(data.portcullis.hidden_code.deny_control) == 0 with input as holding(data_file, [entry("control", "U+0093")])
}

test_escape_character_in_data_fires if {
	count(data.portcullis.hidden_code.deny_control) == 1 with input as holding(data_file, [entry("control", "U+001B")])
}

test_soft_hyphen_in_data_is_quiet if {
	count(data.portcullis.hidden_code.deny_invisible) == 0 with input as holding(data_file, [entry("invisible", "U+00AD")])
}

test_soft_hyphen_in_a_script_fires if {
	script := object.union(data_file, {"kind": "executable"})
	count(data.portcullis.hidden_code.deny_invisible) == 1 with input as holding(script, [entry("invisible", "U+00AD")])
}

test_zero_width_space_in_a_makefile_fires if {
	makefile := object.union(data_file, {"path": "sub/Makefile"})
	count(data.portcullis.hidden_code.deny_invisible) == 1 with input as holding(makefile, [entry("invisible", "U+200B")])
}
