fn share(path: &Path) {
    permissions.set_mode(0o755);
    fs::set_permissions(path, fs::Permissions::from_mode(0o1777));
}
