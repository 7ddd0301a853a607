class Fires {
    void unpack(ZipInputStream archive, File folder) {
        ZipEntry entry = archive.getNextEntry();
        write(new File(folder, entry.getName())); // fires
        write(folder.toPath().resolve(entry.getName())); // fires
    }
}
