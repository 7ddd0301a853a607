package shop.p

deny contains "found" if {
	some file in input.files
	file.paht == "x"
}
