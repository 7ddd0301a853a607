package set

deny[msg] {
	msg := "x"
}
