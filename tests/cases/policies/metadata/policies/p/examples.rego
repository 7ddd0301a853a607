# METADATA
# custom:
#   status: draft
package examples

# METADATA
# custom:
#   examples: print(1)
deny_text contains "x" if false

# METADATA
# custom:
#   examples:
#     bad: |
#       print(1)
#     god: |
#       log(1)
deny_key contains "x" if false

# METADATA
# custom:
#   examples:
#     bad: [1]
deny_list contains "x" if false
