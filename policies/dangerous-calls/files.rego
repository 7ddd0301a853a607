# METADATA
# title: Files that others can reach
# description: A path, a name or a mode decides who may read and write; a file of the system is one `..` away.
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.dangerous_calls

# METADATA
# title: Archive that may write anywhere
# description: An entry called `../../etc/cron.d/job` is written outside of the folder that the archive is unpacked into.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/22.html
# custom:
#   id: dangerous-calls/unsafe-extraction
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Check that the path stays within the folder, or use the library's safe way to unpack.
#   examples:
#     bad: |
#       tarfile.open(path).extractall(folder)
#     good: |
#       tarfile.open(path).extractall(folder, filter="data")
deny_unsafe_extraction contains finding if {
	some match in introduced("unsafe-extraction")
	finding := at(match, "an entry of the archive chooses where this goes", "unsafe-extraction")
}

# METADATA
# title: Temporary file with a known name
# description: Everybody on the machine can put a file or a link under the name before the program does.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/377.html
# custom:
#   id: dangerous-calls/predictable-temporary-file
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Let the library create the file and choose its name.
#   examples:
#     bad: |
#       open("/tmp/report.txt", "w")
#     good: |
#       tempfile.NamedTemporaryFile("w")
warn_predictable_temporary_file contains finding if {
	some match in introduced("predictable-temporary-file")
	finding := at(match, "somebody else can take this name first", "predictable-temporary-file")
}

# METADATA
# title: File that everybody may write
# description: Every account and every program on the machine can change what the file says or does.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/732.html
# custom:
#   id: dangerous-calls/world-writable
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: 'Give others no right to write: 0o644, 0o755, or less.'
#   examples:
#     bad: |
#       os.chmod(path, 0o777)
#     good: |
#       os.chmod(path, 0o755)
deny_world_writable contains finding if {
	some match in introduced("world-writable")
	finding := at(match, "everybody on the machine may write this file", "world-writable")
}
