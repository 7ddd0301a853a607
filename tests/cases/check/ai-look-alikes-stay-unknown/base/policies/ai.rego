# METADATA
# title: Lines of AI tools are told
# custom:
#   id: own/ai
#   scope: change
package own

warn contains {"msg": msg, "path": file.path, "line": span.start, "end_line": span.end} if {
	some file in input.files
	some span in file.provenance.spans
	span.origin == "ai"
	msg := sprintf("%s %s by %s (%s)", [span.tool, span.model, span.human, span.strength])
}

warn contains {"msg": msg} if {
	some commit in input.change.commits
	some evidence in commit.evidence
	evidence.class == "hint"
	msg := sprintf("hint %s", [evidence.tool])
}
