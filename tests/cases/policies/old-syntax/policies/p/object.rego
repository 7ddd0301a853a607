package object

deny[msg] if {
	msg := "x"
}
