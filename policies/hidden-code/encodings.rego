# METADATA
# title: Encodings that make text read otherwise than it runs
# description: A file that a compiler decodes in another way than a reviewer's screen holds code that no reviewer has seen.
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.1"
package portcullis.hidden_code

# METADATA
# title: Encoding that is not plain UTF-8
# description: Bytes that mean one text to the compiler and another one to the screen hide code from its reviewer. UTF-7 and the escape codecs of Python turn a comment into statements.
# related_resources:
#   - https://peps.python.org/pep-0263/
# custom:
#   id: hidden-code/encoding
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Save the file as UTF-8 without byte order mark, and delete the declaration of another encoding.
#   examples:
#     bad: |
#       # -*- coding: utf-7 -*-
#     good: |
#       a file without such a line, saved as UTF-8
deny_encoding contains finding if {
	some place in by_line([entry | some kind in ["declared-encoding", "encoding"]; some entry in added(kind)])
	finding := at(place, sprintf("this file is not read as UTF-8: %s", [named(place)]))
}

# METADATA
# title: Byte order mark inside a file
# description: A byte order mark is invisible. Inside a file it separates two names that look equal, and ends words that look whole.
# related_resources:
#   - https://www.unicode.org/reports/tr55/
# custom:
#   id: hidden-code/byte-order-mark
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Delete the byte order mark.
#   examples:
#     bad: |
#       const total\u{FEFF} = 0
#     good: |
#       const total = 0
deny_byte_order_mark contains finding if {
	some place in by_line(added("bom"))
	finding := at(place, "a byte order mark stands inside the file")
}

# METADATA
# title: NUL byte in a source file
# description: Many tools take a file with a NUL byte for binary data, and neither show nor search it; compilers read on.
# related_resources:
#   - https://git-scm.com/docs/gitattributes
# custom:
#   id: hidden-code/nul-byte
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Delete the NUL byte.
#   examples:
#     bad: |
#       name = "a\u{0000}b"   # the byte itself stands in the file
#     good: |
#       name = "a\x00b"   # an escape of the language
deny_nul_byte contains finding if {
	some place in by_line(added("nul"))
	finding := at(place, "a NUL byte stands in this file; tools take the file for binary data and do not show it")
}

# METADATA
# title: Comment that is code to the compiler
# description: A lone carriage return, an early decoded escape or a trigraph ends a comment, or begins one, for the compiler only. What reads as a comment runs.
# related_resources:
#   - https://docs.oracle.com/javase/specs/jls/se17/html/jls-3.html#jls-3.3
#   - https://docs.python.org/3/reference/lexical_analysis.html#physical-lines
# custom:
#   id: hidden-code/comment-escape
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: End lines with LF or CRLF, and write the character itself instead of its escape.
#   examples:
#     bad: |
#       // Only for tests. \u000a grantAccess();
#     good: |
#       // Only for tests.
deny_comment_escape contains finding if {
	not prose
	not certificate
	some place in by_line([entry | some kind in ["lone-cr", "trigraph", "unicode-escape"]; some entry in added(kind)])
	finding := at(place, sprintf("the compiler reads this place otherwise than the screen shows it: %s", [named(place)]))
}

# No compiler reads a certificate; tests of its readers hold all kinds of line ends.
certificate if {
	input.file.language == "unknown"
	regex.match(`(?i)\.(cer|crt|csr|pem)$`, input.file.path)
}
