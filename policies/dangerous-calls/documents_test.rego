package portcullis.dangerous_calls_documents_test

found(change, rule) := {
	"file": {
		"path": "src/app.py",
		"class": "source",
		"language": "python",
		"imports": [],
		"matches": [{
			"pattern": sprintf("dangerous-calls/%s-python", [rule]),
			"start": 4,
			"column": 5,
			"end": 4,
			"end_column": 15,
			"text": "call(text)",
			"captures": {},
			"change": change,
		}],
	},
	"change": {},
}

test_xml_entities_fires if {
	results := data.portcullis.dangerous_calls.deny_xml_entities with input as found("added", "xml-entities")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_xml_entities_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_xml_entities) == 0 with input as found("kept", "xml-entities")
}

test_xml_document_types_fires if {
	results := data.portcullis.dangerous_calls.warn_xml_document_types with input as found("added", "xml-document-types")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_xml_document_types_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_xml_document_types) == 0 with input as found("kept", "xml-document-types")
}

test_autoescape_off_fires if {
	results := data.portcullis.dangerous_calls.deny_autoescape_off with input as found("added", "autoescape-off")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_autoescape_off_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.deny_autoescape_off) == 0 with input as found("kept", "autoescape-off")
}

test_unescaped_html_fires if {
	results := data.portcullis.dangerous_calls.warn_unescaped_html with input as found("added", "unescaped-html")
	some result in results
	result.line == 4
	result.column == 5
	result.fix != ""
	contains(result.msg, "`call(text)`")
}

test_unescaped_html_that_was_there_before_is_quiet if {
	count(data.portcullis.dangerous_calls.warn_unescaped_html) == 0 with input as found("kept", "unescaped-html")
}
