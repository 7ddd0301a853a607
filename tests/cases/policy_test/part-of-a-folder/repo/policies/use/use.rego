package use

# METADATA
# title: t
# description: d
# custom: {id: use/one, scope: change}
deny contains data.lib.name(file) if {
	count(input.files) > data.use.most
	some file in input.files
}
