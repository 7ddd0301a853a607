# METADATA
# title: Shells that run whatever they are given
# description: A shell is a programming language; its text is code.
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.dangerous_calls

# METADATA
# title: Shell that runs a variable
# description: The shell does whatever the text says. Whether somebody outside can write it cannot be seen from this line.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/78.html
# custom:
#   id: dangerous-calls/shell-from-variable
#   severity: warning
#   status: advisory
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.6"
#   fix: Run the program directly with a list of arguments, without a shell.
#   examples:
#     bad: |
#       subprocess.run(command, shell=True)
#     good: |
#       subprocess.run([program, *arguments], check=True)
warn_shell_from_variable contains finding if {
	some match in introduced("shell-from-variable")
	not interpolated(match)
	finding := at(match, "a shell runs whatever this holds", "shell-from-variable")
}

# The better known of the two has said it already.
interpolated(match) if {
	some other in introduced("shell-interpolation")
	[other.start, other.column] == [match.start, match.column]
}
