class Fires {
    void list(String folder) {
        Runtime.getRuntime().exec("ls " + folder); // fires
        runtime.exec(String.format("ls %s", folder)); // fires
        new ProcessBuilder("sh", "-c", "ls " + folder); // fires
        new ProcessBuilder("/bin/bash", "-c", "ls %s".formatted(folder)); // fires
        runtime.exec(new String[] {"sh", "-c", "ls " + folder}); // fires
    }
    void later(String folder) {
        String command = "ls " + folder;
        log(command);
        runtime.exec(command); // fires
    }
}
class Later {
    void show(String folder) {
        Runtime machine = Runtime.getRuntime();
        machine.exec("ls " + folder); // fires
    }
}
