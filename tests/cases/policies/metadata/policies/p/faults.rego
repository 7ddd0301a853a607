# METADATA
# tittle: x
# custom:
#   severty: error
package faults

# METADATA
# custom:
#   severity: high
#   status: enforcd
#   layer: 4
deny contains "a" if input.change.draft

# METADATA
# severity: error
# custom:
#   owner: allowed, because it is near nothing
deny_b contains "b" if input.change.draft

# METADATA
# title: [x
deny_c contains "c" if input.change.draft

# METADATA
# custom: {id: "no blanks"}
deny_d contains "d" if input.change.draft

# METADATA
# title: twice
# title: twice
deny_e contains "e" if input.change.draft

# METADATA
# scope: package
deny_f contains "f" if input.change.draft

# METADATA
# title: one
deny_g contains "g" if input.change.draft

# METADATA
# title: two
deny_g contains "h" if input.change.draft

# METADATA
# just a text
deny_h contains "h" if input.change.draft

# METADATA
# title: nothing below
