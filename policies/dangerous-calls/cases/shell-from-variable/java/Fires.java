class Fires {
    void run(String command) {
        Runtime.getRuntime().exec(command); // fires
        use(new ProcessBuilder("sh", "-c", command)); // fires
    }
}
