class Quiet {
    void report(String text) {
        Files.writeString(Files.createTempFile("report", ".txt"), text);
        Files.readString(Path.of("/tmp/report.txt"));
        use(new FileReader("/tmp/report.txt"));
    }
}
