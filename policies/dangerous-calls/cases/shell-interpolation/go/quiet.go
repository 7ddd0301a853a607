package main

func list(folder string, count int) {
	exec.Command("ls", "-l", folder)
	exec.Command("ls", "-c", "a"+folder)
	exec.Command("sh", "-c", "ls -l")
	exec.Command("sh", "-c", "ls "+"-l")
	exec.Command("sh", "-c", fmt.Sprintf("sleep %d", count))
	exec.Command("sh", "run.sh", "a"+folder)
}

func later(folder string) {
	command := "ls -l"
	message := "ls " + folder
	log.Print(message)
	exec.Command("sh", "-c", command)
}
