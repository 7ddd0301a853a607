fn report(text: &str) {
    let first = File::create("/tmp/report.txt"); // fires
    let second = std::fs::write("/var/tmp/report.txt", text); // fires
}
