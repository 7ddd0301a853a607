# METADATA
# scope: subpackages
# custom: {scope: file}
package near_miss

# Metadata
# is only a word here

# METDATA
# far: from any rule

deny contains "a" if input.file.path == "x"
