fn run(command: &str) {
    let first = Command::new("sh").arg("-c").arg("ls");
    let second = Command::new(command).arg("-c").arg(command);
}
