class Quiet {
    void unpack(ZipInputStream archive, Path folder) {
        ZipEntry entry = archive.getNextEntry();
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) throw new IOException();
    }
    void show(User entry, File folder) {
        write(new File(folder, entry.getName()));
    }
}
