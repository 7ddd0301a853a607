package p

deny contains "x" if {
	input.change.draft
