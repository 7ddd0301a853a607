# METADATA
# title: Documents that do what their author wants
# description: XML, templates and pages are programs for their reader. Who writes the text must not write the program.
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.dangerous_calls

# METADATA
# title: XML reader that follows entities
# description: With external entities a document can read files of the server, call other machines, or fill its memory.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/611.html
# custom:
#   id: dangerous-calls/xml-entities
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Leave external entities and document types off.
#   examples:
#     bad: |
#       etree.XMLParser(resolve_entities=True)
#     good: |
#       etree.XMLParser(resolve_entities=False)
deny_xml_entities contains finding if {
	some match in introduced("xml-entities")
	finding := at(match, "this reader follows what a document tells it to fetch", "xml-entities")
}

# METADATA
# title: XML reader left as it comes
# description: In Java the readers follow document types and external entities until somebody says no.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/611.html
# custom:
#   id: dangerous-calls/xml-document-types
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Write factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true).
#   examples:
#     bad: |
#       DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
#     good: |
#       factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
warn_xml_document_types contains finding if {
	some match in introduced("xml-document-types")
	finding := at(match, "this reader follows document types, as nothing here says no", "xml-document-types")
}

# METADATA
# title: Template that escapes nothing
# description: A value from outside that is put into a page as it is brings its own script.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/79.html
# custom:
#   id: dangerous-calls/autoescape-off
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Leave escaping on, and mark the few values that are markup.
#   examples:
#     bad: |
#       Environment(loader=loader, autoescape=False)
#     good: |
#       Environment(loader=loader, autoescape=select_autoescape())
deny_autoescape_off contains finding if {
	some match in introduced("autoescape-off")
	finding := at(match, "this puts values into pages without escaping them", "autoescape-off")
}

# METADATA
# title: Value in a page as it is
# description: Where the value comes from outside, its author runs scripts in the visitor's name. Nobody can tell from this line whether it does.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/79.html
# custom:
#   id: dangerous-calls/unescaped-html
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Set text instead of markup, or clean the value first.
#   examples:
#     bad: |
#       element.innerHTML = comment
#     good: |
#       element.textContent = comment
warn_unescaped_html contains finding if {
	some match in introduced("unescaped-html")
	finding := at(match, "this value becomes part of the page as it is", "unescaped-html")
}
