# METADATA
# title: The whole package
# description: |
#   Because.
# related_resources:
# - https://example.org/a
# - ref: https://example.org/b
# custom:
#   severity: warning
#   layer: architecture
#   controls: [SOC2 CC8.1]
#   since: 1.2
package inherit

# METADATA
# title: Its own
# custom:
#   id: inherit/own
#   severity: info
#   status: advisory
deny contains "x" if input.change.draft

warn contains "y" if input.change.draft

review contains "z" if input.change.draft

s := `
# METADATA
# custom: {severty: error}
`
