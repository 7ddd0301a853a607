package mixed

# METADATA
# custom: {scope: review}
review contains "x" if input.change.draft

# METADATA
# custom: {scope: file}
deny_file contains "x" if input.file.binary

deny contains "x" if count(input.files) > 1
