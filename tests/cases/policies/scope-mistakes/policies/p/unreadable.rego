# METADATA
# custom: {scope: file
package unreadable

deny contains "a" if input.file.path == "x"
