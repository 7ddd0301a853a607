package p

# METADATA
# title: t
# description: d
# custom: {id: p/one, scope: change}
deny contains "x" if input.change.draft

loud(x) := count(x)
