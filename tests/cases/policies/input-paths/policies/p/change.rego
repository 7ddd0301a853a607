package change

deny contains "a" if input.filez[_].path == "x"

deny contains "b" if {
	some f in input.files
	f.paht == "x"
}

deny contains "c" if {
	f := input.files[_]
	f.symbols[_].nmae == "x"
}

deny contains "d" if {
	every f in input.files { f.stauts == "added" }
}

deny contains "e" if {
	paths := [f.pathh | some f in input.files]
	count(paths) > 0
}

deny contains "f" if input.files.path == "x"

deny contains "g" if input.change.base.short == "x"

deny contains "h" if {
	some i
	input.files[i].change == "added"
}

deny contains {"msg": "i", "path": f.file} if some f in input.files

deny contains "j" if {
	added := {f | some f in input.files; f.status == "added"}
	some g in added
	g.lang == "go"
}

deny contains "k" if input.file.path == "x"

deny contains "l" if {
	not g(input.files[0].oldpath)
}

g(x) if x == ""

deny contains "m" if input["chnage"].base == "x"

deny contains "n" if object.get(input.change, "titel", "") == ""
