# METADATA
# title: Files that are not what their name says
# description: A review looks at names and texts. A name that deceives, or content that no diff shows, is a change that nobody has read.
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.1"
package portcullis.hidden_code

# METADATA
# title: File name with characters that deceive
# description: A file name with a bidirectional, invisible or control character is shown as another name, and two names look like one.
# related_resources:
#   - https://www.unicode.org/reports/tr36/
# custom:
#   id: hidden-code/file-name
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Rename the file with characters that can be seen.
#   examples:
#     bad: |
#       src/invoice\u{202E}gpj.py
#     good: |
#       src/invoice.py
deny_file_name contains finding if {
	arrives
	regex.match(`[\x{0000}-\x{001F}\x{007F}-\x{009F}\x{00AD}\x{034F}\x{061C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}-\x{206F}\x{3164}\x{FEFF}\x{FFA0}\x{FFF9}-\x{FFFB}\x{E0000}-\x{E0FFF}]`, input.file.path)
	finding := whole("the name of this file has a character that is not shown, or that changes how the name is shown")
}

deny_file_name contains finding if {
	arrives
	regex.match(`(?i)(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.[^/]*)?(/|$)|[. ](/|$)`, input.file.path)
	finding := whole("Windows takes the name of this file for a device, or drops the dot or blank at its end and opens another file")
}

# METADATA
# title: Binary content in a source file
# description: A diff does not show binary content, so a source file with binary content comes in unread.
# related_resources:
#   - https://git-scm.com/docs/gitattributes
# custom:
#   id: hidden-code/binary-source
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Save the file as UTF-8 text, or give data a file name that says what it is.
#   examples:
#     bad: |
#       src/table.rb, whose bytes are an image
#     good: |
#       assets/table.png
deny_binary_source contains finding if {
	arrives
	input.file.binary
	is_source
	finding := whole("this source file holds binary content, which no diff shows")
}

# METADATA
# title: Git LFS pointer in place of source
# description: A Git LFS pointer stands for content that is not in the repository; whoever owns the LFS store chooses what is built.
# related_resources:
#   - https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
# custom:
#   id: hidden-code/lfs-pointer
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Commit the source itself; keep Git LFS for data.
#   examples:
#     bad: |
#       # src/pricing.py
#       version https://git-lfs.github.com/spec/v1
#       oid sha256:4d7a2146...
#       size 12345
#     good: |
#       # src/pricing.py
#       def price(cart):
#           return sum(item.price for item in cart)
deny_lfs_pointer contains finding if {
	arrives
	input.file.lfs_pointer
	is_source
	finding := whole("a Git LFS pointer stands in place of this source file; its content cannot be reviewed")
}

arrives if input.file.status != "deleted"

is_source if {
	input.file.language != "unknown"
	regular
}

# Languages that are compiled or run, whether or not there is a grammar for them.
is_source if {
	input.file.language == "unknown"
	regular
	regex.match(`(?i)\.(bash|bat|bzl|c|cc|cjs|clj|cmake|cmd|cpp|cs|cxx|dart|ex|exs|fs|go|gradle|groovy|h|hpp|hs|java|js|jsx|kt|kts|lua|m|mjs|mk|mm|php|pl|pm|ps1|py|r|rb|rego|rs|scala|sh|sql|swift|tf|ts|tsx|vb|yaml|yml|zig|zsh)$`, input.file.path)
}

is_source if {
	input.file.language == "unknown"
	regular
	regex.match(`(?i)(^|/)(build|containerfile|dockerfile|gemfile|gnumakefile|jenkinsfile|justfile|makefile|rakefile|workspace)$`, input.file.path)
}

regular if input.file.kind in {"executable", "file"}

whole(message) := {
	"msg": message,
	"path": input.file.path,
}
