fn load(path: &str, code: &str) {
    let first = unsafe { Library::new(path) }; // fires
    let second = libloading::Library::new(path); // fires
    lua.load(code).exec(); // fires
}
