package fires

deny contains "a" if {
	some f in input.files
	f.status == "delted"
}

deny contains "b" if {
	some f in input.files
	"tests" != f.class
}

deny contains "c" if {
	some f in input.files
	some i in f.imports
	i.change == "aded"
}

deny contains "d" if {
	some f in input.files
	f.status in {"added", "modifed"}
	not f.class in ["sorce"]
}

deny contains "e" if input.files[_].parsed.status == "nowhere near"
