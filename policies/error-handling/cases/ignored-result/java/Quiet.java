class Quiet {
    void save(File folder, Cart cart) throws IOException {
        if (!folder.mkdirs()) {
            throw new IOException("no folder");
        }
        boolean renamed = folder.renameTo(cart.folder);
        Files.createDirectories(folder.toPath());
        // It may be there already.
        folder.mkdirs();

        fileSystem.mkdirs(cart.path);
        folder.delete();
    }
}
