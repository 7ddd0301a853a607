# METADATA
# custom:
#   scope: file
package one

warn contains "it is big" if input.file.added > limit

limit := 5
