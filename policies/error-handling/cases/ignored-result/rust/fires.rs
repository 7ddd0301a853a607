pub fn save(cart: &Cart, file: &mut File) {
    fs::write(&cart.path, &cart.text).ok();
    file.flush().ok();
    let _ = std::fs::rename(&cart.path, &cart.folder);
    let _ = file.write_all(cart.text.as_bytes());
}
