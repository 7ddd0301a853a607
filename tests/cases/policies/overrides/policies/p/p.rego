package size

deny_files contains "x" if input.change.draft

warn_lines contains "x" if input.change.draft
