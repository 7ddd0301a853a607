# METADATA
# custom:
#   severty: error
#   scope: file
package kept

deny contains "a" if input.file.path == "x"

deny contains "b" if input.file.paht == "x"
