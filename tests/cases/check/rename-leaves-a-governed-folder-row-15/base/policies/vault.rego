# METADATA
# title: The vault keeps its files
# custom:
#   id: vault/keeps
#   scope: file
package vault

deny contains {"msg": "the vault may not lose files", "path": input.file.path} if {
	startswith(input.file.old_path, "vault/")
	not startswith(input.file.path, "vault/")
}
