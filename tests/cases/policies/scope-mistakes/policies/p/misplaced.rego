# METADATA
# scope: file
package misplaced

deny contains "a" if input.file.path == "x"
