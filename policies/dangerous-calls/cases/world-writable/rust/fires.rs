fn share(path: &Path) {
    permissions.set_mode(0o777); // fires
    fs::set_permissions(path, fs::Permissions::from_mode(0o666)); // fires
}
