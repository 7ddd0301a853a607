class Quiet {
    void run(String program, String folder) {
        Runtime.getRuntime().exec("ls");
        use(new ProcessBuilder(program, folder));
        pool.exec(program);
    }
}
