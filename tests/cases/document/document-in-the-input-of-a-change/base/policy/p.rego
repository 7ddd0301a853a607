package replicas

deny_fewer contains {"msg": "fewer replicas", "path": file.path} if {
	some file in input.files
	file.document.replicas < file.old_document.replicas
}
