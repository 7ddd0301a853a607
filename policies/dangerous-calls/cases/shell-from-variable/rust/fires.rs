fn run(command: &str) {
    let first = Command::new("sh").arg("-c").arg(command); // fires
    let second = Command::new("/bin/bash").arg("-c").arg(&step.text); // fires
}
