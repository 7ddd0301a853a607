# METADATA
# title: t
# description: d
# custom:
#   id: x/same
#   scope: change
package a

deny contains "x" if input.change.draft
