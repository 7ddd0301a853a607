package run

func run(command string, step Step) {
	exec.Command("sh", "-c", "ls")
	exec.Command(command, step.Arguments...)
}
