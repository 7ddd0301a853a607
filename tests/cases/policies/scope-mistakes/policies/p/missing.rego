package missing

deny contains "a" if input.file.path == "x"

# METADATA
# custom: {scope: file}
deny_b contains "b" if input.governance == input.files
