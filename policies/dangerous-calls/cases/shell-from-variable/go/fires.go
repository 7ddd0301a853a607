package run

func run(command string, step Step) {
	exec.Command("sh", "-c", command)                       // fires
	exec.CommandContext(ctx, "/bin/bash", "-c", step.Text) // fires
}
