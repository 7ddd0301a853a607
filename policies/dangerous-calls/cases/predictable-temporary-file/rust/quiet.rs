fn report(text: &str) {
    let first = NamedTempFile::new();
    let second = File::open("/tmp/report.txt");
    let third = std::fs::write(folder.join("report.txt"), text);
}
