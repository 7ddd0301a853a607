# METADATA
# title: Fine
# custom:
#   id: near/miss
#   owner: platform
#   scope: change
package near_miss

# A plain comment, and METADATA in the middle of one.
deny contains "x" if input.change.draft # METADATA
# custom: {severty: error}
