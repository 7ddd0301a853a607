# METADATA
# title: t
# description: d
# custom: {id: good/one, scope: change}
package good

deny contains "x" if input.change.draft
