package helper

deny contains "x" if ok(1)

ok(x) = y {
	y := x
}
