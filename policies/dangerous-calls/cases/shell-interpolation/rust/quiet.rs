fn list(folder: &str) {
    Command::new("ls").arg(format!("./{folder}"));
    Command::new("sh").arg("-c").arg("ls -l");
    Command::new("sh").args(["-c", &format!("ls {FOLDER}")]);
    Command::new("ship").arg(format!("{folder}"));
}
