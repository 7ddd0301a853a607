class Fires {
    void report(String text) {
        use(new FileWriter("/tmp/report.txt")); // fires
        Files.writeString(Path.of("/tmp/report.txt"), text); // fires
    }
}
