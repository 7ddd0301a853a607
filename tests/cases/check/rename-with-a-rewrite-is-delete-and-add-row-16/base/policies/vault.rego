# METADATA
# title: The vault keeps its files
# custom:
#   id: vault/keeps
#   scope: file
package vault

deny contains {"msg": "the vault may not lose files", "path": input.file.path} if {
	input.file.status == "deleted"
	startswith(input.file.path, "vault/")
}
