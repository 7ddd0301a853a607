fn load(path: &str, code: &str) {
    let books = Library::new(path);
    let fixed = unsafe { Library::new("libauth.so") };
    lua.load("return 1").eval();
    model.eval(code);
    config.load(code).exec();
}
