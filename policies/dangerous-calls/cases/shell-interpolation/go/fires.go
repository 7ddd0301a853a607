package main

func list(folder string) {
	exec.Command("sh", "-c", "ls "+folder) // fires
	exec.Command("/bin/bash", "-c", fmt.Sprintf("ls %s", folder)) // fires
	exec.CommandContext(ctx, "bash", "-ec", "ls "+folder) // fires
	exec.Command("cmd", "/C", fmt.Sprintf("dir %v", folder)) // fires
}

func later(folder string) {
	command := "ls " + folder
	log.Print(command)
	exec.Command("sh", "-c", command) // fires
}
