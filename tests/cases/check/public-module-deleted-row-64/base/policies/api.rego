# METADATA
# title: Exported names stay
# custom:
#   id: api/stays
#   scope: file
package api

deny contains {"msg": sprintf("%s is gone", [symbol.qualified]), "path": input.file.path, "line": symbol.start} if {
	some symbol in input.file.symbols
	symbol.change == "removed"
	symbol.exported
}
