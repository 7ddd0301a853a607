class Quiet {
    void share(Path path, File file) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        file.setWritable(true, true);
        permissions.remove(PosixFilePermission.OTHERS_WRITE);
    }
}
