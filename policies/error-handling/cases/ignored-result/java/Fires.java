class Fires {
    void save(File folder, Cart cart) throws IOException {
        folder.mkdirs();
        new File(folder, "cart").createNewFile();
        folder.renameTo(cart.folder);
    }
}
