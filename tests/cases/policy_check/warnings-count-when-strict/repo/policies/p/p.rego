package p

deny contains "bare" if input.change.draft
