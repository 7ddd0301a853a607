class Fires {
    void share(Path path, File file) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx")); // fires
        file.setWritable(true, false); // fires
        permissions.add(PosixFilePermission.OTHERS_WRITE); // fires
    }
}
