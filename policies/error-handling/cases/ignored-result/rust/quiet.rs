pub fn save(cart: &Cart, file: &mut File) -> io::Result<()> {
    let written = fs::write(&cart.path, &cart.text).ok();
    // Nobody waits for it any more.
    cart.save().ok();

    cart.sender.send(cart.text.clone()).ok();
    let _ = fs::remove_file(&cart.path);
    let _ = writeln!(io::stderr(), "saved {written:?}");
    let _guard = cart.lock();
    file.write_all(cart.text.as_bytes())
}
