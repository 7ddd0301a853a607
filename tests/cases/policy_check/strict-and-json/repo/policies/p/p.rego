package p

# METADATA
# title: One
# description: Taken by a pack that ships.
# custom:
#   id: size/too-many-files
#   scope: change
deny_one contains "x" if input.change.draft

# METADATA
# title: Two
# description: It fires in its case, and nothing nearly fires.
# custom:
#   id: p/one
#   scope: file
deny_two contains {"msg": "x", "line": 1} if endswith(input.file.path, ".txt")

deny_three contains "bare" if input.change.draft
