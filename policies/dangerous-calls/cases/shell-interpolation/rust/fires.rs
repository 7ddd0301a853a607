fn list(folder: &str) {
    Command::new("sh").arg("-c").arg(format!("ls {folder}")); // fires
    std::process::Command::new("/bin/bash").args(["-c", &format!("ls {}", folder)]); // fires
}
