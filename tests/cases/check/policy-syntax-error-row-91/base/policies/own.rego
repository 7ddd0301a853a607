package own

deny contains "x" if {
	input.files[_].path ==
}
