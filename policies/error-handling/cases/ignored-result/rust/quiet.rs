pub fn save(cart: &Cart, file: &mut File) -> io::Result<()> {
    let written = fs::write(&cart.path, &cart.text).ok();
    // Nobody waits for it any more.
    file.flush().ok();

    cart.save().ok();
    let _ = fs::create_dir_all(&cart.folder);
    cart.sender.send(cart.text.clone()).ok();
    let _ = fs::remove_file(&cart.path);
    let _ = writeln!(io::stderr(), "saved {written:?}");
    let _ = io::stdout().flush();
    let _guard = cart.lock();
    file.write_all(cart.text.as_bytes())
}
