package old

deny[msg] {
	input.change.draft
	msg := "a draft"
}
