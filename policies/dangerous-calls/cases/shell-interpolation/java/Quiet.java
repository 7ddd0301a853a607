class Quiet {
    void list(String folder, int count) {
        Runtime.getRuntime().exec("ls -l");
        runtime.exec("ls " + FOLDER);
        runtime.exec(new String[] {"ls", "./" + folder});
        new ProcessBuilder("ls", "./" + folder);
        new ProcessBuilder("sh", "-c", "ls -l");
        executor.exec("ls " + folder);
    }
    void later(String folder) {
        String command = "ls -l";
        String message = "ls " + folder;
        log(message);
        runtime.exec(command);
    }
}
class Later {
    void show(String folder) {
        Pool machine = Pool.getRuntime();
        machine.exec("ls " + folder);
    }
}
