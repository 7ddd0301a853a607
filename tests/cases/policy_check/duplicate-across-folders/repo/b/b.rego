# METADATA
# title: t
# description: d
# custom:
#   id: x/same
#   scope: change
package b

deny contains "x" if input.change.draft
