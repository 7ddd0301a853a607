package p

# METADATA
# title: t
# description: d
# custom: {id: p/one, scope: change}
deny contains msg if {
	some file in input.files
	msg := named(file)
}

named(file) := file.path if file.class == "source"

named(file) := upper(file.path) if {
	file.class == "test"
	file.added > 0
}
